"""The four steps of docs/upgrade.md: from the version before to this one, an environment first, and back."""

import os
import re
import subprocess

import yaml

from control_plane import TOP, Skipped, load

SIDECAR = "sidecar-bin/rootapp"


def previous():
    """The program of the version before."""
    if os.environ.get("ROOTAPP_PREVIOUS"):
        return os.path.abspath(os.environ["ROOTAPP_PREVIOUS"])
    done = subprocess.run([os.path.join(TOP, "tests/upgrade/previous")], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Skipped("there is no version before this one")
    return done.stdout.strip()


def install(plane, program):
    """Another image for the sidecar."""
    place = os.path.join(plane.folder, SIDECAR)
    os.symlink(program, place + ".new")
    os.replace(place + ".new", place)


def shown_patch():
    """The patch that the page shows for argo/root/kustomization.yaml."""
    with open(os.path.join(TOP, "docs/upgrade.md")) as file:
        blocks = re.findall(r"^```yaml\n(.*?)^```$", file.read(), re.M | re.S)
    return next(block for block in blocks if block.startswith("patches:"))


def cluster(fixture):
    """Everything that runs, with its identity and version."""
    found = {}
    for app in fixture.apps:
        for environment in fixture.environments:
            namespace = f"{app}-{environment}"
            for kind in ("ConfigMap", "Deployment", "Service", "ServiceAccount"):
                for item in fixture.api.list(kind, namespace):
                    metadata = item["metadata"]
                    found[kind, namespace, metadata["name"]] = (metadata["uid"], item.get("spec"), item.get("data"))
    return found


def start_next(plane, program):
    """The second sidecar of argo/install/next."""
    bin = plane.folder_for("next-bin")
    os.symlink(program, os.path.join(bin, "rootapp"))
    patches = load(os.path.join(TOP, "argo/install/next/repo-server.yaml"))[0]
    container = next(patch["value"] for patch in patches if patch["path"].endswith("/containers/-"))
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    environment.update(PATH=bin + ":" + os.environ["PATH"], TMPDIR=plane.folder_for("next-tmp"), ARGOCD_BINARY_NAME="argocd-cmp-server",
                       ARGOCD_CMP_WORKDIR=plane.folder_for("next-render"), ARGOCD_PLUGINSOCKFILEPATH=plane.folder_for("plugins"))
    plane.processes.start("cmp-server-next", [plane.paths["argocd"], "--config-dir-path", os.path.join(TOP, "argo/install/next")], environment)
    plane.processes.wait_until("cmp-server-next", lambda: os.path.exists(os.path.join(plane.folder, "plugins/rootapp-next.sock")))


def refresh_all(fixture):
    """argocd.argoproj.io/refresh=hard on all, as the page asks for where the version is the same."""
    for name in sorted(fixture.expected):
        fixture.api.merge("Application", name, "argocd", {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "hard"}}})
    fixture.plane.wait(lambda: not any("argocd.argoproj.io/refresh" in (fixture.plane.application(name)["metadata"].get("annotations") or {})
                                       for name in fixture.expected), "all are rendered anew", 180)
    fixture.synced(*sorted(fixture.expected), seconds=180)


def scenario_an_environment_first_and_back(fixture):
    """Only the environment that tries the new version is rendered by it; then all are; then none again. Nothing in the cluster changes."""
    plane, new, old = fixture.plane, fixture.plane.rootapp, previous()
    try:
        install(plane, old)
        refresh_all(fixture)
        before = cluster(fixture)
        assert before, "nothing runs"

        start_next(plane, new)
        kustomization = yaml.safe_load(fixture.repository.read("argo/root/kustomization.yaml"))
        patches = yaml.safe_load(shown_patch())["patches"]
        kustomization["patches"] = kustomization.get("patches", []) + patches
        fixture.repository.write("argo/root/kustomization.yaml", yaml.safe_dump(kustomization, sort_keys=False))
        fixture.commit("Let dev try the next version")
        fixture.synced(*sorted(fixture.expected), seconds=180)
        plugins = {name: plane.application(name)["spec"]["source"]["plugin"]["name"] for name in fixture.expected}
        trying = {name for name, plugin in plugins.items() if plugin == "rootapp-next"}
        assert trying == {f"{app}-dev" for app in fixture.apps}, trying
        with open(plane.processes.log("cmp-server-next")) as log:
            rendered = set(re.findall(r"overlays/(\w+)", log.read()))
        assert rendered == {"dev"}, f"the new program has rendered {rendered}"
        assert cluster(fixture) == before, "the environment that tries it has changed"

        install(plane, new)
        kustomization["patches"] = kustomization["patches"][:-len(patches)]
        fixture.repository.write("argo/root/kustomization.yaml", yaml.safe_dump(kustomization, sort_keys=False))
        fixture.commit("Let all have it")
        refresh_all(fixture)
        assert cluster(fixture) == before, "the upgrade has changed something"

        install(plane, old)
        refresh_all(fixture)
        assert cluster(fixture) == before, "the way back has changed something"
    finally:
        install(plane, new)
        if "cmp-server-next" in plane.processes.running:
            plane.processes.stop("cmp-server-next")
