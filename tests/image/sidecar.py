"""Runs the container `rootapp` of a repo-server pod as a node would: its command, environment, user, mounts, probe and restrictions
are read from the manifest, and runc makes them. Without a network, as there is none on this machine for it."""
import json
import os
import shutil
import subprocess
import tempfile
import time

NAME = "rootapp"
NAMESPACES = ["pid", "ipc", "uts", "mount", "network", "cgroup"]
SECCOMP = "/usr/share/containers/seccomp.json"  # of Debian's golang-github-containers-common
PROGRAMS = ["runc"]

# What a container runtime mounts into each container.
SYSTEM_MOUNTS = [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777"]},
    {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
]


def bytes_of(quantity):
    return int(quantity.removesuffix("Mi")) << 20


def default_seccomp():
    """The profile that container runtimes call RuntimeDefault, for a container without capabilities."""
    with open(SECCOMP) as file:
        profile = json.load(file)
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    calls = []
    for call in profile["syscalls"]:
        includes, excludes = call.get("includes") or {}, call.get("excludes") or {}
        if includes.get("caps") or architecture not in includes.get("arches", [architecture]):
            continue
        kept = {key: call[key] for key in ("names", "action", "args", "errnoRet") if call.get(key)}
        calls.append(kept)
    return {"defaultAction": profile["defaultAction"], "defaultErrnoRet": profile["defaultErrnoRet"], "syscalls": calls,
            "architectures": ["SCMP_ARCH_" + os.uname().machine.upper()]}


class Sidecar:
    """`pod` is the repo-server's pod, `maps` the ConfigMaps by name, `argocd` Argo CD's program."""

    def __init__(self, pod, maps, files, config, argocd, directory):
        [self.container] = [each for each in pod["containers"] if each["name"] == NAME]
        self.volumes = {each["name"]: each for each in pod["volumes"]}
        self.maps, self.files, self.config, self.argocd = maps, files, config, argocd
        self.directory = tempfile.mkdtemp(prefix="sidecar-", dir=directory)
        self.sockets = tempfile.mkdtemp(prefix="rootapp-")  # a short name: a socket's has at most 108 bytes
        os.chmod(self.sockets, 0o777)
        self.state_directory = os.path.join(self.directory, "state")
        self.id = f"rootapp-{os.getpid()}"
        self.log_file = os.path.join(self.directory, "log")
        self.process, self.mounted = None, []

    def folder(self, name):
        path = os.path.join(self.directory, name)
        os.makedirs(path, exist_ok=True)
        os.chmod(path, 0o777)  # as those of an emptyDir
        return path

    def source(self, volume):
        """The directory on this machine that stands for a volume."""
        if volume["name"] == "plugins":
            return self.sockets
        path = self.folder(volume["name"])
        if volume["name"] == "var-files":  # as the stock init container copyutil leaves it
            shutil.copy2(self.argocd, os.path.join(path, "argocd"))
            os.symlink("/var/run/argocd/argocd", os.path.join(path, "argocd-cmp-server"))
        for name, text in self.maps[volume["configMap"]["name"]]["data"].items() if "configMap" in volume else ():
            with open(os.path.join(path, name), "w") as file:
                file.write(text)
        return path

    def mount(self, wanted):
        volume = self.volumes[wanted["name"]]
        source = self.source(volume)
        if volume.get("emptyDir", {}).get("medium") == "Memory":
            size = bytes_of(volume["emptyDir"]["sizeLimit"])
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", source], check=True)
            self.mounted.append(source)
        writable = "ro" if wanted.get("readOnly") else "rw"
        return {"destination": wanted["mountPath"], "type": "bind", "source": source, "options": ["rbind", "rprivate", writable]}

    def bundle(self):
        security, image = self.container["securityContext"], self.config["config"]
        variables = image.get("Env", []) + [f"{each['name']}={each['value']}" for each in self.container["env"]] + ["HOME=/home/argocd"]
        nothing = {kind: [] for kind in ("bounding", "effective", "permitted", "inheritable", "ambient")}
        assert security["capabilities"] == {"drop": ["ALL"]} and security["seccompProfile"] == {"type": "RuntimeDefault"}
        return {
            "ociVersion": "1.0.2",
            "root": {"path": self.files, "readonly": security["readOnlyRootFilesystem"]},
            "process": {"args": self.container["command"], "env": variables, "cwd": "/", "capabilities": nothing,
                        "user": {"uid": security["runAsUser"], "gid": security["runAsGroup"]},
                        "noNewPrivileges": not security["allowPrivilegeEscalation"]},
            "mounts": SYSTEM_MOUNTS + [self.mount(each) for each in self.container["volumeMounts"]],
            "linux": {"namespaces": [{"type": each} for each in NAMESPACES], "seccomp": default_seccomp(),
                      "resources": {"memory": {"limit": bytes_of(self.container["resources"]["limits"]["memory"])}}},
        }

    def runc(self, *words):
        return ["runc", "--root", self.state_directory, *words]

    def start(self):
        with open(os.path.join(self.directory, "config.json"), "w") as file:
            json.dump(self.bundle(), file)
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(self.runc("run", "--bundle", self.directory, self.id), stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT)
        self.wait()

    def run(self, *command):
        return subprocess.run(self.runc("exec", self.id, *command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def wait(self):
        """Until the startup probe succeeds."""
        probe = self.container["startupProbe"]
        for _ in range(probe["failureThreshold"] * 5):
            if self.process.poll() is not None:
                raise RuntimeError(f"the sidecar ended with status {self.process.returncode}: {self.log()[-2000:]}")
            if self.run(*probe["exec"]["command"]).returncode == 0:
                return
            time.sleep(probe["periodSeconds"] / 5)
        raise RuntimeError(f"the startup probe never succeeds: {self.log()[-2000:]}")

    def state(self, name):
        """A file of /proc of its first process."""
        answer = subprocess.run(self.runc("state", self.id), stdout=subprocess.PIPE, text=True, check=True)
        with open(f"/proc/{json.loads(answer.stdout)['pid']}/{name}") as file:
            return file.read()

    def inside(self, path):
        answer = subprocess.run(self.runc("state", self.id), stdout=subprocess.PIPE, text=True, check=True)
        return f"/proc/{json.loads(answer.stdout)['pid']}/root{path}"

    def log(self):
        with open(self.log_file, errors="replace") as file:
            return file.read()

    def address(self):
        return os.path.join(self.sockets, NAME + ".sock")

    def stop(self):
        if self.process and self.process.poll() is None:
            subprocess.run(self.runc("kill", self.id, "TERM"), stderr=subprocess.DEVNULL)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                subprocess.run(self.runc("delete", "--force", self.id), stderr=subprocess.DEVNULL)
                self.process.wait()
        for place in self.mounted:
            subprocess.run(["umount", place], check=True)
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
