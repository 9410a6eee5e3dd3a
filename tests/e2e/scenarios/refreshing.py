"""Which Applications a commit renders anew: those that read what it changed."""

LIMITS = "apps/_components/limits/"


def limits(fixture, memory):
    """A shared component that sets the memory limit of Deployments."""
    fixture.repository.write(LIMITS + "kustomization.yaml", f"""apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target: {{kind: Deployment}}
  patch: |
    - {{op: add, path: /spec/template/spec/containers/0/resources, value: {{limits: {{memory: {memory}Mi}}}}}}
""")


def limit(fixture, app, environment):
    deployment = fixture.api.get("Deployment", app, f"{app}-{environment}")
    return deployment["spec"]["template"]["spec"]["containers"][0].get("resources", {}).get("limits", {}).get("memory")


def commit_and_see(fixture, message):
    """Commits, and returns the Applications that were rendered for it; all of them must have arrived at the commit."""
    since = len(fixture.plane.rendered())
    commit = fixture.commit(message)
    fixture.synced(*fixture.plane.applications(), commit=commit)
    return set(fixture.plane.rendered()[since:]) - fixture.roots


def scenario_shared_component(fixture):
    """A change of a shared component renders exactly the Applications that use it; one that begins to use it does so at once."""
    component = "components: [../../../../_components/limits]\n"
    limits(fixture, 64)
    fixture.add_app("shop", fields=component)
    fixture.add_app("desk")
    shops = {f"shop-{environment}" for environment in fixture.environments}
    fixture.commit("Add shop, which uses the component, and desk, which does not")
    fixture.synced(*shops, *(f"desk-{environment}" for environment in fixture.environments))

    limits(fixture, 65)
    seen = commit_and_see(fixture, "Change the component")
    assert seen == shops, f"rendered: {sorted(seen)}"
    assert {limit(fixture, "shop", environment) for environment in fixture.environments} == {"65Mi"}

    limits(fixture, 66)
    fixture.repository.write(fixture.overlay("desk", "dev"), "resources: [../../base]\n" + component)
    seen = commit_and_see(fixture, "Change the component, and let desk use it in dev")
    desks = {f"desk-{environment}" for environment in fixture.environments}  # the overlay is in the app's own directory
    assert shops | {"desk-dev"} <= seen <= shops | desks, f"rendered: {sorted(seen)}"
    assert (limit(fixture, "desk", "dev"), limit(fixture, "desk", "prod")) == ("66Mi", None)

    limits(fixture, 67)
    seen = commit_and_see(fixture, "Change the component alone")
    assert seen == shops | {"desk-dev"}, f"rendered: {sorted(seen)}"
    assert limit(fixture, "desk", "dev") == "67Mi"


def scenario_unrelated_commit(fixture):
    """What no overlay reads renders nothing anew, and every Application is at the new commit all the same."""
    fixture.repository.write("README.md", "Words\n")
    seen = commit_and_see(fixture, "Write a readme")
    assert not seen, f"rendered: {sorted(seen)}"


def scenario_one_app_changes(fixture):
    """A change of one app renders that app's Applications only."""
    settings = "apps/test-app/k8s/base/settings.env"
    fixture.repository.write(settings, fixture.repository.read(settings) + "MORE=1\n")
    seen = commit_and_see(fixture, "Change test-app")
    assert seen == {f"test-app-{environment}" for environment in fixture.environments}, f"rendered: {sorted(seen)}"
