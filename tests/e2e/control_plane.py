"""Argo CD and what it needs, as servers on the loopback interface: etcd, kube-apiserver, kube-controller-manager, redis,
argocd-cmp-server with this repository's plugin, repo-server, application-controller. No containers and no nodes: pods never run.

    with ControlPlane() as plane:
        commit = plane.repository.commit("Add shop")
        plane.refresh("root", "root-dev")
        plane.wait(lambda: plane.is_synced("shop-dev", commit), "shop-dev is synced")

What argo/install says is what runs: its plugin.yaml, the environment of its sidecar, its settings of repo-server. Other refreshes than
those that are asked for do not happen, unless `poll` says how often."""

import base64
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import yaml

import programs
from api import API
from processes import Processes, free_port
from repository import Repository
from server import Server

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NAMESPACE = "argocd"
LONG = 180  # seconds that something may take on a machine that does much else; most takes a few
MOST_BYTES = 1 << 30  # that the servers write
REFRESH = "argocd.argoproj.io/refresh"
APPROVED = "argocd.argoproj.io/deletion-approved"
CONTROLLERS = "garbage-collector-controller,namespace-controller,serviceaccount-controller,deployment-controller,replicaset-controller"


def answers(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.status == 200


UNSHARE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]


def can_unshare():
    """Whether a process may have mounts of its own, which the sealed-secrets controller needs here."""
    return subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode == 0


def has_room(folder):
    """Containers have 64 MB there unless more is asked for, and etcd's log alone begins with that."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > MOST_BYTES


def load(path):
    with open(path) as file:
        return [document for document in yaml.safe_load_all(file) if document]


class ControlPlane:
    def __init__(self, rootapp=None, poll="0s", sealed_secrets=False, verbose=False, controllers=CONTROLLERS):
        self.rootapp = os.path.abspath(rootapp or os.environ.get("ROOTAPP") or os.path.join(TOP, "build", "rootapp"))
        self.poll, self.sealed_secrets, self.verbose, self.controllers = poll, sealed_secrets, verbose, controllers
        self.paths, missing = programs.find_all()
        missing = [name for name in missing if name != "kubectl"]  # which is for people
        if missing:
            raise RuntimeError(f"missing: {' '.join(missing)}; run tests/e2e/setup, and tools/setup e2e for redis-server")
        self.argocd_version = programs.argocd_version(self.paths["argocd"])
        # In memory: etcd writes much, and the plugin's copies of the repository belong there in a cluster too (argo/install).
        self.folder = tempfile.mkdtemp(prefix="rootapp-e2e-", dir="/dev/shm" if has_room("/dev/shm") else None)
        self.processes = Processes(os.path.join(self.folder, "logs"))
        self.repository = Repository(self.folder)
        self.token = secrets.token_hex(16)
        self.times = {}
        self.mirrored = False  # the plugin reads commits from a mirror

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that stop() is called
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.processes.stop()
        kept = os.environ.get("ROOTAPP_E2E_LOGS")  # where the logs are to be kept
        if kept:
            shutil.copytree(self.processes.logs, kept, dirs_exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # Starting

    def start(self):
        started = time.monotonic()
        self.start_etcd()
        self.start_kubernetes()
        self.start_redis()
        self.start_plugin()
        self.install_argocd()
        if self.sealed_secrets:
            self.start_sealed_secrets()
        self.start_repo_server()
        self.start_controller()
        self.times["up"] = time.monotonic() - started
        return self

    def folder_for(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def start_etcd(self):
        self.etcd = f"http://127.0.0.1:{free_port()}"
        peer = f"http://127.0.0.1:{free_port()}"
        self.processes.start("etcd", [
            self.paths["etcd"], "--data-dir", self.folder_for("etcd"), "--unsafe-no-fsync", "--log-level=error",
            f"--listen-client-urls={self.etcd}", f"--advertise-client-urls={self.etcd}", f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}"], {})
        self.processes.wait_until("etcd", lambda: answers(self.etcd + "/health"))

    def start_kubernetes(self):
        folder, port = self.folder_for("kubernetes"), free_port()
        key = os.path.join(folder, "service-accounts.key")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
        tokens = os.path.join(folder, "tokens.csv")
        with open(tokens, "w") as file:
            file.write(f"{self.token},e2e,e2e,system:masters\n")
        self.port, self.certificate = port, os.path.join(folder, "apiserver.crt")
        self.processes.start("kube-apiserver", [
            self.paths["kube-apiserver"], f"--etcd-servers={self.etcd}", "--bind-address=127.0.0.1", f"--secure-port={port}",
            f"--cert-dir={folder}", "--service-cluster-ip-range=10.0.0.0/24", "--endpoint-reconciler-type=none",
            "--authorization-mode=RBAC", f"--token-auth-file={tokens}", "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
            "--disable-admission-plugins=ServiceAccount"], {})  # which would want a token for each pod
        self.api = API(port, self.token)
        self.processes.wait_until("kube-apiserver", lambda: self.api.request("GET", "/readyz") == "ok")
        self.kubeconfig = os.path.join(folder, "kubeconfig")
        with open(self.kubeconfig, "w") as file:
            json.dump(self.kubeconfig_content(), file)
        # Deletions need the garbage collector, Deployments their controllers. A Deployment without pods is then healthy
        # only with no replicas: no scenario asks for health.
        self.processes.start("kube-controller-manager", [
            self.paths["kube-controller-manager"], f"--kubeconfig={self.kubeconfig}", f"--controllers={self.controllers}",
            "--leader-elect=false", "--secure-port=0", f"--service-account-private-key-file={key}"], {})

    def kubeconfig_content(self):
        cluster = {"server": f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify": True}
        return {"apiVersion": "v1", "kind": "Config", "current-context": "e2e",
                "clusters": [{"name": "e2e", "cluster": cluster}], "users": [{"name": "e2e", "user": {"token": self.token}}],
                "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "e2e", "namespace": NAMESPACE}}]}

    def start_redis(self):
        port = free_port()
        self.redis = f"127.0.0.1:{port}"
        self.processes.start("redis", [self.paths["redis-server"], "--bind", "127.0.0.1", "--port", str(port), "--save", "",
                                       "--appendonly", "no", "--dir", self.folder_for("redis")], {})

    def install_argocd(self):
        """What the stock installation makes that these servers need (argocd-cm and argocd-rbac-cm are empty there too), and the
        kind SealedSecret, which the examples have."""
        crds = [load(self.paths[f"crds/{name}-crd.yaml"])[0] for name in ("application", "appproject", "applicationset", "sealedsecret")]
        for crd in crds:
            self.api.apply(crd)
        for crd in crds:
            self.wait(lambda: self.is_established(crd["metadata"]["name"]), f"{crd['metadata']['name']} is established")
        self.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        labels = {"app.kubernetes.io/part-of": "argocd"}
        for name in ("argocd-cm", "argocd-rbac-cm"):
            self.api.apply({"apiVersion": "v1", "kind": "ConfigMap",
                            "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels}})
        self.api.apply({"apiVersion": "v1", "kind": "Secret",
                        "metadata": {"name": "argocd-secret", "namespace": NAMESPACE, "labels": labels},
                        "data": {"server.secretkey": base64.b64encode(self.token.encode()).decode()}})

    def is_established(self, crd):
        conditions = self.api.get("CustomResourceDefinition", crd)["status"].get("conditions") or []
        return any(condition["type"] == "Established" and condition["status"] == "True" for condition in conditions)

    # Argo CD's servers are one program: its name says which.
    def start_argocd(self, name, words, environment):
        environment = {"ARGOCD_BINARY_NAME": "argocd-" + name, "KUBECONFIG": self.kubeconfig, "ARGOCD_FAKE_IN_CLUSTER": "true",
                       "ARGOCD_TLS_DATA_PATH": self.folder_for("tls"), "ARGOCD_SSH_DATA_PATH": self.folder_for("ssh"),
                       "ARGOCD_GPG_ENABLED": "false", "ARGOCD_RECONCILIATION_TIMEOUT": self.poll, "ARGOCD_RECONCILIATION_JITTER": "0s",
                       "ARGOCD_PLUGINSOCKFILEPATH": self.folder_for("plugins"), **environment}
        self.processes.start(name, [self.paths["argocd"], *words], environment)

    def start_plugin(self):
        """The sidecar: argo/install's plugin.yaml and environment, with its paths where they are here."""
        bin = self.folder_for("sidecar-bin")
        if not os.path.islink(os.path.join(bin, "rootapp")):
            os.symlink(self.rootapp, os.path.join(bin, "rootapp"))
        patches = load(os.path.join(TOP, "argo/install/repo-server.yaml"))[0]
        container = next(patch["value"] for patch in patches if patch["path"].endswith("/containers/-"))
        environment = {variable["name"]: variable["value"] for variable in container["env"]}
        environment.update(PATH=bin + ":" + os.environ["PATH"], TMPDIR=self.folder_for("sidecar-tmp"),
                           ARGOCD_CMP_WORKDIR=self.folder_for("render"), ARGOCD_PLUGINSOCKFILEPATH=self.folder_for("plugins"))
        config = self.mirrored_config() if self.mirrored else os.path.join(TOP, "argo/install")
        self.start_argocd("cmp-server", ["--config-dir-path", config], environment)
        self.processes.wait_until("cmp-server", lambda: os.path.exists(os.path.join(self.folder, "plugins/rootapp.sock")))

    def mirrored_config(self):
        """argo/install/mirror's plugin.yaml in a folder, with the mirror's directory where it is here."""
        config = load(os.path.join(TOP, "argo/install/mirror/plugin.yaml"))[0]
        words = config["spec"]["generate"]["command"]
        words[words.index("/mirror")] = self.folder_for("mirror")
        folder = self.folder_for("config-mirrored")
        with open(os.path.join(folder, "plugin.yaml"), "w") as file:
            yaml.safe_dump(config, file)
        return folder

    def use_mirror(self, mirrored):
        """Starts the plugin's server anew, with a mirror or without."""
        self.mirrored = mirrored
        self.processes.stop("cmp-server")
        socket = os.path.join(self.folder, "plugins/rootapp.sock")
        if os.path.exists(socket):
            os.unlink(socket)
        self.start_plugin()

    def start_mirror(self, *before, environment=None):
        """argo/install/mirror's container. `before`: words of a command that starts it."""
        port = free_port()
        self.mirror_address = f"http://127.0.0.1:{port}"
        self.processes.start("mirror", [*before, self.rootapp, "mirror", "--dir", self.folder_for("mirror"), "--listen", f"127.0.0.1:{port}",
                                        "--interval", "1000", "--repo", self.repository.url], environment or {})
        self.processes.wait_until("mirror", lambda: answers(self.mirror_address + "/ready"))

    def mirror_metrics(self):
        """Its figures by name and labels."""
        with urllib.request.urlopen(self.mirror_address + "/metrics", timeout=5) as response:
            lines = response.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))}

    def start_repo_server(self):
        port, metrics = free_port(), free_port()
        self.repo_server = f"127.0.0.1:{port}"
        settings = load(os.path.join(TOP, "argo/install/cmd-params.yaml"))[0]["data"]
        bin = self.folder_for("repo-server-bin")  # git-verify-wrapper.sh is called for each commit, signed or not
        for name in ("git-verify-wrapper.sh", "kustomize"):
            if not os.path.islink(os.path.join(bin, name)):
                os.symlink(self.paths[name], os.path.join(bin, name))
        environment = {"ARGOCD_REPO_SERVER_" + name.split(".", 1)[1].upper().replace(".", "_"): value
                       for name, value in settings.items() if name.startswith("reposerver.")}
        environment.update(PATH=bin + ":" + os.environ["PATH"], TMPDIR=self.folder_for("repo-server-tmp"),
                           ARGOCD_ASK_PASS_SOCK=os.path.join(self.folder, "ask-pass.sock"))
        self.start_argocd("repo-server", ["--address=127.0.0.1", f"--port={port}", f"--metrics-port={metrics}",
                                          f"--redis={self.redis}"], environment)
        self.processes.wait_until("repo-server", lambda: answers(f"http://127.0.0.1:{metrics}/healthz?full=true"))

    def start_controller(self, render_seconds=60):
        """How long a render may take is told to repo-server and to the sidecar by who asks for it."""
        metrics = free_port()
        self.start_argocd("application-controller", [f"--repo-server={self.repo_server}", f"--redis={self.redis}", f"--metrics-port={metrics}",
                                                     "--repo-error-grace-period-seconds=0", f"--repo-server-timeout-seconds={render_seconds}"], {})
        self.processes.wait_until("application-controller", lambda: answers(f"http://127.0.0.1:{metrics}/healthz"))

    def start_sealed_secrets(self):
        """The sealed-secrets controller. It takes nothing but the files of a service account, at their place in a pod."""
        self.processes.start("sealed-secrets", [
            *UNSHARE, "sh", "-ec", """
            mount -t tmpfs none /run
            mkdir -p /run/secrets/kubernetes.io/serviceaccount
            printf %s "$TOKEN" >/run/secrets/kubernetes.io/serviceaccount/token
            cp "$CERTIFICATE" /run/secrets/kubernetes.io/serviceaccount/ca.crt
            exec "$0" --listen-addr 127.0.0.1:$PORT --listen-metrics-addr 127.0.0.1:$METRICS""", self.paths["sealed-secrets-controller"]],
            {"TOKEN": self.token, "CERTIFICATE": self.certificate, "POD_NAMESPACE": "kube-system", "KUBERNETES_SERVICE_HOST": "127.0.0.1",
             "KUBERNETES_SERVICE_PORT": str(self.port), "PORT": str(free_port()), "METRICS": str(free_port())})

        def key():
            found = self.api.list("Secret", "kube-system", "sealedsecrets.bitnami.com/sealed-secrets-key=active")
            return base64.b64decode(found[0]["data"]["tls.crt"]) if found else Unmet("no key")
        self.sealing_certificate = os.path.join(self.folder, "sealing.crt")
        with open(self.sealing_certificate, "wb") as file:
            file.write(self.wait(key, "the sealed-secrets controller has a key"))

    def seal(self, namespace, name, **values):
        """A SealedSecret of these values, as text; made by kubeseal."""
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}, "stringData": values}
        return subprocess.run([self.paths["kubeseal"], "--cert", self.sealing_certificate, "--format", "yaml"], input=json.dumps(secret),
                              text=True, stdout=subprocess.PIPE, check=True).stdout

    def start_server(self, people):
        """argocd-server, for people with their groups: {"name": ["group"]}."""
        return Server(self, people)

    # What tests do

    def wait(self, condition, what, seconds=LONG):
        """Until the condition is true; returns its answer. Fails with what it said last, where it says why it is not met."""
        deadline, said = time.monotonic() + seconds, None
        while True:
            answer = condition()
            if answer and not isinstance(answer, Unmet):
                return answer
            if self.verbose and answer != said:
                print(time.strftime("    %T"), what, "-", answer or "no", flush=True)
            said = answer
            if time.monotonic() > deadline:
                raise AssertionError(f"not after {seconds} s: {what}" + (f" ({answer})" if answer else ""))
            time.sleep(0.1)

    def apply_file(self, path):
        for thing in load(path):
            self.api.apply(thing)

    def application(self, name):
        return self.api.get("Application", name, NAMESPACE)

    def applications(self):
        """All of them by name."""
        return {application["metadata"]["name"]: application for application in self.api.list("Application", NAMESPACE)}

    def refresh(self, *names, kind="normal", seconds=LONG):
        """Asks for a refresh of these Applications, or of all, and waits until each has been compared."""
        names = list(names or self.applications())
        for name in names:
            self.api.merge("Application", name, NAMESPACE, {"metadata": {"annotations": {REFRESH: kind}}})

        def waiting():
            left = [name for name, application in self.applications().items()
                    if name in names and REFRESH in application["metadata"].get("annotations", {})]
            return Unmet(" ".join(left)) if left else True
        self.wait(waiting, "all are refreshed", seconds)

    def is_synced(self, name, commit=None, phases=("Succeeded",)):
        """Synced, at a commit where one is given, and whatever had to be done ended well. An Application that finds all of its resources
        in place is synced at once, and Argo CD begins no operation for it."""
        application = self.application(name)
        if not application:
            return Unmet(f"no Application {name}")
        status = application.get("status", {})
        sync, phase = status.get("sync", {}), status.get("operationState", {}).get("phase")
        if sync.get("status") != "Synced" or phase not in (None, *phases) or (commit and sync.get("revision") != commit):
            return Unmet(f"{name}: {sync.get('status')} at {sync.get('revision')}, {phase}, {messages(application)}")
        return True

    def approve(self, name):
        """What the button "confirm" does for deletions and prunes that wait for it."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.api.merge("Application", name, NAMESPACE, {"metadata": {"annotations": {APPROVED: now}}})

    def terminate(self, name):
        """What the button "terminate" does to an operation that runs."""
        self.api.merge("Application", name, NAMESPACE, {"status": {"operationState": {"phase": "Terminating"}}})

    def renders(self):
        """The directories that the plugin has rendered until now, in order."""
        found = []
        with open(self.processes.log("cmp-server"), errors="replace") as log:
            for line in log:
                if '"dir"' in line:
                    directory = json.loads(line)["dir"]
                    found.append(directory.split("/_cmp_server/", 1)[1].partition("/")[2])
        return found

    def rendered(self):
        """The Applications that repo-server had no manifests for and asked the plugin, until now, in order. An older one tells their
        sources, and not their names."""
        found, by_path = [], {}
        for name, application in self.applications().items():
            by_path[application["spec"].get("source", {}).get("path")] = name
        with open(self.processes.log("repo-server"), errors="replace") as log:
            for line in log:
                if '"manifest cache miss"' in line:
                    found.append(json.loads(line)["application"])
                elif '"manifest cache miss: ' in line:
                    path = re.search(r"Path:([^,]*),", line)[1]
                    found.append(by_path.get(path, path))
        return found


class Skipped(Exception):
    """What a scenario raises that cannot be run here: why."""


class Unmet(str):
    """The answer of a condition that is not met: why."""


def messages(application):
    """Everything that Argo CD says about an Application."""
    status = application.get("status", {})
    said = [condition["type"] + ": " + condition["message"] for condition in status.get("conditions", [])]
    return "; ".join(said + [status.get("operationState", {}).get("message", "")])
