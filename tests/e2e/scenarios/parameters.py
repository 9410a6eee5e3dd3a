"""Parameters of the plugin do what Argo CD's own kustomize source does."""

from control_plane import NAMESPACE

PATCH = "- op: add\n  path: /spec/minReadySeconds\n  value: 7\n"
COMPONENT = """apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target: {kind: Service}
  patch: "- {op: add, path: /spec/ports/0/name, value: web}"
"""
NATIVE = {
    "images": ["example/compare=example/other:2.0.0"], "replicas": [{"name": "compare", "count": 0}], "namespace": "compare-dev",
    "namePrefix": "blue-", "nameSuffix": "-two", "commonLabels": {"tier": "web"}, "commonAnnotations": {"owner": "$ARGOCD_APP_NAME"},
    "patches": [{"target": {"kind": "Deployment"}, "patch": PATCH}], "components": ["../../../../../_components/named"],
}
PARAMETERS = [
    {"name": "images", "array": NATIVE["images"]}, {"name": "replicas", "map": {"compare": "0"}},
    {"name": "namespace", "string": "compare-dev"}, {"name": "namePrefix", "string": "blue-"}, {"name": "nameSuffix", "string": "-two"},
    {"name": "commonLabels", "map": NATIVE["commonLabels"]}, {"name": "commonAnnotations", "map": NATIVE["commonAnnotations"]},
    {"name": "patches", "array": ["target: {kind: Deployment}\npatch: |\n" + "".join("  " + line for line in PATCH.splitlines(True))]},
    {"name": "components", "array": NATIVE["components"]},
]


def apply(fixture, **renderer):
    """The Application `compare`, outside of the root set, with a source of its own."""
    source = {"repoURL": fixture.repository.url, "path": "parts/compare/k8s/overlays/dev", "targetRevision": "main", **renderer}
    policy = {"automated": {"prune": True}, "syncOptions": ["CreateNamespace=true"]}
    fixture.api.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                       "metadata": {"name": "compare", "namespace": NAMESPACE, "finalizers": ["resources-finalizer.argocd.argoproj.io"]},
                       "spec": {"project": "default-dev", "source": source, "syncPolicy": policy,
                                "destination": {"name": "in-cluster", "namespace": "compare-dev"}}})
    fixture.plane.wait(lambda: set(fixture.plane.application("compare").get("status", {}).get("sync", {}).get("comparedTo", {})
                                   .get("source", {})) & {"kustomize", "plugin"} == set(renderer), "the source has been compared")
    fixture.synced("compare")


def scenario_as_the_native_source(fixture):
    """An Application of Argo CD's own kustomize source becomes one of the plugin, with the same things as parameters: it stays in sync,
    and nothing in the cluster changes."""
    fixture.add_app("compare", ["dev"], settings="key: value")
    fixture.repository.move("apps/compare", "parts/compare")
    fixture.repository.write("_components/named/kustomization.yaml", COMPONENT)
    fixture.commit("Add what is compared")
    apply(fixture, kustomize=NATIVE)
    native = fixture.resources("compare-dev")
    deployment, service = native["Deployment/blue-compare-two"], native["Service/blue-compare-two"]
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "example/other:2.0.0" and deployment["spec"]["minReadySeconds"] == 7, deployment
    assert deployment["metadata"]["labels"]["tier"] == "web" and deployment["metadata"]["annotations"]["owner"], deployment
    assert service["spec"]["ports"][0]["name"] == "web", service
    operation = fixture.plane.application("compare")["status"]["operationState"]["finishedAt"]

    apply(fixture, plugin={"name": "rootapp", "parameters": PARAMETERS})
    assert fixture.resources("compare-dev") == native, "the plugin renders something else"
    application = fixture.plane.application("compare")
    assert application["status"]["sourceType"] == "Plugin", application["status"]["sourceType"]
    assert application["status"]["operationState"]["finishedAt"] == operation, "it was out of sync in between"

    PARAMETERS[3]["string"] = "green-"
    apply(fixture, plugin={"name": "rootapp", "parameters": PARAMETERS})
    fixture.plane.wait(lambda: "Deployment/green-compare-two" in fixture.resources("compare-dev"), "a parameter changes the render")
    fixture.plane.wait(lambda: "Deployment/blue-compare-two" not in fixture.resources("compare-dev"), "what has another name is pruned")
