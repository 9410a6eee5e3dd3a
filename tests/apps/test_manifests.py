"""What is true of every application's manifests, of the secrets beside them and of the installation: checked on what kustomize
builds, because that is what a cluster gets."""
import base64
import hashlib
import itertools
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
KUSTOMIZE = os.environ.get("KUSTOMIZE", "kustomize")
ENVIRONMENTS = ["dev", "staging", "prod"]
APPS = sorted(path.name for path in (ROOT / "apps").iterdir() if path.is_dir() and path.name[0] not in "_.")
OVERLAYS = [(app, environment) for app in APPS for environment in ENVIRONMENTS]
RSA_4096_BYTES = 512

every_app = pytest.mark.parametrize("app", APPS)
every_overlay = pytest.mark.parametrize("app, environment", OVERLAYS, ids="/".join)


def overlay(app, environment):
    return ROOT / "apps" / app / "k8s" / "overlays" / environment


built = {}


def build(directory):
    """The resources of a directory by kind and name. A warning is a failure: it announces one."""
    if directory not in built:
        run = subprocess.run([KUSTOMIZE, "build", directory], capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, "")
        documents = list(yaml.safe_load_all(run.stdout))
        built[directory] = {(each["kind"], each["metadata"]["name"]): each for each in documents}
        assert len(built[directory]) == len(documents)
    return built[directory]


def of_kind(app, environment, kind):
    return [each for (its_kind, _), each in build(overlay(app, environment)).items() if its_kind == kind]


def only(app, environment, kind):
    [resource] = of_kind(app, environment, kind)
    return resource


def pod_of(app, environment):
    return only(app, environment, "Deployment")["spec"]["template"]["spec"]


def container_of(app, environment):
    [container] = pod_of(app, environment)["containers"]
    return container


def image_of(app, environment):
    name, tag = container_of(app, environment)["image"].rsplit(":", 1)
    return name, tuple(int(part) for part in tag.split("."))


@every_app
def test_there_is_an_overlay_for_each_environment(app):
    assert {path.name for path in overlay(app, "").iterdir()} == set(ENVIRONMENTS)


@every_overlay
def test_everything_is_in_the_namespace_of_the_overlay(app, environment):
    for resource in build(overlay(app, environment)).values():
        assert resource["metadata"]["namespace"] == f"{app}-{environment}"


@every_overlay
def test_everything_that_runs_carries_the_name_of_the_app(app, environment):
    name = {"app.kubernetes.io/name": app}
    deployment = only(app, environment, "Deployment")
    assert deployment["spec"]["template"]["metadata"]["labels"].items() >= name.items()
    assert deployment["spec"]["selector"]["matchLabels"] == name
    assert only(app, environment, "Service")["spec"]["selector"] == name
    assert only(app, environment, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == name
    assert only(app, environment, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"] == name
    assert container_of(app, environment)["image"].startswith(f"example/{app}:")


@every_overlay
def test_pods_are_restricted(app, environment):
    pod, container = pod_of(app, environment), container_of(app, environment)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"] == {
        "runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"]
    assert "tmp" in [volume["name"] for volume in pod["volumes"] if "emptyDir" in volume]


@every_overlay
def test_pods_are_probed_spread_and_bounded(app, environment):
    pod, container = pod_of(app, environment), container_of(app, environment)
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert [probe["path"] for probe in probes.values()] == ["/healthz", "/healthz", "/readyz"]
    assert all(probe["port"] == "http" for probe in probes.values())
    assert pod["topologySpreadConstraints"]
    resources = container["resources"]
    assert resources["requests"].keys() == {"cpu", "memory"}
    assert resources["limits"] == {"memory": resources["requests"]["memory"]}


@every_overlay
def test_the_network_lets_through_dns_and_prometheus(app, environment):
    policy = only(app, environment, "NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    [egress] = policy["egress"]
    assert sorted((port["protocol"], port["port"]) for port in egress["ports"]) == [("TCP", 53), ("UDP", 53)]
    peers = [peer for rule in policy["ingress"] for peer in rule["from"]]
    assert {"app.kubernetes.io/name": "prometheus"} in [peer.get("podSelector", {}).get("matchLabels") for peer in peers]


@every_overlay
def test_a_node_can_be_drained(app, environment):
    assert only(app, environment, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


@every_overlay
def test_what_the_pod_refers_to_exists(app, environment):
    resources, container = build(overlay(app, environment)), container_of(app, environment)
    assert ("ServiceAccount", pod_of(app, environment)["serviceAccountName"]) in resources
    for source in container["envFrom"]:
        assert ("ConfigMap", source["configMapRef"]["name"]) in resources
    for variable in container.get("env", []):
        reference = variable["valueFrom"]["secretKeyRef"]
        assert reference["key"] in resources["SealedSecret", reference["name"]]["spec"]["encryptedData"]


@every_overlay
def test_the_pod_has_time_to_drain(app, environment):
    settings = only(app, environment, "ConfigMap")["data"]
    assert pod_of(app, environment)["terminationGracePeriodSeconds"] > int(settings["DRAIN_SECONDS"]) + 10
    assert settings["APP_ENV"] == environment


@every_app
def test_environments_grow_and_follow_each_other(app):
    replicas = [only(app, environment, "Deployment")["spec"]["replicas"] for environment in ENVIRONMENTS]
    assert replicas == sorted(replicas)
    memory = [int(container_of(app, environment)["resources"]["limits"]["memory"].removesuffix("Mi"))
              for environment in ENVIRONMENTS]
    assert memory == sorted(memory)
    tags = [image_of(app, environment)[1] for environment in ENVIRONMENTS]
    assert tags == sorted(tags, reverse=True), "prod never runs what staging has not seen"


@every_app
def test_no_secret_is_in_plain_text(app):
    for environment in ENVIRONMENTS:
        assert not of_kind(app, environment, "Secret")


def sealed_secrets():
    return [(app, environment, each) for app, environment in OVERLAYS for each in of_kind(app, environment, "SealedSecret")]


def test_secrets_are_sealed_for_the_place_they_are_in():
    for _, _, resource in sealed_secrets():
        assert resource["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "-1"}  # no wider scope
        for value in resource["spec"]["encryptedData"].values():
            blob = base64.b64decode(value, validate=True)
            assert int.from_bytes(blob[:2], "big") == RSA_4096_BYTES
            assert len(blob) > 2 + RSA_4096_BYTES + 16, "the session key, the tag and something to hide"


def test_no_two_secrets_share_a_ciphertext():
    values = [value for _, _, each in sealed_secrets() for value in each["spec"]["encryptedData"].values()]
    assert values
    assert all(one != other for one, other in itertools.combinations(values, 2))


def test_a_changed_secret_starts_new_pods():
    for app, environment, _ in sealed_secrets():
        file = overlay(app, environment) / "sealed-secret.yaml"
        annotations = only(app, environment, "Deployment")["spec"]["template"]["metadata"]["annotations"]
        assert annotations["checksum/sealed-secret"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_example_app_has_one_two_three_replicas_and_its_own_settings():
    deployments = [only("example-app", environment, "Deployment") for environment in ENVIRONMENTS]
    assert [each["spec"]["replicas"] for each in deployments] == [1, 2, 3]
    settings = [only("example-app", environment, "ConfigMap")["data"] for environment in ENVIRONMENTS]
    assert len({each["LOG_LEVEL"] for each in settings}) == 3
    assert len({(each["FEATURE_FAREWELLS"], each["FEATURE_SIGNATURES"]) for each in settings}) == 3
    assert len({image_of("example-app", environment) for environment in ENVIRONMENTS}) == 3
    assert len(sealed_secrets()) == 3


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
    assert plugin["spec"] == {
        "generate": {"command": ["rootapp", "generate", "--root-project", "argocd-root", "--refuse-secrets"]},
        "parameters": {"dynamic": {"command": ["rootapp", "parameters"]}}}


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
