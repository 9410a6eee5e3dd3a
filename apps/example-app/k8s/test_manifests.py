"""What example-app adds to the template: a sealed secret in each environment, and settings and versions of their own."""
import base64
import hashlib
import itertools
from pathlib import Path

from building import ENVIRONMENTS, Overlays

RSA_4096_BYTES = 512
app = Overlays(Path(__file__).parent.parent)


def sealed(environment):
    return app.only(environment, "SealedSecret")


def test_secrets_are_sealed_for_the_place_they_are_in():
    for environment in ENVIRONMENTS:
        assert sealed(environment)["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "-1"}  # no wider scope
        for value in sealed(environment)["spec"]["encryptedData"].values():
            blob = base64.b64decode(value, validate=True)
            assert int.from_bytes(blob[:2], "big") == RSA_4096_BYTES
            assert len(blob) > 2 + RSA_4096_BYTES + 16, "the session key, the tag and something to hide"


def test_no_two_secrets_share_a_ciphertext():
    values = [value for environment in ENVIRONMENTS for value in sealed(environment)["spec"]["encryptedData"].values()]
    assert values
    assert all(one != other for one, other in itertools.combinations(values, 2))


def test_the_key_that_the_pod_reads_is_sealed():
    for environment in ENVIRONMENTS:
        for variable in app.container(environment)["env"]:
            reference = variable["valueFrom"]["secretKeyRef"]
            assert reference["name"] == sealed(environment)["metadata"]["name"]
            assert reference["key"] in sealed(environment)["spec"]["encryptedData"]


def test_a_changed_secret_starts_new_pods():
    for environment in ENVIRONMENTS:
        file = app.path(environment) / "sealed-secret.yaml"
        annotations = app.only(environment, "Deployment")["spec"]["template"]["metadata"]["annotations"]
        assert annotations["checksum/sealed-secret"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_environments_have_their_own_settings_and_follow_each_other():
    settings = [app.only(environment, "ConfigMap")["data"] for environment in ENVIRONMENTS]
    assert len({each["LOG_LEVEL"] for each in settings}) == 3
    assert len({(each["FEATURE_FAREWELLS"], each["FEATURE_SIGNATURES"]) for each in settings}) == 3
    tags = [app.container(environment)["image"].rsplit(":", 1)[1].split(".") for environment in ENVIRONMENTS]
    assert [list(map(int, tag)) for tag in tags] == sorted([list(map(int, tag)) for tag in tags], reverse=True)
    assert len(set(map(tuple, tags))) == 3
