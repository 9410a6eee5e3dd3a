"""What is true of the installation, checked on what kustomize builds over the parts of a stock Argo CD that it changes."""
import copy
import re
import subprocess

import pytest
import yaml

from building import KUSTOMIZE, ROOT, build


@pytest.fixture
def repo_server():
    return copy.deepcopy(build(ROOT / "tests/apps/stock-argocd")["Deployment", "argocd-repo-server"]["spec"]["template"]["spec"])


@pytest.fixture
def sidecar(repo_server):
    stock, sidecar = repo_server["containers"]
    assert (stock["name"], sidecar["name"]) == ("argocd-repo-server", "rootapp")
    return sidecar


def test_the_sidecar_is_restricted(repo_server, sidecar):
    assert sidecar["securityContext"] == {
        "runAsNonRoot": True, "runAsUser": 999, "runAsGroup": 999, "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}
    assert repo_server["automountServiceAccountToken"] is False
    assert "/var/run/secrets/kubernetes.io/serviceaccount" in [mount["mountPath"] for mount in sidecar["volumeMounts"]]


def test_the_sidecar_mounts_what_exists_and_renders_in_memory(repo_server, sidecar):
    volumes = {volume["name"]: volume for volume in repo_server["volumes"]}
    mounts = {mount["mountPath"]: volumes[mount["name"]] for mount in sidecar["volumeMounts"]}
    environment = {variable["name"]: variable["value"] for variable in sidecar["env"]}
    assert mounts[environment["ARGOCD_CMP_WORKDIR"]]["emptyDir"]["medium"] == "Memory"
    assert mounts[environment["ARGOCD_PLUGINSOCKFILEPATH"]]["name"] == "plugins"
    assert mounts["/tmp"]["name"] != "tmp", "repo-server's own"


def test_the_plugin_names_the_root_project_and_refuses_secrets(repo_server):
    resources = build(ROOT / "tests/apps/stock-argocd")
    [config] = [volume["configMap"]["name"] for volume in repo_server["volumes"] if volume["name"] == "rootapp-config"]
    plugin = yaml.safe_load(resources["ConfigMap", config]["data"]["plugin.yaml"])
    assert plugin["metadata"] == {"name": "rootapp"}
    assert plugin["spec"].keys() == {"generate", "parameters"}
    generate = plugin["spec"]["generate"]["command"]
    assert generate[:5] == ["rootapp", "generate", "--root-project", "argocd-root", "--refuse-secrets"]
    assert not any(word.startswith("--allow") for word in generate), "nothing is fetched unless the platform team wants it"
    assert plugin["spec"]["parameters"] == {"dynamic": {"command": ["rootapp", "parameters"]}}


def test_git_is_the_first_tar_exclusion():
    parameters = build(ROOT / "tests/apps/stock-argocd")["ConfigMap", "argocd-cmd-params-cm"]["data"]
    assert parameters["reposerver.plugin.tar.exclusions"].split(";")[0] == ".git"


# They begin at whatever is sent, and apps and environments may have any name of lower-case letters, digits and '-': no pattern can
# match one, wherever it begins. What a root is not shown is then sent to nobody, so that a symbolic link in it fails no app.
def test_no_tar_exclusion_can_leave_out_an_app():
    parameters = build(ROOT / "tests/apps/stock-argocd")["ConfigMap", "argocd-cmd-params-cm"]["data"]
    assert parameters["reposerver.plugin.use.manifest.generate.paths"] == "true"
    for pattern in parameters["reposerver.plugin.tar.exclusions"].split(";"):
        directory, _, name = pattern.rpartition("/")
        choices = name[name.find("{") + 1:].rstrip("}").split(",")
        other = directory in ("", "**") and all(re.search("[A-Z.]", name.split("{")[0] + choice) for choice in choices)
        assert other or (directory and (ROOT / pattern).is_dir()), pattern


def test_the_other_ways_are_made_of_the_component():
    made = subprocess.run([ROOT / "tools/make-install", "--check"], capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")


def of_volumes(pod):
    """What the sidecar mounts besides its plugin's file, which each way keeps in another ConfigMap."""
    return [each for each in pod["volumes"] if each["name"].startswith("rootapp-") or each["name"] == "no-token"][1:]


# tests/install/run does the same with the real chart.
def test_helm_gives_the_same_sidecar(repo_server, sidecar):
    values = yaml.safe_load((ROOT / "argo/install/helm-values.yaml").read_text())
    assert values["repoServer"]["extraContainers"] == [sidecar]
    assert values["repoServer"]["volumes"][1:] == of_volumes(repo_server)
    assert values["repoServer"]["automountServiceAccountToken"] is False
    assert values["configs"]["params"] == yaml.safe_load((ROOT / "argo/install/cmd-params.yaml").read_text())["data"]
    assert values["configs"]["cmp"]["plugins"]["rootapp"] == yaml.safe_load((ROOT / "argo/install/plugin.yaml").read_text())["spec"]


def test_the_operator_gives_the_same_sidecar(repo_server, sidecar):
    config, instance = yaml.safe_load_all((ROOT / "argo/install/argocd.yaml").read_text())
    spec = instance["spec"]["repo"]
    for user in ("runAsUser", "runAsGroup"):  # OpenShift's own
        del sidecar["securityContext"][user]
    assert spec["sidecarContainers"] == [sidecar]
    assert spec["volumes"] == [{"name": "rootapp-config", "configMap": {"name": config["metadata"]["name"]}}, *of_volumes(repo_server)]
    assert config["data"] == {"plugin.yaml": (ROOT / "argo/install/plugin.yaml").read_text()}
    assert spec["mountsatoken"] is False
    parameters = yaml.safe_load((ROOT / "argo/install/cmd-params.yaml").read_text())["data"]
    assert {each["name"]: each["value"] for each in spec["env"]} == {
        "ARGOCD_" + name.upper().replace("REPOSERVER", "REPO_SERVER").replace(".", "_"): value for name, value in parameters.items()}


@pytest.fixture
def mirrored():
    directory = ROOT / "tests/apps/stock-argocd-mirror"
    run = subprocess.run([KUSTOMIZE, "build", "--load-restrictor", "LoadRestrictionsNone", directory], capture_output=True, text=True, check=True)
    return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(run.stdout)}


def test_the_mirror_is_restricted_and_shares_its_copies(mirrored, sidecar):
    pod = mirrored["Deployment", "argocd-repo-server"]["spec"]["template"]["spec"]
    containers = {container["name"]: container for container in pod["containers"]}
    assert sorted(containers) == ["argocd-repo-server", "rootapp", "rootapp-mirror"]
    stock, plugin, mirror = (containers[name] for name in sorted(containers))
    assert mirror["securityContext"] == sidecar["securityContext"]
    [shared] = [mount for mount in plugin["volumeMounts"] if mount["mountPath"] == "/mirror"]
    assert shared["readOnly"] is True and [mount for mount in mirror["volumeMounts"] if mount["name"] == shared["name"]]
    assert not [mount for mount in plugin["volumeMounts"] if mount["name"] == "rootapp-mirror-credentials"]
    assert not [mount for mount in stock["volumeMounts"] if mount["name"].startswith("rootapp-mirror")]
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in mirror["volumeMounts"]} <= volumes
    assert mirror["args"] == ["--dir", "/mirror", "--listen", "0.0.0.0:8085", "--repo", "https://git.example.com/a.git"]
    [config] = [volume["configMap"]["name"] for volume in pod["volumes"] if volume["name"] == "rootapp-config"]
    command = yaml.safe_load(mirrored["ConfigMap", config]["data"]["plugin.yaml"])["spec"]["generate"]["command"]
    assert command[-4:] == ["--mirror", "/mirror", "--output", "json"]


def test_the_mirrors_plugin_differs_in_the_mirror_alone():
    own, other = ((ROOT / path).read_text() for path in ("argo/install/plugin.yaml", "argo/install/mirror/plugin.yaml"))
    added = [line for line in other.splitlines() if line not in own.splitlines()][1:]
    assert [line.strip() for line in added] == [
        "# Read the commit from the mirror beside it. What was sent is rendered only where the mirror does not have it.", "- --mirror", "- /mirror",
        "# Argo CD's own reader of YAML takes as long as the render; of JSON it takes a twentieth.", "- --output", "- json"]
