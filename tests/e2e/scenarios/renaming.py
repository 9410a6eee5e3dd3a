"""Renames and moves, as docs/rootapp.md says."""

from control_plane import NAMESPACE


def scenario_app_is_renamed(fixture):
    """One Application goes as the environment's `deletion` says, and another one comes: under confirm only afterwards."""
    fixture.set_environment("staging", deletion="keep")
    fixture.add_app("shop")
    fixture.commit("Add shop")
    fixture.synced(*(f"shop-{environment}" for environment in fixture.environments))
    fixture.repository.remove("apps/shop")
    fixture.add_app("store")
    fixture.commit("Rename shop to store")
    fixture.synced("store-dev", "store-staging")
    fixture.gone("Application", "shop-dev")
    fixture.emptied("shop-dev")
    assert fixture.plane.application("shop-staging") and "Deployment/shop" in fixture.resources("shop-staging"), "keep: it is gone"
    fixture.waits("root-prod")
    assert not fixture.plane.application("store-prod"), "confirm: it came before the confirmation"
    fixture.plane.approve("root-prod")
    fixture.synced("store-prod")
    fixture.gone("Application", "shop-prod")

    fixture.api.delete("Application", "shop-staging", NAMESPACE)  # has no finalizer under keep: without cascade
    fixture.gone("Application", "shop-staging")
    assert "Deployment/shop" in fixture.resources("shop-staging"), "keep: the resources went with the Application"


def scenario_directory_moves(fixture):
    """App and environment keep their names: the same Application with another path, and nothing is deleted."""
    fixture.add_app("shop")
    fixture.commit("Add shop")
    names = [f"shop-{environment}" for environment in fixture.environments]
    fixture.synced(*names)
    before = {name: (fixture.uid("Application", name), fixture.resources(name)) for name in names}
    fixture.change_policy(lambda spec: spec["discover"].append({"path": "services/{app}/k8s/overlays/{env}"}))
    fixture.repository.move("apps/shop", "services/shop")
    fixture.commit("Move shop")
    for name, environment in zip(names, fixture.environments):
        path = f"services/shop/k8s/overlays/{environment}"
        fixture.plane.wait(lambda: fixture.plane.application(name)["spec"]["source"]["path"] == path, f"{name} is at {path}")
        assert fixture.uid("Application", name) == before[name][0], f"{name} is a second Application of that name"
        fixture.synced(name)
        assert (fixture.uid("Application", name), fixture.resources(name)) == before[name], f"{name} changed"


def scenario_app_changes_its_team(fixture):
    """The same Application in another project."""
    fixture.add_app("shop")
    fixture.commit("Add shop")
    names = [f"shop-{environment}" for environment in fixture.environments]
    fixture.synced(*names)
    before = {name: (fixture.uid("Application", name), fixture.resources(name)) for name in names}
    fixture.add_team("sales", "shop")
    fixture.commit("Give shop to sales")
    for name, environment in zip(names, fixture.environments):
        fixture.plane.wait(lambda: fixture.plane.application(name)["spec"]["project"] == f"sales-{environment}", f"{name} is in its project")
        fixture.synced(name)
        assert (fixture.uid("Application", name), fixture.resources(name)) == before[name], f"{name} changed"


def scenario_team_is_removed(fixture):
    """Its apps belong to the next team that matches, and its projects go."""
    fixture.add_team("sales", "shop")
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop, of sales")
    fixture.synced("shop-dev")
    before = fixture.uid("Application", "shop-dev"), fixture.resources("shop-dev")
    fixture.change_policy(lambda spec: spec["teams"].pop(0))
    fixture.commit("Remove sales")
    fixture.plane.wait(lambda: fixture.plane.application("shop-dev")["spec"]["project"] == "default-dev", "it is in the other project")
    fixture.gone("AppProject", "sales-dev")
    fixture.synced("shop-dev")
    assert (fixture.uid("Application", "shop-dev"), fixture.resources("shop-dev")) == before, "it changed"


def scenario_namespace_template_changes(fixture):
    """The same Application with another destination; what runs in the old namespace stays and is no longer shown."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev")
    uid, before = fixture.uid("Application", "shop-dev"), fixture.resources("shop-dev")
    fixture.change_policy(lambda spec: next(item for item in spec["environments"] if item["name"] == "dev")["destination"].update(
        namespace="{app}-at-{env}"))
    fixture.commit("Other namespaces in dev")
    fixture.plane.wait(lambda: "Deployment/shop" in fixture.resources("shop-at-dev"), "it is in the new namespace")
    fixture.synced("shop-dev")
    assert fixture.uid("Application", "shop-dev") == uid, "another Application"
    assert fixture.resources("shop-dev") == before, "what ran in the old namespace changed"
    shown = {resource["namespace"] for resource in fixture.plane.application("shop-dev")["status"]["resources"]}
    assert shown == {"shop-at-dev"}, f"shown: {shown}"


def scenario_environment_is_removed(fixture):
    """Its root goes and all its Applications with it (auto), all of it stays (keep), or the root Application waits (confirm)."""
    fixture.set_environment("staging", deletion="keep")
    fixture.commit("Keep in staging")
    fixture.synced("root", "root-staging", *(f"{app}-staging" for app in fixture.apps))
    staging = {app: fixture.resources(f"{app}-staging") for app in fixture.apps}
    prod = {app: fixture.resources(f"{app}-prod") for app in fixture.apps}

    listed = {}
    fixture.change_policy(lambda spec: listed.update((item["name"], item) for item in spec["environments"]))

    def keep_only(*names):
        fixture.change_policy(lambda spec: spec.update(environments=[listed[name] for name in names]))
    keep_only("staging", "prod")
    fixture.commit("Remove dev")
    fixture.gone("Application", "root-dev")
    for app in fixture.apps:
        fixture.gone("Application", f"{app}-dev")
        fixture.emptied(f"{app}-dev")
    fixture.gone("AppProject", "default-dev")

    keep_only("prod")
    fixture.commit("Remove staging")
    fixture.plane.wait(lambda: fixture.plane.application("root")["status"]["sync"]["status"] == "OutOfSync", "the root is out of sync")
    for app in fixture.apps:
        assert fixture.resources(f"{app}-staging") == staging[app], f"{app}-staging changed"
        assert fixture.plane.application(f"{app}-staging"), f"{app}-staging is gone"
    assert fixture.plane.application("root-staging") and fixture.api.get("AppProject", "default-staging", NAMESPACE)

    keep_only("staging")
    fixture.commit("Remove prod, put staging back")
    fixture.waits("root", "root-prod")
    for app in fixture.apps:
        assert fixture.resources(f"{app}-prod") == prod[app], f"{app}-prod changed"
