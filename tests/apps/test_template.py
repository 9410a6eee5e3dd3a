"""What is true of apps/_template: of its files, and of what its overlays build as they are, with the four placeholders in them."""
import re

import pytest

from building import ENVIRONMENTS, ROOT, Overlays

TEMPLATE = ROOT / "apps/_template"
APP, IMAGE, NAMESPACE = "{APP_NAME}", "{REGISTRY_IMAGE}", "{NAMESPACE}"
PLACEHOLDER = re.compile(r"\{(?:APP_NAME|REGISTRY_IMAGE|NAMESPACE|GITHUB_REPO)\}")

pytestmark = pytest.mark.skipif(not TEMPLATE.is_dir(), reason="this repository has no apps/_template")
every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)
template = Overlays(TEMPLATE)


def texts():
    own = [path for path in TEMPLATE.rglob("*") if path.is_file() and "build" not in path.relative_to(TEMPLATE).parts]
    return {str(path.relative_to(TEMPLATE)): path.read_text() for path in own if "__pycache__" not in path.parts}


def test_placeholders_are_where_they_can_be_replaced_as_text():
    for name, text in texts().items():
        if name.split("/")[0] in ("src", "test"):
            assert not PLACEHOLDER.search(text), f"{name}: it is tested as it is"
            continue
        assert not re.search(r"[${]" + PLACEHOLDER.pattern + "|" + PLACEHOLDER.pattern + "}", text), f"{name}: $ or a brace beside one"
        assert set(re.findall(r"\{[A-Z_]+\}", text)) <= {*PLACEHOLDER.findall(text)}, f"{name}: another placeholder"


def test_every_placeholder_is_used():
    used = {found for text in texts().values() for found in PLACEHOLDER.findall(text)}
    assert used == {"{APP_NAME}", "{REGISTRY_IMAGE}", "{NAMESPACE}", "{GITHUB_REPO}"}


def test_placeholders_in_yaml_are_quoted():
    for name, text in texts().items():
        for line in text.splitlines():
            code = line.split("#")[0] if name.endswith(".yaml") else ""
            assert not PLACEHOLDER.search(re.sub(r'"[^"]*"', "", code)), f"{name}: {line}"


def test_nothing_leads_out_of_the_app():
    for name, text in texts().items():
        assert not re.search(r"\]\((?!https://)", text), f"{name}: a relative link breaks in the copy"
        assert "/".join([".."] * (name.count("/") + 1)) not in text, f"{name}: leads out"


@every_environment
def test_everything_is_in_the_namespace_of_the_overlay(environment):
    for resource in template.all(environment).values():
        assert resource["metadata"]["namespace"] == f"{NAMESPACE}-{environment}"


@every_environment
def test_everything_that_runs_carries_the_name_of_the_app(environment):
    name = {"app.kubernetes.io/name": APP}
    deployment = template.only(environment, "Deployment")
    assert deployment["spec"]["template"]["metadata"]["labels"].items() >= name.items()
    assert deployment["spec"]["selector"]["matchLabels"] == name
    assert template.only(environment, "Service")["spec"]["selector"] == name
    assert template.only(environment, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == name
    assert template.only(environment, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"] == name
    assert template.container(environment)["image"] == f"{IMAGE}:{(TEMPLATE / 'VERSION').read_text().strip()}"


@every_environment
def test_pods_are_restricted(environment):
    pod, container = template.pod(environment), template.container(environment)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"] == {
        "runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"]
    assert "tmp" in [volume["name"] for volume in pod["volumes"] if "emptyDir" in volume]


@every_environment
def test_pods_are_probed_spread_and_bounded(environment):
    pod, container = template.pod(environment), template.container(environment)
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert [probe["path"] for probe in probes.values()] == ["/healthz", "/healthz", "/readyz"]
    assert all(probe["port"] == "http" for probe in probes.values())
    assert pod["topologySpreadConstraints"]
    resources = container["resources"]
    assert resources["requests"].keys() == {"cpu", "memory"}
    assert resources["limits"] == {"memory": resources["requests"]["memory"]}


@every_environment
def test_the_network_lets_through_dns_and_prometheus(environment):
    policy = template.only(environment, "NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    [egress] = policy["egress"]
    assert sorted((port["protocol"], port["port"]) for port in egress["ports"]) == [("TCP", 53), ("UDP", 53)]
    peers = [peer for rule in policy["ingress"] for peer in rule["from"]]
    assert {"app.kubernetes.io/name": "prometheus"} in [peer.get("podSelector", {}).get("matchLabels") for peer in peers]


@every_environment
def test_a_node_can_be_drained(environment):
    assert template.only(environment, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


@every_environment
def test_the_first_sync_needs_nothing_that_is_not_there(environment):
    resources, container = template.all(environment), template.container(environment)
    assert ("ServiceAccount", template.pod(environment)["serviceAccountName"]) in resources
    for source in container["envFrom"]:
        assert ("ConfigMap", source["configMapRef"]["name"]) in resources
    assert all(variable["valueFrom"]["secretKeyRef"]["optional"] for variable in container["env"])
    assert not template.of_kind(environment, "Secret")
    assert not template.of_kind(environment, "SealedSecret")


@every_environment
def test_the_pod_has_time_to_drain(environment):
    settings = template.only(environment, "ConfigMap")["data"]
    assert template.pod(environment)["terminationGracePeriodSeconds"] > int(settings["DRAIN_SECONDS"]) + 20
    assert (settings["APP_ENV"], settings["APP_NAME"]) == (environment, APP)


def test_environments_grow():
    replicas = [template.only(environment, "Deployment")["spec"]["replicas"] for environment in ENVIRONMENTS]
    assert replicas == [1, 2, 3]
    memory = [int(template.container(environment)["resources"]["limits"]["memory"].removesuffix("Mi")) for environment in ENVIRONMENTS]
    assert memory == sorted(memory)
    assert len({template.only(environment, "ConfigMap")["data"]["LOG_LEVEL"] for environment in ENVIRONMENTS}) == 3
