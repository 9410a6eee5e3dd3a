"""Sealed secrets, with the real controller; and plain ones."""

import base64

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
