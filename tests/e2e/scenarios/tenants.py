"""What a tenant can commit by mistake or on purpose: nobody else is affected."""

HOSTILE = {
    "project": "project: default\ndestination: {namespace: kube-system}\n",
    "aliases": "description: &a [x, x, x, x, x, x, x, x, x]\nlinks: {a: &b [*a, *a, *a, *a, *a, *a, *a], b: [*b, *b, *b, *b, *b]}\n",
    "broken": "description: [\n",
    "link": "links: {click: 'javascript:alert(1)'}\n",
    "large": "description: |\n" + "  x\n" * 40000,
    "binary": "description: \x00\x1b[2J\n",
}


def scenario_directories_that_are_no_targets(fixture):
    """An environment that is not listed, names that are too long or reserved, no kustomization file: skipped, and all others go on."""
    others = fixture.snapshot()
    fixture.add_app("shop", ["dev"])
    fixture.add_app("shop", ["qa"])
    fixture.add_app("a" * 60, ["dev"])
    fixture.add_app("root", ["dev"])
    fixture.add_app("Shouting", ["dev"])
    fixture.add_app("kube", ["dev"])
    fixture.repository.write("apps/empty/k8s/overlays/dev/readme.txt", "nothing\n")
    fixture.commit("Add shop, and much that is none")
    fixture.synced("shop-dev", "kube-dev", *fixture.roots)
    assert set(fixture.plane.applications()) == fixture.expected | {"shop-dev", "kube-dev"}, sorted(fixture.plane.applications())
    assert fixture.uid("Application", "root-dev"), "the environment's root"
    assert fixture.plane.application("root-dev")["spec"]["source"]["path"] == "argo/root", "an app took the place of a root"
    assert fixture.snapshot() == others, "something else changed"


def scenario_hostile_app_yaml(fixture):
    """An app.yaml that asks for more than it may, or cannot be read: the Application has nothing of it, and is synced."""
    others = fixture.snapshot()
    for name, text in HOSTILE.items():
        fixture.add_app(f"app-{name}", ["dev"])
        fixture.repository.write(f"apps/app-{name}/app.yaml", text)
    fixture.add_app("app-good", ["dev"])
    fixture.repository.write("apps/app-good/app.yaml", "description: Takes the money\nlinks: {docs: 'https://example.com/'}\n")
    fixture.commit("Add apps with an app.yaml each")
    for name in ("good", *HOSTILE):
        fixture.synced(f"app-{name}-dev")
        application = fixture.plane.application(f"app-{name}-dev")
        annotations, spec = application["metadata"]["annotations"], application["spec"]
        assert spec["project"] == "default-dev" and spec["destination"]["namespace"] == f"app-{name}-dev", spec
        assert ("link.argocd.argoproj.io/docs" in annotations) == (name == "good"), annotations
        assert ("info" in spec) == (name == "good"), spec
    assert fixture.snapshot() == others, "something else changed"


def scenario_applications_in_an_overlay(fixture):
    """An Application or an AppProject in a tenant's overlay: an error of that Application, and neither is made."""
    others = fixture.snapshot()
    for kind, spec in (("Application", "{project: default, source: {repoURL: 'https://example.com/x', path: .}, "
                        "destination: {server: 'https://kubernetes.default.svc', namespace: kube-system}}"),
                       ("AppProject", "{sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}]}")):
        name = f"smuggle-{kind.lower()}"
        fixture.add_app(name, ["dev"])
        fixture.repository.write(f"apps/{name}/k8s/overlays/dev/more.yaml", f"""apiVersion: argoproj.io/v1alpha1
kind: {kind}
metadata: {{name: smuggled, namespace: argocd}}
spec: {spec}
""")
        fixture.repository.write(fixture.overlay(name, "dev"), "resources: [../../base, more.yaml]\n")
    fixture.add_app("shop", ["dev"])
    fixture.commit("Smuggle")
    fixture.synced("shop-dev")
    for kind in ("Application", "AppProject"):
        fixture.says(f"smuggle-{kind.lower()}-dev", "accepted only in project 'argocd-root'")
        assert not fixture.api.get(kind, "smuggled", "argocd"), f"the {kind} was made"
    assert fixture.snapshot() == others, "something else changed"
