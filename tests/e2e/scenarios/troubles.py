"""What Argo CD says when something is wrong with the sidecar, with a root or with an image, as docs/install.md and ONBOARDING.md list it; and
that it goes by itself."""

import contextlib
import json
import os
import signal

from control_plane import Unmet


def scenario_no_sidecar_yet(fixture):
    """A repo-server whose plugin is not there says so, and syncs nothing; once it is there, the next refresh is good."""
    plane = fixture.plane
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev")
    plane.processes.stop("cmp-server")
    socket = os.path.join(plane.folder, "plugins/rootapp.sock")
    if os.path.exists(socket):
        os.unlink(socket)
    try:
        plane.refresh("shop-dev", kind="hard")
        fixture.says("shop-dev", 'could not find cmp-server plugin with name "rootapp" supporting the given repository')
    finally:
        plane.start_plugin()
    plane.refresh("shop-dev", kind="hard")
    fixture.synced("shop-dev")


def scenario_an_error_is_cached(fixture):
    """The error of a commit is told again without a new attempt, until the next commit."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev")
    fixture.repository.write(fixture.overlay("shop", "dev"), "resources: [../../base, absent.yaml]")
    fixture.commit("Name what is not there")
    fixture.says("shop-dev", "absent.yaml")
    fixture.plane.refresh("shop-dev")
    fixture.says("shop-dev", "Manifest generation error (cached)", "absent.yaml")
    fixture.repository.write(fixture.overlay("shop", "dev"), "resources: [../../base]")
    fixture.commit("Name it no more")
    fixture.synced("shop-dev")


@contextlib.contextmanager
def renders_within(plane, seconds):
    """An Argo CD that gives up so soon."""
    plane.processes.stop("application-controller")
    plane.start_controller(render_seconds=seconds)
    try:
        yield
    finally:
        plane.processes.stop("application-controller")
        plane.start_controller()


@contextlib.contextmanager
def standing_still(process):
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def scenario_the_sidecar_takes_too_long(fixture):
    """A sidecar that does not take the copy of the repository in time: Argo CD says so, and what runs stays; afterwards it renders."""
    plane = fixture.plane
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev")
    before = fixture.resources("shop-dev")
    with renders_within(plane, seconds=5):
        with standing_still(plane.processes.running["cmp-server"]):
            fixture.add_app("shop", ["dev"], settings="a: c")
            fixture.head = fixture.repository.commit("Change shop")
            plane.refresh("shop-dev")
            fixture.says("shop-dev", "context deadline exceeded")
            assert fixture.resources("shop-dev") == before, "something has changed"
    plane.refresh("shop-dev", kind="hard")
    fixture.synced("shop-dev")
    assert fixture.resources("shop-dev") != before, "the change has not come"


# What containerd makes of a registry's 404, and what the kubelet puts before it (k8s.io/kubernetes/pkg/kubelet/images/image_manager.go).
NOT_FOUND = 'failed to pull and unpack image "{0}": failed to resolve reference "{0}": {0}: not found'
BACK_OFF = 'Back-off pulling image "{0}": ErrImagePull: rpc error: code = NotFound desc = ' + NOT_FOUND


def cannot_pull(fixture, namespace):
    """The pods of a namespace, as a node would tell of them whose registry has no such image; the image."""
    def pods():
        return fixture.api.list("Pod", namespace)
    fixture.plane.wait(pods, f"a pod in {namespace}")
    for pod in pods():
        container = pod["spec"]["containers"][0]
        waiting = {"reason": "ImagePullBackOff", "message": BACK_OFF.format(container["image"])}
        status = {"phase": "Pending", "containerStatuses": [{"name": container["name"], "image": container["image"], "imageID": "", "ready": False,
                                                             "restartCount": 0, "state": {"waiting": waiting}}]}
        fixture.api.request("PATCH", f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}/status", json.dumps({"status": status}),
                            content="application/merge-patch+json")
    return container["image"]


def scenario_an_image_cannot_be_pulled(fixture):
    """A tag that the registry does not have: the Application is Synced and never Healthy, and the pod in its tree says why."""
    fixture.add_app("shop", ["dev"], fields="replicas: [{name: shop, count: 1}]\n")
    fixture.commit("Add shop, whose image nobody has pushed")
    fixture.synced("shop-dev")
    image = cannot_pull(fixture, "shop-dev")
    fixture.api.merge("ConfigMap", "argocd-rbac-cm", "argocd", {"data": {"policy.csv": "g, developer, role:readonly\n"}})
    server = fixture.plane.start_server({"developer": []})
    try:
        def shown():
            status, text = server.request("developer", "GET", "/api/v1/applications/shop-dev/resource-tree")
            pods = [node for node in json.loads(text).get("nodes", []) if node["kind"] == "Pod"] if status == 200 else []
            health = pods[0].get("health", {}) if pods else {}
            return health if health.get("status") == "Degraded" else Unmet(f"{status} {text[:300]}")
        message = fixture.plane.wait(shown, "the pod is degraded")["message"]
    finally:
        server.stop()
        fixture.api.merge("ConfigMap", "argocd-rbac-cm", "argocd", {"data": {"policy.csv": None}})
    assert message.startswith("Back-off pulling image") and image in message and message.endswith(": not found"), message
    health = fixture.plane.application("shop-dev")["status"]["health"]["status"]
    assert health == "Progressing", f"the Application is {health}"
