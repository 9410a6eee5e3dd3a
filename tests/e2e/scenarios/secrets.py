"""Sealed secrets, with the real controller; and plain ones."""

import base64
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../seal"))
import cases
from control_plane import Skipped, Unmet


def needs_controller(fixture):
    if not fixture.plane.sealed_secrets:
        raise Skipped("the sealed-secrets controller needs mounts of its own, which are not permitted here")


def opened(fixture, name, namespace, key):
    """Waits until the Secret is there; the value."""
    def value():
        secret = fixture.api.get("Secret", name, namespace)
        return base64.b64decode(secret["data"][key]).decode() if secret else Unmet("no Secret")
    return fixture.plane.wait(value, f"Secret {name} is in {namespace}")


def scenario_sealed_secret_in_each_overlay(fixture):
    """The examples' own: each is decrypted in its namespace."""
    needs_controller(fixture)
    for environment in fixture.environments:
        value = opened(fixture, "example-app", f"example-app-{environment}", "signing-key")
        assert value == f"signing-key of example-app-{environment}", f"{environment}: {value}"


def scenario_sealed_for_another_namespace(fixture):
    """A SealedSecret that was copied from another overlay is not decrypted."""
    needs_controller(fixture)
    sealed = fixture.plane.seal("shop-dev", "shop", key="open sesame")
    fixture.add_app("shop", ["dev", "staging"])
    for environment in ("dev", "staging"):
        fixture.repository.write(f"apps/shop/k8s/overlays/{environment}/sealed.yaml", sealed)
        fixture.repository.write(fixture.overlay("shop", environment),
                                 f"namespace: shop-{environment}\nresources: [../../base, sealed.yaml]\n")
    fixture.commit("Add shop with a sealed secret, and the same one in staging")
    fixture.synced("shop-dev", "shop-staging")
    assert opened(fixture, "shop", "shop-dev", "key") == "open sesame"

    def refused():
        status = fixture.api.get("SealedSecret", "shop", "shop-staging").get("status", {})
        said = [condition.get("message", "") for condition in status.get("conditions", []) if condition["status"] == "False"]
        return any("no key could decrypt secret" in text for text in said) or Unmet(str(said))
    fixture.plane.wait(refused, "it is refused in staging")
    assert not fixture.api.get("Secret", "shop", "shop-staging"), "it was decrypted in staging too"


def scenario_plain_secret_is_refused(fixture):
    """A Secret in plain text is an error of its Application and reaches no cluster."""
    fixture.add_app("shop", ["dev"])
    fixture.repository.write(fixture.overlay("shop", "dev"),
                             "resources: [../../base]\nsecretGenerator:\n- {name: shop, literals: [key=plain]}\n")
    fixture.commit("Add shop with a plain secret")
    fixture.says("shop-dev", "a Secret in plain text is refused")
    assert not [secret for secret in fixture.api.list("Secret", "shop-dev") if secret["metadata"]["name"].startswith("shop")]


def sealed_cases(fixture, work):
    """What rootapp seals for this controller: (name, SealedSecret, scope, values), in namespaces of their own."""
    program, plane = fixture.plane.rootapp, fixture.plane
    made = [(f"{scope} {name}", cases.overlay("resources: [deployment.yaml]\n", f"values-{number}"), ["--scope", scope, *words], given, scope, expected)
            for number, scope in enumerate(cases.SCOPES) for name, words, given, expected in cases.values(work) if name != "file-1MB" or scope == "strict"]
    made += [(name, files, ["password", *words], b"hunter2", None, {"password": b"hunter2"}) for name, files, words, accepted in cases.renames() if accepted]
    for number, (name, files, words, given, scope, expected) in enumerate(made):
        folder = tempfile.mkdtemp(dir=work)
        cases.write(folder, files)
        ended = cases.seal(program, folder, words, given, plane.paths["kubeseal"], plane.sealing_certificate)
        assert ended.returncode == 0, f"{name}: {ended.stderr}"
        namespace = f"values-{cases.SCOPES.index(scope)}" if scope else "shop-dev"
        sealed = next(one for one in cases.rendered(program, folder, namespace) if set(expected) <= set(one["spec"].get("encryptedData") or {}))
        notes = sealed["metadata"].get("annotations", {})
        scope = next((one for one in cases.SCOPES[:0:-1] if notes.get(f"sealedsecrets.bitnami.com/{one}") == "true"), "strict")
        yield name, sealed, scope, expected


def decided(fixture, name, namespace):
    """Waits until the controller has opened a SealedSecret, or has said that it cannot; its values, or None."""
    def answer():
        secret = fixture.api.get("Secret", name, namespace)
        sealed = fixture.api.get("SealedSecret", name, namespace) or {}
        conditions = sealed.get("status", {}).get("conditions", [])
        if any(condition["status"] == "False" and "no key could decrypt" in condition.get("message", "") for condition in conditions):
            return [None]
        synced = any(condition["type"] == "Synced" and condition["status"] == "True" for condition in conditions)
        return [cases.decoded(secret)] if secret and synced else Unmet(str(conditions))
    return fixture.plane.wait(answer, f"the controller has looked at {name} in {namespace}")[0]


def put_sealed(fixture, sealed, name, namespace):
    if not fixture.api.get("Namespace", namespace):
        fixture.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    metadata = {"name": name, "namespace": namespace, "annotations": sealed["metadata"].get("annotations", {})}
    fixture.api.apply({**sealed, "metadata": metadata})


def scenario_sealed_by_rootapp(fixture):
    """Every value that rootapp seals is opened by the real controller, in the place that it was sealed for, and as far as its scope goes."""
    needs_controller(fixture)
    work = tempfile.mkdtemp()
    opened_here = refused = 0
    try:
        for name, sealed, scope, expected in sealed_cases(fixture, work):
            own, namespace = sealed["metadata"]["name"], sealed["metadata"]["namespace"]
            unique = "case-" + namespace if namespace in ("default", "kube-system") else namespace
            places = [(own, unique, True), ("elsewhere", unique, scope != "strict"), (own, "elsewhere", scope == "cluster-wide")]
            for place_name, place, opens in places:
                put_sealed(fixture, sealed, place_name, place)
                got = decided(fixture, place_name, place)
                assert got == (expected if opens else None), f"{name}: as {place_name} in {place}: {'not opened' if got is None else 'opened'}"
                opened_here, refused = opened_here + opens, refused + (not opens)
            for place_name, place, opens in places:
                fixture.api.delete("SealedSecret", place_name, place)
                fixture.api.delete("Secret", place_name, place)
    finally:
        shutil.rmtree(work)
    print(f"    the controller opened {opened_here}, where they were sealed for, and refused {refused} elsewhere", flush=True)
