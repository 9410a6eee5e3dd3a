"""What the generated projects permit: to Applications, and to people."""

import time

from control_plane import NAMESPACE, Unmet

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: intruder, namespace: {namespace}}}\n"
ACTIONS = ["applications/get", "applications/sync", "applications/create", "applications/update", "applications/delete",
           "applications/override", "logs/get", "exec/create"]
CLUSTER_ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}}}\nrules: []\n"


def add(fixture, app, text):
    """One more resource in the app's overlay of dev."""
    fixture.repository.write(f"apps/{app}/k8s/overlays/dev/more.yaml", text)
    fixture.repository.write(fixture.overlay(app, "dev"), "resources: [../../base, more.yaml]\n")


def scenario_projects_refuse(fixture):
    """Another team's namespace, in both directions; a cluster-scoped kind that is not the team's; another team's Namespace. Before 3.3 names
    of cluster-scoped resources count for nothing: with the patch of docs/versions.md every Namespace is permitted, and no other such kind."""
    by_name, others = fixture.has(3, 3), fixture.snapshot()
    fixture.add_team("sales", "shop*", clusterResources=[{"group": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "shop-*"}])
    tried = {
        "shop-a": (CONFIG_MAP.format(namespace="test-app-dev"), "namespace test-app-dev is not permitted in project 'sales-dev'"),
        "desk-a": (CONFIG_MAP.format(namespace="shop-a-dev"), "namespace shop-a-dev is not permitted in project 'default-dev'"),
        "desk-b": (CONFIG_MAP.format(namespace="kube-system"), "namespace kube-system is not permitted in project 'default-dev'"),
        "desk-c": (CONFIG_MAP.format(namespace="argocd"), "namespace argocd is not permitted in project 'default-dev'"),
        "desk-d": (CLUSTER_ROLE.format(name="desk-d"), "ClusterRole is not permitted in project default-dev"),
        "shop-b": (CLUSTER_ROLE.format(name="desk-x"), "ClusterRole is not permitted in project sales-dev"),
        "desk-e": ("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-a-dev, labels: {taken: 'yes'}}\n",
                   "Namespace is not permitted in project default-dev"),
    }
    tried["shop-c"] = (CLUSTER_ROLE.format(name="shop-c"), None if by_name else "ClusterRole is not permitted in project sales-dev")
    for app, (text, _) in tried.items():
        fixture.add_app(app, ["dev"])
        add(fixture, app, text)
    fixture.commit("Try what is not permitted")
    permitted = "shop-c" if by_name else "desk-e"
    tried.pop(permitted)
    fixture.synced(permitted + "-dev")
    assert bool(fixture.api.get("ClusterRole", "shop-c")) == by_name, "a ClusterRole of the team's"
    for app, (_, message) in tried.items():
        fixture.says(f"{app}-dev", message)
    for namespace in ("test-app-dev", "shop-a-dev", "kube-system", "argocd"):
        assert not fixture.api.get("ConfigMap", "intruder", namespace), f"there is an intruder in {namespace}"
    assert not fixture.api.get("ClusterRole", "desk-d") and not fixture.api.get("ClusterRole", "desk-x")
    taken = "taken" in (fixture.api.get("Namespace", "shop-a-dev") or {"metadata": {}})["metadata"].get("labels", {})
    assert taken != by_name, "another team's Namespace"
    assert fixture.snapshot() == others, "something else changed"


def scenario_projects_refuse_other_sources(fixture):
    """Another repository, another namespace or another cluster in an Application of a generated project."""
    source = {"repoURL": fixture.repository.url, "path": "apps/test-app/k8s/overlays/dev", "targetRevision": "main"}
    destination = {"name": "in-cluster", "namespace": "test-app-dev"}
    tried = {
        "repository": ({**source, "repoURL": "https://example.com/other.git"}, destination, "is not permitted in project"),
        "namespace": (source, {**destination, "namespace": "test-app-prod"}, "do not match any of the allowed destinations"),
        "cluster": (source, {"server": "https://other.example.com", "namespace": "test-app-dev"}, ""),
    }
    for name, (from_where, to_where, _) in tried.items():
        fixture.api.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                           "metadata": {"name": "by-hand-" + name, "namespace": NAMESPACE},
                           "spec": {"project": "default-dev", "source": from_where, "destination": to_where,
                                    "syncPolicy": {"automated": {}}}})
    for name, (_, _, message) in tried.items():
        fixture.says("by-hand-" + name, "InvalidSpecError", message)
        assert not fixture.plane.application("by-hand-" + name)["status"].get("operationState"), f"{name}: it was synced"


def sync_by_hand(fixture, name, commit):
    operation = {"initiatedBy": {"username": "e2e"}, "sync": {"revision": commit}}
    fixture.api.merge("Application", name, NAMESPACE, {"operation": operation})


def scenario_sync_windows(fixture):
    """While a window denies it, a commit is not applied, except by hand where the window allows that; afterwards it is."""
    window = {"kind": "deny", "schedule": "* * * * *", "duration": "1h", "manualSync": True}
    fixture.add_app("shop", ["dev", "staging"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev", "shop-staging")
    fixture.set_environment("dev", syncWindows=[window])
    fixture.commit("Freeze dev")

    def windows():
        return fixture.api.get("AppProject", "default-dev", NAMESPACE)["spec"].get("syncWindows")
    fixture.plane.wait(windows, "the project has it")

    def annotate(environment, value):
        fixture.repository.write(fixture.overlay("shop", environment), f"resources: [../../base]\ncommonAnnotations: {{step: '{value}'}}\n")

    def step(environment):
        return fixture.api.get("Service", "shop", f"shop-{environment}")["metadata"].get("annotations", {}).get("step")
    annotate("dev", "one"), annotate("staging", "one")
    commit = fixture.commit("Change shop")
    fixture.synced("shop-staging")
    fixture.plane.wait(lambda: fixture.plane.application("shop-dev")["status"]["sync"]["status"] == "OutOfSync", "shop-dev is out of sync")
    time.sleep(2)  # for a sync that must not come
    assert (step("dev"), step("staging")) == (None, "one"), "the window was not honoured"
    sync_by_hand(fixture, "shop-dev", commit)
    fixture.synced("shop-dev")
    assert step("dev") == "one", "by hand"

    fixture.set_environment("dev", syncWindows=[{**window, "manualSync": False}])
    annotate("dev", "two")
    commit = fixture.commit("Freeze it for everybody")
    fixture.plane.wait(lambda: not windows()[0].get("manualSync"), "the project has it")
    sync_by_hand(fixture, "shop-dev", commit)
    fixture.says("shop-dev", "blocked by sync window")
    assert step("dev") == "one", "by hand in spite of the window"
    fixture.change_policy(lambda spec: spec["environments"][0].pop("syncWindows"))
    fixture.commit("Thaw dev")
    fixture.plane.wait(lambda: not windows(), "the project has none")
    fixture.plane.refresh("shop-dev")
    fixture.plane.wait(lambda: step("dev") == "two" or Unmet(str(step("dev"))), "the commit is applied")


def scenario_people(fixture):
    """What a member of a team's group may do, asked of the real argocd-server with a member's token: with the team's own
    Applications what the policy permits and no more, with others nothing; and a stranger nothing at all."""
    fixture.add_team("sales", "shop*", groups=["example:sales"])
    fixture.add_team("support", "desk*", groups=["example:support"],
                     permissions=["applications, get", "applications, sync", "applications, update"])
    fixture.add_app("shop", ["dev"])
    fixture.add_app("desk", ["dev"])
    fixture.commit("Add shop, of sales, and desk, of support")
    fixture.synced("shop-dev", "desk-dev")
    server = fixture.plane.start_server({"member": ["example:sales"], "supporter": ["example:support"], "stranger": ["example:sale"]})
    expected = {
        ("member", "shop-dev"): "applications/get applications/sync logs/get",
        ("supporter", "desk-dev"): "applications/get applications/sync applications/update",
    }
    try:
        for person in ("member", "supporter", "stranger"):
            for name, project in (("shop-dev", "sales-dev"), ("desk-dev", "support-dev"), ("test-app-dev", "default-dev"),
                                  ("root-dev", "argocd-root"), ("shop-prod", "sales-prod")):
                may = {action for action in ACTIONS if server.may(person, action, f"{project}/{name}")}
                wanted = set(expected.get((person, name), expected.get((person, "shop-dev"), "") if name == "shop-prod" else "").split())
                assert may == wanted, f"{person} may {sorted(may)} with {name}, expected {sorted(wanted)}"
            statuses = {name: server.request(person, "GET", f"/api/v1/applications/{name}")[0]
                        for name in ("shop-dev", "desk-dev", "test-app-dev")}
            allowed = {"member": "shop-dev", "supporter": "desk-dev"}.get(person)
            assert statuses == {name: 200 if name == allowed else 403 for name in statuses}, f"{person}: {statuses}"
        assert server.request("member", "POST", "/api/v1/applications/shop-dev/sync", {})[0] == 200
        assert server.request("member", "POST", "/api/v1/applications/desk-dev/sync", {})[0] == 403
        assert server.request("member", "DELETE", "/api/v1/applications/shop-dev")[0] == 403
        restart = {"resourceName": "shop", "namespace": "shop-dev", "group": "apps", "version": "v1", "kind": "Deployment",
                   "action": "restart"}
        statuses = [server.request(person, "POST", "/api/v1/applications/shop-dev/resource/actions/v2", restart)[0]
                    for person in ("member", "supporter")]
        assert statuses == [200, 403], f"restart: {statuses}"
        fixture.synced("shop-dev")
    finally:
        server.stop()
