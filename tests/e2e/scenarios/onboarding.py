"""Apps come and go."""


def scenario_commit_adds_an_app(fixture):
    """A new directory, copied from an example as its README says, becomes Applications that sync; nothing else changes."""
    before = fixture.snapshot()
    fixture.repository.copy_app("test-app", "shop")
    fixture.commit("Add shop")
    for environment in fixture.environments:
        fixture.synced(f"shop-{environment}")
        made = fixture.resources(f"shop-{environment}")
        assert {"Deployment/shop", "Service/shop", "NetworkPolicy/shop", "ServiceAccount/shop"} <= set(made), sorted(made)
    assert fixture.snapshot() == before, "something else changed"


def scenario_removal_prunes_keeps_or_waits(fixture):
    """An app is removed, and with it the last one of its team's projects: pruned completely under auto, kept under keep; under
    confirm its environment waits, and the others go on."""
    fixture.set_environment("staging", deletion="keep")
    fixture.add_team("sales", "shop")
    fixture.commit("Add a team")
    fixture.synced("root")
    fixture.add_app("shop")
    fixture.commit("Add shop, of that team")
    fixture.synced(*(f"shop-{environment}" for environment in fixture.environments))
    assert fixture.plane.application("shop-dev")["spec"]["project"] == "sales-dev"
    before = fixture.snapshot()
    staging, prod = fixture.resources("shop-staging"), fixture.resources("shop-prod")

    fixture.repository.remove("apps/shop")
    fixture.add_app("desk")
    fixture.commit("Remove shop, add desk")
    fixture.gone("Application", "shop-dev")
    fixture.emptied("shop-dev")
    fixture.synced("desk-dev", "desk-staging")
    assert fixture.api.get("AppProject", "sales-dev", "argocd"), "the project follows from the policy, not from its apps"

    fixture.says("shop-staging", "app path does not exist")
    assert fixture.resources("shop-staging") == staging, "keep: resources changed"
    fixture.waits("root-prod", "shop-prod")
    assert fixture.resources("shop-prod") == prod, "confirm: resources changed"
    assert not fixture.plane.application("desk-prod"), "confirm: prod did not wait"
    assert fixture.snapshot() == before, "something else changed"

    fixture.plane.approve("root-prod")
    fixture.gone("Application", "shop-prod")
    fixture.emptied("shop-prod")
    fixture.synced("desk-prod")


def scenario_removal_undone_while_it_waits(fixture):
    """Under confirm the removal of an app is taken back before anybody confirmed: it was never touched, and prod goes on."""
    fixture.add_app("shop", ["prod"])
    fixture.commit("Add shop")
    fixture.synced("shop-prod")
    uid = fixture.uid("Deployment", "shop", "shop-prod")
    fixture.repository.remove("apps/shop")
    fixture.commit("Remove shop")
    fixture.waits("root-prod")
    fixture.add_app("shop", ["prod"])
    fixture.add_app("desk", ["prod"])
    fixture.commit("Put shop back, add desk")
    fixture.plane.terminate("root-prod")  # which waits for the commit that removed it
    fixture.synced("desk-prod", "shop-prod")
    assert fixture.uid("Deployment", "shop", "shop-prod") == uid, "it was deleted in between"


def scenario_team_with_its_app(fixture):
    """A team and its first app come in one commit and go in one: the project is there before the Application and goes after it, also
    where the Application waits for a confirmation."""
    fixture.add_team("sales", "shop")
    fixture.add_app("shop")
    fixture.commit("Add a team and its app")
    fixture.synced(*(f"shop-{environment}" for environment in fixture.environments))
    fixture.change_policy(lambda spec: spec["teams"].pop(0))
    fixture.repository.remove("apps/shop")
    fixture.commit("Remove both")
    fixture.gone("Application", "shop-dev")
    fixture.gone("AppProject", "sales-dev")
    fixture.emptied("shop-dev")
    fixture.waits("root-prod")
    fixture.plane.approve("root-prod")
    fixture.gone("Application", "shop-prod")
    fixture.gone("AppProject", "sales-prod")
    fixture.emptied("shop-prod")
