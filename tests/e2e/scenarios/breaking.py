"""Commits that break something."""

from control_plane import Unmet
from fixture import POLICY


def uids(fixture):
    return {name: application["metadata"]["uid"] for name, application in fixture.plane.applications().items()}


def scenario_overlay_is_broken(fixture):
    """The error, with file and line, is on that Application only; what runs stays; the next commit heals."""
    fixture.add_app("shop")
    fixture.commit("Add shop")
    names = [f"shop-{environment}" for environment in fixture.environments]
    fixture.synced(*names)
    running, others = fixture.resources("shop-dev"), fixture.snapshot()
    overlay = fixture.overlay("shop", "dev")
    fixture.repository.write(overlay, "resources: [../../base]\nreplicas:\n- {name: shpo, count: 2}\n")
    broken = fixture.commit("Break shop in dev")
    fixture.says("shop-dev", "ComparisonError", "rootapp: apps/shop/k8s/overlays/dev/kustomization.yaml:3:10: ", "shpo")
    assert fixture.resources("shop-dev") == running, "what ran changed"
    fixture.synced("shop-staging", "shop-prod", "root-dev", commit=broken)
    assert fixture.snapshot() == others, "something else changed"
    fixture.repository.write(overlay, "resources: [../../base]\ncommonAnnotations: {healed: 'yes'}\n")
    fixture.commit("Heal it")
    fixture.synced("shop-dev")
    assert fixture.resources("shop-dev")["Service/shop"]["metadata"]["annotations"]["healed"] == "yes"


def scenario_policy_is_broken(fixture):
    """Every root says where; every Application stays as it is, and goes on following its overlay; the next commit heals."""
    before, others = uids(fixture), fixture.snapshot(besides=["test-app-dev"])
    policy = fixture.repository.read(POLICY)
    fixture.repository.write(POLICY, policy.replace("  discover:", "  discovr:"))
    fixture.repository.edit(fixture.overlay("test-app", "dev"), "count: 1", "count: 4")
    commit = fixture.commit("Break the policy")
    for name in sorted(fixture.roots):
        fixture.says(name, "ComparisonError", POLICY, "discovr")
    assert uids(fixture) == before, "Applications changed"
    fixture.synced("test-app-dev", commit=commit)
    assert fixture.api.get("Deployment", "test-app", "test-app-dev")["spec"]["replicas"] == 4
    assert fixture.snapshot(besides=["test-app-dev"]) == others, "something changed"
    fixture.repository.write(POLICY, policy)
    fixture.commit("Heal it")
    fixture.synced(*fixture.roots)
    assert uids(fixture) == before, "Applications changed"


def scenario_discovery_finds_nothing(fixture):
    """A policy whose paths match nothing is an error, and everything stays."""
    before, others = uids(fixture), fixture.snapshot()
    fixture.change_policy(lambda spec: spec.update(discover=[{"path": "applications/{app}/k8s/overlays/{env}"}]))
    fixture.commit("Look elsewhere")
    for name in sorted(fixture.roots):
        fixture.says(name, "ComparisonError", "allowEmpty")
    assert uids(fixture) == before and fixture.snapshot() == others, "something changed"


def scenario_apps_vanish(fixture):
    """All apps are removed in one commit: an error, and everything stays."""
    before, others = uids(fixture), fixture.snapshot()
    for app in fixture.apps:
        fixture.repository.remove(f"apps/{app}")
    fixture.commit("Remove everything")
    for name in sorted(fixture.roots):
        fixture.says(name, "ComparisonError", "allowEmpty")
    assert uids(fixture) == before and fixture.snapshot() == others, "something changed"


def scenario_root_names_no_policy(fixture):
    """The root's kustomization loses its generator, and later has other things in it: every Application stays."""
    before, others = uids(fixture), fixture.snapshot()
    for text in ("resources: []\n", "resources: [extra.yaml]\n"):
        fixture.repository.write("argo/root/kustomization.yaml", text)
        fixture.repository.write("argo/root/extra.yaml", """apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: extra, namespace: argocd}
spec: {description: by hand}
""")
        fixture.commit("Lose the generator")
        fixture.plane.wait(lambda: fixture.plane.application("root")["status"]["sync"]["status"] != "Synced" or
                           Unmet("the root is synced"), "the root is not synced")
        assert uids(fixture) == before and fixture.snapshot() == others, "something changed"
