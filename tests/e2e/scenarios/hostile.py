"""One tenant attacks: its own Application says so, or shows nothing; everybody else's go on syncing, also those that come later."""


def all_others_go_on(fixture, others, besides=()):
    """After an attack: the roots are synced at its commit, a new app is synced with the next one, and nothing else has moved."""
    fixture.synced(*sorted(fixture.roots))
    fixture.add_app("later", ["dev"])
    fixture.commit("Add an app of somebody else's")
    fixture.synced("later-dev", *sorted(fixture.roots))
    assert fixture.snapshot(besides) == others, "something else changed"


def scenario_takeover(fixture):
    """An overlay that names another team's namespace and resources, and claims to be tracked by its app: refused by its project."""
    fixture.add_team("sales", "shop")
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop, of sales")
    fixture.synced("shop-dev")
    others, uid, before = fixture.snapshot(), fixture.uid("Application", "shop-dev"), fixture.resources("shop-dev")
    fixture.repository.write("apps/rival/app.yaml", "project: default\nname: shop\nnamespace: shop-dev\n")
    fixture.repository.write("apps/rival/k8s/overlays/dev/map.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop-dev
  annotations: {argocd.argoproj.io/tracking-id: "shop-dev:/ConfigMap:shop-dev/shop"}
data: {a: stolen}
""")
    fixture.repository.write(fixture.overlay("rival", "dev"), "resources: [map.yaml]\n")
    fixture.commit("Take shop over")
    fixture.says("rival-dev", "namespace shop-dev is not permitted in project")
    all_others_go_on(fixture, others)
    assert fixture.uid("Application", "shop-dev") == uid and fixture.resources("shop-dev") == before, "shop was taken over"


def scenario_application_of_another_group(fixture):
    """Where groups of directories have apps, a second directory of an app's name, also one that sorts first, takes nothing over."""
    others = fixture.snapshot()
    fixture.change_policy(lambda spec: spec["discover"].append({"path": "groups/*/{app}/k8s/overlays/{env}"}))
    for group in ("payments", "attackers", "rivals"):
        fixture.repository.write(f"groups/{group}/checkout/k8s/overlays/dev/kustomization.yaml",
                                 f"configMapGenerator: [{{name: owner, literals: [group={group}], options: {{disableNameSuffixHash: true}}}}]\n")
        fixture.commit(f"Add checkout of {group}")
        fixture.synced("checkout-dev", *sorted(fixture.roots))
    application = fixture.plane.application("checkout-dev")
    assert application["spec"]["source"]["path"] == "groups/payments/checkout/k8s/overlays/dev", application["spec"]["source"]["path"]
    assert fixture.api.get("ConfigMap", "owner", "checkout-dev")["data"] == {"group": "payments"}
    all_others_go_on(fixture, others)


def scenario_app_yaml_bomb(fixture):
    """Aliases that make more annotations than Kubernetes takes, and characters that cannot be printed: that Application has none of it."""
    others = fixture.snapshot()
    recipients = ", ".join("x" * 240 + str(number) for number in range(20))
    bomb = "notifications:\n" + "".join(f"- {{trigger: on-{number}, service: slack, recipients: {'*all' if number else '&all [' + recipients + ']'}}}\n"
                                        for number in range(50))
    bomb += "links:\n" + "".join(f"  link-{number}: 'https://example.com/{'y' * 1900}'\n" for number in range(20))
    for name, text in (("bomb", bomb), ("unprintable", 'description: "\\x9f"\n')):
        fixture.add_app(name, ["dev"])
        fixture.repository.write(f"apps/{name}/app.yaml", text)
    fixture.commit("Throw bombs")
    fixture.synced("bomb-dev", "unprintable-dev")
    all_others_go_on(fixture, others)


def scenario_stack_overflow(fixture):
    """A path of 150,000 directories, and patches that nest a value in itself: an error of those Applications, no crash of any root."""
    others = fixture.snapshot()
    fixture.add_app("long", ["dev"])
    fixture.repository.write(fixture.overlay("long", "dev"), "resources: ['" + "a/" * 150000 + "a']\n")
    fixture.add_app("deep", ["dev"])
    operations, levels = ['{"op": "replace", "path": "/data", "value": %s0%s}' % ('{"x": ' * 400, "}" * 400)], 400
    while levels < 120000:  # each copy puts all of the data at its own end
        operations.append('{"op": "copy", "from": "/data", "path": "/data%s"}' % ("/x" * levels))
        levels *= 2
    fixture.repository.write("apps/deep/k8s/overlays/dev/patch.json", "[" + ", ".join(operations) + "]\n")
    fixture.repository.write(fixture.overlay("deep", "dev"), "resources: [../../base]\npatches: [{path: patch.json, target: {kind: ConfigMap}}]\n")
    fixture.commit("Overflow stacks")
    fixture.says("long-dev", "ComparisonError", "the name is too long")
    fixture.says("deep-dev", "ComparisonError", "nested more than 1000 levels deep")
    all_others_go_on(fixture, others)


def scenario_flood_of_files(fixture):
    """12,000 files among an app's overlays, which then is none; in another's 100,000 names that are not there; a list of millions."""
    others = fixture.snapshot()
    for name in ("flood", "missing", "list"):
        fixture.add_app(name, ["dev"])
    for number in range(12000):
        fixture.repository.write(f"apps/flood/k8s/overlays/file-{number}.yaml", "")
    fixture.repository.write(fixture.overlay("missing", "dev"), "resources:\n" + "".join(f"- files/missing-{number}.yaml\n" for number in range(100000)))
    fixture.repository.write(fixture.overlay("list", "dev"), "resources: [" + "a," * 5000000 + "a]\n")
    fixture.commit("Flood the repository")
    for name in ("missing-dev", "list-dev"):
        fixture.says(name, "ComparisonError", "rootapp: apps/", seconds=300)
    assert not fixture.plane.application("flood-dev"), "too many files, and yet an app"
    all_others_go_on(fixture, others)


def scenario_slow_renders(fixture):
    """Many overlays that each take all the memory that a render may have: they take turns, and small ones do not wait for them."""
    def killed():
        with open(fixture.plane.processes.log("cmp-server"), errors="replace") as log:
            return log.read().count("signal: killed")
    others, before = fixture.snapshot(), killed()
    names = [f"heavy-{number}" for number in range(6)]
    for name in names:
        fixture.add_app(name, ["dev"])
        fixture.repository.write(f"apps/{name}/k8s/overlays/dev/many.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: many}\ndata: {a: b}\n"
                                 "list:\n" + "- {}\n" * 1600000)
        fixture.repository.write(fixture.overlay(name, "dev"), "resources: [many.yaml]\n")
    fixture.commit("Be heavy")
    all_others_go_on(fixture, others)

    for name in names:
        fixture.says(f"{name}-dev", "ComparisonError", "1500000 YAML values", seconds=300)
    assert killed() == before, "renders were killed"
