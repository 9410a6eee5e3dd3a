"""What is true of the installation, checked on what kustomize builds over the parts of a stock Argo CD that it changes."""
import re

import pytest
import yaml

from building import ROOT, build


@pytest.fixture
def repo_server():
    return build(ROOT / "tests/apps/stock-argocd")["Deployment", "argocd-repo-server"]["spec"]["template"]["spec"]


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
