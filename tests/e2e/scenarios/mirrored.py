"""Renders that read their commit from a mirror, and are sent little: docs/mirror.md. Whatever happens to the mirror, the cluster gets the
commit that was asked for, or an Application says why not."""

import contextlib
import os
import signal
import subprocess

import yaml

from control_plane import NAMESPACE, Unmet
from scenarios import refreshing

COMPONENT = "components: [../../../../_components/limits]\n"


@contextlib.contextmanager
def around(fixture):
    """The order of docs/mirror.md: the mirror, the plugin, the field; and back in the opposite one. Between them, that is the start."""
    plane, start = fixture.plane, fixture.start
    try:
        plane.start_mirror()
        plane.use_mirror(True)
        fixture.change_policy(lambda spec: spec.update(mirror=True, argocdVersion="3.6"))
        fixture.start = fixture.commit("Read from a mirror")
        fixture.synced("root")
        apply_root(fixture)
        plane.refresh()
        fixture.synced(*fixture.expected)
        for name, application in plane.applications().items():
            assert "; /" in annotation(application) or name in fixture.expected - fixture.roots, f"{name}: {annotation(application)}"
        yield
    finally:
        fixture.start = start
        plane.apply_file(fixture.repository.path("argo/root-app.yaml"))
        fixture.restore()
        plane.use_mirror(False)
        plane.processes.stop("mirror")


@contextlib.contextmanager
def mirrored(fixture):
    """The mirror, which runs afterwards again, whatever was done to it."""
    plane = fixture.plane
    try:
        yield plane
    finally:
        if "mirror" in plane.processes.running:
            plane.processes.running["mirror"].send_signal(signal.SIGCONT)
        else:
            plane.start_mirror()


def annotation(application):
    return application["metadata"].get("annotations", {}).get("argocd.argoproj.io/manifest-generate-paths", "")


def apply_root(fixture):
    printed = subprocess.run([fixture.plane.rootapp, "-C", fixture.repository.checkout, "bootstrap"], check=True, stdout=subprocess.PIPE, text=True)
    for thing in yaml.safe_load_all(printed.stdout):
        fixture.api.apply(thing)


def shop_uses_the_component(fixture):
    refreshing.limits(fixture, 64)
    fixture.add_app("shop", ["dev"], fields=COMPONENT)
    fixture.commit("Add shop, which uses a component")
    fixture.synced("root-dev", "shop-dev")
    fixture.plane.wait(lambda: has_limit(fixture, 64), "the component is there")


def has_limit(fixture, memory):
    found = refreshing.limit(fixture, "shop", "dev")
    return found == f"{memory}Mi" or Unmet(found)


def recovers(fixture, memory):
    """Once the mirror helps again, a refresh is enough."""
    fixture.plane.refresh(kind="hard")
    fixture.synced("root", "root-dev", "shop-dev", "test-app-dev")
    fixture.plane.wait(lambda: has_limit(fixture, memory), f"the limit is {memory}")


def change(fixture, memory, message):
    """A commit that changes the component, and test-app, which reads nothing beside its manifests."""
    refreshing.limits(fixture, memory)
    settings = "apps/test-app/k8s/base/settings.env"
    fixture.repository.write(settings, fixture.repository.read(settings) + f"LIMIT_{memory}=1\n")
    return fixture.commit(message)


def expect_errors(fixture, why):
    """What was not sent and cannot be read is an error, in an Application and in a root; what was sent is rendered."""
    fixture.says("shop-dev", "was not sent; from the mirror it cannot be read: ", why)
    fixture.says("root-dev", "was not sent; from the mirror it cannot be read: ", why)
    fixture.synced("test-app-dev")
    assert refreshing.limit(fixture, "shop", "dev") == "64Mi", "something was applied"


def scenario_shared_component_from_a_mirror(fixture):
    """A change of a shared component renders exactly its users, at the same commit; one that begins to use it does so at once. Nothing of
    the component is sent."""
    with mirrored(fixture) as plane:
        refreshing.scenario_shared_component(fixture)
        sent = annotation(plane.application("shop-dev"))
        assert sent == "/apps/shop/k8s; /apps/_components/limits", sent
        since = len(plane.renders())
        plane.refresh("shop-dev", kind="hard")
        assert plane.renders()[since:] == ["overlays/dev"], plane.renders()[since:]
        refreshing.scenario_unrelated_commit(fixture)


def scenario_mirror_stopped_and_started(fixture):
    """Without a mirror nothing older is rendered: an error says why; and after its start a refresh is enough."""
    with mirrored(fixture) as plane:
        shop_uses_the_component(fixture)
        plane.processes.kill("mirror")
        change(fixture, 65, "While there is no mirror")
        expect_errors(fixture, "it does not answer: Connection refused")
        plane.start_mirror()
        recovers(fixture, 65)


def scenario_mirror_that_is_slow(fixture):
    """A mirror that does not go on, and one whose remote does not: the render waits for half of its time, and then says so."""
    with mirrored(fixture) as plane:
        shop_uses_the_component(fixture)
        plane.processes.running["mirror"].send_signal(signal.SIGSTOP)
        change(fixture, 65, "While the mirror stands still")
        fixture.says("shop-dev", "it did not get it within 25 s")
        assert refreshing.limit(fixture, "shop", "dev") == "64Mi"
        plane.processes.running["mirror"].send_signal(signal.SIGCONT)
        recovers(fixture, 65)


def scenario_mirror_without_room(fixture):
    """git cannot write what it receives: the mirror says so at once, and goes on once there is room."""
    with mirrored(fixture) as plane:
        shop_uses_the_component(fixture)
        plane.processes.stop("mirror")
        plane.start_mirror("prlimit", "--fsize=100000")
        with open(fixture.repository.path("large.bin"), "wb") as file:
            file.write(os.urandom(300000))
        change(fixture, 65, "More than there is room for")
        expect_errors(fixture, "git fetch: ")
        plane.processes.stop("mirror")
        plane.start_mirror()
        recovers(fixture, 65)


def scenario_forced_push(fixture):
    """History is rewritten while the mirror has the old one, and again while it is killed: what is rendered is what is asked for."""
    with mirrored(fixture) as plane:
        shop_uses_the_component(fixture)
        old = change(fixture, 65, "To be rewritten")
        fixture.synced("shop-dev")
        for memory, killed in ((66, False), (67, True)):
            refreshing.limits(fixture, memory)
            fixture.repository.git("add", "-A")
            fixture.repository.git("commit", "-q", "--amend", "-m", f"Rewritten as {memory}")
            fixture.repository.git("push", "-q", "--force", "origin", "HEAD:main")
            fixture.head = fixture.repository.git("rev-parse", "HEAD")
            if killed:
                plane.processes.kill("mirror")
                plane.start_mirror()
            plane.refresh()
            fixture.synced("root-dev", "shop-dev")
            fixture.plane.wait(lambda: has_limit(fixture, memory), f"the limit is {memory}")
        copies = os.path.join(plane.folder, "mirror/repositories")
        copy = os.path.join(copies, os.listdir(copies)[0])
        subprocess.run(["git", "--git-dir", copy, "cat-file", "-e", old], check=True)


def scenario_killed_at_any_moment(fixture):
    """The mirror is killed again and again while everything is rendered: errors heal, and what is applied is right."""
    with mirrored(fixture) as plane:
        shop_uses_the_component(fixture)
        for memory in (65, 66, 67):
            refreshing.limits(fixture, memory)
            fixture.head = fixture.repository.commit(f"Now {memory}")
            for name in plane.applications():
                fixture.api.merge("Application", name, NAMESPACE, {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "hard"}}})
            plane.processes.kill("mirror")
            plane.start_mirror()
            recovers(fixture, memory)


def scenario_tenants_and_the_mirror(fixture):
    """Neither another repository nor variables of an Application's own make the mirror fetch, or a render read what is not its commit."""
    with mirrored(fixture) as plane:
        shop_uses_the_component(fixture)
        other = os.path.join(plane.folder, "other.git")
        fixture.repository.git("init", "-q", "--bare", other)
        fixture.repository.git("push", "-q", other, "HEAD:main")
        destination = {"server": "https://kubernetes.default.svc", "namespace": "tenant"}
        fixture.api.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "tenant", "namespace": NAMESPACE},
                           "spec": {"sourceRepos": ["*"], "destinations": [destination]}})
        before = plane.mirror_metrics()
        variables = {"ARGOCD_APP_SOURCE_REPO_URL": fixture.repository.url, "ARGOCD_APP_REVISION": fixture.start, "ARGOCD_APP_SOURCE_PATH": "argo/root"}
        fixture.api.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                           "metadata": {"name": "tenant", "namespace": NAMESPACE,
                                        "annotations": {"argocd.argoproj.io/manifest-generate-paths": "/apps/shop/k8s"}},
                           "spec": {"project": "tenant", "destination": destination, "source": {
                               "repoURL": "file://" + other, "path": "apps/shop/k8s/overlays/dev", "targetRevision": "main",
                               "plugin": {"name": "rootapp", "env": [{"name": name, "value": value} for name, value in variables.items()]}}}})
        try:
            fixture.says("tenant", "was not sent; from the mirror it cannot be read: this repository is none of its --repo")
            after = plane.mirror_metrics()
            fetches = [name for name in after if name.startswith("rootapp_mirror_fetches_total")]
            assert fetches and {name: before[name] for name in fetches} == {name: after[name] for name in fetches}, after
            assert after['rootapp_mirror_requests_total{answer="unlisted"}'] > before['rootapp_mirror_requests_total{answer="unlisted"}']
            assert len(os.listdir(os.path.join(plane.folder, "mirror/repositories"))) == 1
        finally:
            fixture.api.delete("Application", "tenant", NAMESPACE)
            fixture.gone("Application", "tenant")
            fixture.api.delete("AppProject", "tenant", NAMESPACE)
