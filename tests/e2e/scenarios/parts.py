"""What Argo CD sends to the plugin: an app's manifests alone where that is enough, or its group's directory; and everything where it is
not (any more), unless Argo CD's own kustomize then takes over."""

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
    """A small app's manifests are sent alone. A commit that makes it use something outside heals without another commit or refresh; so
    does one that puts a link among them, and nobody else's render is touched."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("root-dev", "shop-dev")
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("shop-dev", kind="hard")
    assert "overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)

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
    assert "overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)

    fixture.repository.link("apps/shop/k8s/policy", "../../../argo/root/rootapp.yaml")
    fixture.commit("Link out of the app")
    fixture.synced("root-dev", "shop-dev")
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("shop-dev", kind="hard")
    assert "apps/shop/k8s/overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)
    assert fixture.snapshot() == before, "something else changed"


def scenario_source_code_changes(fixture):
    """A commit to an app's sources renders nothing anew: they lie beside its manifests."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("root-dev", "shop-dev")
    since = len(fixture.plane.rendered())
    fixture.repository.write("apps/shop/src/main.py", "print()\n")
    fixture.commit("Change the sources")
    fixture.synced("root-dev", "shop-dev")
    seen = set(fixture.plane.rendered()[since:]) - fixture.roots
    assert not seen, f"rendered: {sorted(seen)}"


def add_grouped_app(fixture, name):
    """An app of the group teams/search that uses the group's component."""
    fixture.repository.write(f"teams/search/{name}/k8s/base/kustomization.yaml", "resources: [service.yaml]\n")
    fixture.repository.write(f"teams/search/{name}/k8s/base/service.yaml", f"""apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}
""")
    fixture.repository.write(f"teams/search/{name}/k8s/overlays/dev/kustomization.yaml",
                             "{resources: [../../base], components: [../../../../_components/label]}")


def add_group(fixture):
    fixture.change_policy(lambda spec: spec["discover"].append({"path": "teams/*/{app}/k8s/overlays/{env}"}))
    fixture.repository.write("teams/search/_components/label/kustomization.yaml", COMPONENT)
    for name in ("news", "mail"):
        add_grouped_app(fixture, name)


def scenario_a_group_shares_a_component(fixture):
    """Apps of a group are sent their group's directory. A link that leads out of it, in one of them, fails none of them for long, and
    nobody else; and its changes refresh all of the group and nobody else."""
    before = fixture.snapshot()
    add_group(fixture)
    fixture.commit("Add a group")
    fixture.synced("root-dev", "news-dev", "mail-dev")
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("news-dev", "mail-dev", kind="hard")
    assert {"news/k8s/overlays/dev", "mail/k8s/overlays/dev"} <= set(rendered(fixture, seen)), rendered(fixture, seen)

    since = len(fixture.plane.rendered())
    fixture.repository.write("teams/search/_components/label/kustomization.yaml", COMPONENT.replace("from: component", "from: group"))
    fixture.commit("Change the component")
    fixture.synced("news-dev", "mail-dev")
    assert set(fixture.plane.rendered()[since:]) - fixture.roots == {"news-dev", "mail-dev"}
    labels = fixture.resources("news-dev")["Service/news"]["metadata"]["labels"]
    assert labels["from"] == "group", labels

    fixture.repository.link("teams/search/mail/policy", "../../../argo/root/rootapp.yaml")
    fixture.commit("Link out of the group")
    fixture.synced("root-dev", "news-dev", "mail-dev")
    seen = len(fixture.plane.renders())
    fixture.plane.refresh("news-dev", kind="hard")
    assert "teams/search/news/k8s/overlays/dev" in rendered(fixture, seen), rendered(fixture, seen)
    fixture.synced("news-dev", "mail-dev")
    assert fixture.snapshot() == before, "something else changed"


DENIED = {"namespaceResourceBlacklist": [{"group": "", "kind": "Secret"}]}


def natively(spec):
    spec["application"]["renderer"] = "auto"
    spec["projects"]["template"] = {"spec": DENIED}


def scenario_renderer_auto(fixture):
    """Where everything would have to be sent and that is much, Argo CD's own kustomize renders the same; others stay with the plugin. A
    Secret in plain text, which it does not refuse, is then refused by the project."""
    fixture.add_app("shop", ["dev"])
    fixture.add_app("desk", ["dev"], fields="components: [../../../../_components/late]\n")
    fixture.repository.write("apps/_components/late/kustomization.yaml", COMPONENT)
    fixture.commit("Add shop, which stands alone, and desk, which does not")
    fixture.synced("root-dev", "shop-dev", "desk-dev")
    before = fixture.resources("desk-dev")
    for number in range(501):
        fixture.repository.write(f"docs/{number}.md", "Words\n")
    fixture.change_policy(natively)
    fixture.commit("Let Argo CD render what would need a copy of many files")
    fixture.synced("root-dev", "shop-dev", "desk-dev")

    def source(name):
        return fixture.plane.application(name)["spec"]["source"]
    fixture.plane.wait(lambda: "plugin" not in source("desk-dev") or Unmet(source("desk-dev")), "desk has no plugin")
    assert "plugin" in source("shop-dev") and "plugin" in source("root-dev")
    fixture.plane.refresh("desk-dev", kind="hard")
    fixture.synced("desk-dev")
    assert fixture.plane.application("desk-dev")["status"]["sourceType"] == "Kustomize"
    assert fixture.resources("desk-dev") == before, "another render"

    fixture.repository.write("apps/desk/k8s/base/secret.yaml",
                             "{apiVersion: v1, kind: Secret, metadata: {name: desk}, stringData: {a: b}}\n")
    fixture.repository.edit("apps/desk/k8s/base/kustomization.yaml", "service.yaml]", "service.yaml, secret.yaml]")
    fixture.commit("Forget to seal a Secret")
    fixture.says("desk-dev", "Secret is not permitted in project")
    assert not fixture.api.get("Secret", "desk", "desk-dev")
