"""What is sealed in tests/seal/run and, for the real controller, in tests/e2e: repositories, values, and what is rendered of them."""
import base64, os, pathlib, subprocess

import yaml

ROOT = """apiVersion: rootapp.dev/v1alpha1
kind: RootApp
metadata: {name: apps}
spec:
  source: {repoURL: "https://github.com/example/gitops.git", targetRevision: main}
  discover:
  - path: "apps/{app}/overlays/{env}"
  environments:
  - {name: dev, destination: {name: in-cluster, namespace: "NAMESPACE"}}
  teams:
  - {name: default, apps: ["*"]}
"""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "example/shop:1", envFrom: [{secretRef: {name: shop}}]}]}
"""
OVERLAY = "apps/shop/overlays/dev/"
SEALED = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: %s\nspec:\n  encryptedData: {}\n"
SCOPES = ("strict", "namespace-wide", "cluster-wide")
LARGE = bytes(range(256)) * 4096


def values(folder):
    """Sources of values: (name, words of the command line, standard input, {key: value})."""
    folder = pathlib.Path(folder)
    (folder / "large").write_bytes(LARGE)
    (folder / "binary").write_bytes(b"\0\xff\n\0")
    (folder / "empty").write_bytes(b"")
    (folder / "newline").write_bytes(b"line\n")
    (folder / "keys.env").write_text("# both\nuser=till\nquoted='a b'\nempty=\n")
    (folder / "secret.yaml").write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {bin: AP8K}\nstringData: {text: \"gr\\u00fc\\u00dfe\"}\n")
    return [("literal", ["password"], b"hunter2", {"password": b"hunter2"}),
            ("literal-newline", ["password"], b"hunter2\n\n", {"password": b"hunter2\n"}),
            ("unicode", ["password"], "gr\u00fc\u00dfe \U0001f511".encode(), {"password": "gr\u00fc\u00dfe \U0001f511".encode()}),
            ("file-1MB", ["--from-file", f"large={folder}/large"], b"", {"large": LARGE}),
            ("binary", ["--from-file", f"a.b-c_d={folder}/binary"], b"", {"a.b-c_d": b"\0\xff\n\0"}),
            ("trailing-newline", ["--from-file", f"line={folder}/newline"], b"", {"line": b"line\n"}),
            ("env-file", ["--from-env-file", f"{folder}/keys.env"], b"", {"user": b"till", "quoted": b"'a b'", "empty": b""}),
            ("empty", ["--from-file", f"empty={folder}/empty"], b"", {"empty": b""}),
            ("manifest", ["--from-secret", f"{folder}/secret.yaml"], b"", {"bin": b"\0\xff\n", "text": "gr\u00fc\u00dfe".encode()})]


def overlay(kustomization, namespace="{app}-{env}", **files):
    made = {"argo/root/kustomization.yaml": "generators: [rootapp.yaml]\n", "argo/root/rootapp.yaml": ROOT.replace("NAMESPACE", namespace),
            OVERLAY + "kustomization.yaml": kustomization, OVERLAY + "deployment.yaml": DEPLOYMENT}
    made.update({name.replace("__", "/").replace("_yaml", ".yaml"): text for name, text in files.items()})
    return made


def renames():
    """Overlays that change names and namespaces: (name, files, words, whether it is sealed)."""
    own = {OVERLAY + "sealed.yaml": SEALED % "shop"}
    base = {"apps/shop/base/kustomization.yaml": "resources: [sealed.yaml]\n", "apps/shop/base/sealed.yaml": SEALED % "shop"}
    component = {"components/ns/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamespace: from-component\n"}
    suffix = {"components/suffix/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n"}
    wide = SEALED.replace("  name: %s\n", "  name: shop\n  annotations: {sealedsecrets.bitnami.com/%s: \"true\"}\n")
    both = "resources: [deployment.yaml, sealed.yaml]\n"

    def case(name, kustomization, extra, sealed=True, words=(), namespace="{app}-{env}"):
        return name, {**overlay(kustomization, namespace), **extra}, list(words), sealed
    patch = "patches:\n- target: {kind: SealedSecret}\n  patch: |\n    - {op: replace, path: /metadata/%s, value: %s}\n"
    return [
        case("plain", both, own),
        case("new", "resources: [deployment.yaml]\n", {}),
        case("new-with-prefix", "namePrefix: blue-\nresources: [deployment.yaml]\n", {}),
        case("prefix", "namePrefix: blue-\n" + both, own),
        case("suffix", "nameSuffix: -v2\n" + both, own),
        case("prefix-suffix-namespace", "namePrefix: a-\nnameSuffix: -z\nnamespace: till\n" + both, own),
        case("namespace", "namespace: till\n" + both, own),
        case("namespace-in-file", both, {OVERLAY + "sealed.yaml": SEALED.replace("  name: %s\n", "  name: shop\n  namespace: written\n")}),
        case("namespace-over-file", "namespace: till\n" + both, {OVERLAY + "sealed.yaml": SEALED.replace("  name: %s\n", "  name: shop\n  namespace: written\n")}),
        case("component-namespace", both + "components: [../../../../components/ns]\n", {**own, **component}),
        case("component-suffix", both + "components: [../../../../components/suffix]\n", {**own, **suffix}),
        case("transformer", both + "transformers: [ns.yaml]\n", {**own, OVERLAY + "ns.yaml": "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: ns, namespace: till}\nfieldSpecs: [{path: metadata/namespace, create: true}]\n"}),
        case("patch-renames", both + patch % ("name", "renamed"), own),
        case("patch-namespace", "namespace: till\n" + both + patch % ("namespace", "patched"), own),
        case("namespace-wide-prefix", "namePrefix: blue-\n" + both, {OVERLAY + "sealed.yaml": wide % "namespace-wide"}),
        case("cluster-wide-namespace", "namespace: till\n" + both, {OVERLAY + "sealed.yaml": wide % "cluster-wide"}),
        case("scope-by-patch", both + "commonAnnotations: {sealedsecrets.bitnami.com/cluster-wide: \"true\"}\n", own),
        case("nested-overlay", "namePrefix: outer-\nresources: [deployment.yaml, inner]\n", {OVERLAY + "inner/kustomization.yaml": "namePrefix: inner-\nresources: [sealed.yaml]\n", OVERLAY + "inner/sealed.yaml": SEALED % "shop"}),
        case("two-with-prefix", "namePrefix: p-\nresources: [deployment.yaml, sealed.yaml]\n", {OVERLAY + "sealed.yaml": SEALED % "other" + "---\n" + SEALED % "shop"}, words=["--secret", "p-shop"]),
        case("of-the-base", "namespace: till\nresources: [deployment.yaml, ../../base]\n", base, sealed=False, words=["--secret", "shop"]),
        case("two-unnamed", both, {OVERLAY + "sealed.yaml": SEALED % "other" + "---\n" + SEALED % "shop"}, sealed=False),
        case("plain-secret-rendered", both + "generatorOptions: {disableNameSuffixHash: true}\nsecretGenerator: [{name: shop, literals: [a=b]}]\n", {OVERLAY + "sealed.yaml": SEALED.replace("%s", "other")}, sealed=False, words=["--secret", "shop"]),
    ]


def write(folder, files):
    for name, text in files.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    os.makedirs(os.path.join(folder, ".git"), exist_ok=True)


def seal(program, folder, words, given=b"", kubeseal=None, certificate=None):
    environment = dict(os.environ, **({"KUBESEAL": kubeseal} if kubeseal else {}))
    more = ["--cert", certificate] if certificate else []
    return subprocess.run([program, "seal", *more, "shop/dev", *words], cwd=folder, input=given, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rendered(program, folder, namespace="shop-dev"):
    """The SealedSecrets that are rendered, in their namespaces."""
    ended = subprocess.run([program, "build", OVERLAY], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    found = [thing for thing in yaml.safe_load_all(ended.stdout) if thing["kind"] == "SealedSecret"]
    for thing in found:
        thing["metadata"].setdefault("namespace", namespace)
    return found


def decoded(secret):
    return {key: base64.b64decode(value or "") for key, value in (secret.get("data") or {}).items()}
