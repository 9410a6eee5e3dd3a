"""What Argo CD sends to the plugin: an app's directory alone where that is enough, and everything where it is not (any more)."""

from control_plane import Unmet

COMPONENT = """apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
labels: [{pairs: {from: component}}]
"""


def has_label(fixture, namespace):
    labels = fixture.resources(namespace)["Service/shop"]["metadata"].get("labels", {})
    return labels.get("from") == "component" or Unmet(labels)


def rendered(fixture, since):
    """The directories that were rendered of what Argo CD has sent since."""
    return fixture.plane.renders()[since:]


def scenario_an_app_begins_to_use_a_component(fixture):
    """A small app is sent alone. A commit that makes it use something outside heals without another commit or refresh; so does one
    that puts a link into its directory, and nobody else's render is touched."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("root-dev", "shop-dev")
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("shop-dev", kind="hard")
    assert "k8s/overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)

    before = fixture.snapshot()
    fixture.repository.write("apps/_components/late/kustomization.yaml", COMPONENT)
    fixture.repository.write(fixture.overlay("shop", "dev"), "{resources: [../../base], components: [../../../../_components/late]}")
    fixture.commit("Use a component")
    fixture.synced("shop-dev", seconds=25)  # well before the next poll is over
    fixture.plane.wait(lambda: has_label(fixture, "shop-dev"), "the component has been applied")
    assert fixture.snapshot() == before, "something else changed"

    fixture.repository.remove("apps/_components/late")
    fixture.repository.write(fixture.overlay("shop", "dev"), "resources: [../../base]")
    fixture.commit("Use it no more")
    fixture.synced("root-dev", "shop-dev")
    fixture.plane.wait(lambda: "from" not in fixture.resources("shop-dev")["Service/shop"]["metadata"].get("labels", {}),
                       "the component has been taken away")
    fixture.synced("root-dev", "shop-dev")  # the root says how much of the repository is sent
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("shop-dev", kind="hard")
    assert "k8s/overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)

    fixture.repository.link("apps/shop/policy", "../../argo/root/rootapp.yaml")
    fixture.commit("Link out of the app")
    fixture.synced("root-dev", "shop-dev")
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("shop-dev", kind="hard")
    assert "apps/shop/k8s/overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)
    assert fixture.snapshot() == before, "something else changed"
