"""A repository of many apps, each a copy of this repository's example: 30 files, a third of them no manifests."""

import os
import shutil

EXAMPLE = "apps/example-app"
COMPONENT = "tests/bench/argocd/restricted"
LEFT_OUT = {"requirements-dev.in", "requirements-dev.txt", "requirements.in", ".gitignore", "app.yaml", "test/integration_test.py",
            "k8s/base/secret-sealed.yaml", "k8s/test_manifests.py"}  # so that it is 30 files an app
ENVIRONMENTS = ("dev", "staging", "prod")
TEAM_SIZE = 10
# Where the component that every app uses lies, seen from an app's own directory, and which paths discovery looks at.
LAYOUTS = {
    "shared": ("../_components/restricted", "apps/{app}/k8s/overlays/{env}"),    # one for all apps
    "team": ("../_components/restricted", "apps/*/{app}/k8s/overlays/{env}"),    # one in each team's directory
    "own": ("k8s/components/restricted", "apps/{app}/k8s/overlays/{env}"),       # one in each app's directory
}
POLICY = """apiVersion: rootapp.dev/v1alpha1
kind: RootApp
metadata: {{name: apps}}
spec:
  source: {{repoURL: "{url}", targetRevision: main}}
  partition: {partition}
  discover:
  - path: "{path}"
  environments:
{environments}  teams:
  - {{name: default, apps: ["*"]}}
  application: {{renderer: {renderer}}}
{more}"""


def texts(folder):
    """The texts of its files by name, without those that tests leave behind."""
    found = {}
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".venv", "__pycache__", ".pytest_cache")]
        for name in names:
            with open(os.path.join(path, name)) as file:
                found[os.path.relpath(os.path.join(path, name), folder)] = file.read()
    return found


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def write_apps(folder, top, apps, layout):
    app = {name: text for name, text in texts(os.path.join(top, EXAMPLE)).items() if name not in LEFT_OUT}
    component = texts(os.path.join(top, COMPONENT))
    place, _ = LAYOUTS[layout]
    for number in range(apps):
        group = f"team-{number // TEAM_SIZE}/" if layout == "team" else ""
        own = f"apps/{group}app-{number}"
        for name, text in app.items():
            if name == "k8s/base/kustomization.yaml":
                text += f"\ncomponents:\n- {os.path.relpath(f'{own}/{place}', f'{own}/k8s/base')}\n"
            write(folder, f"{own}/{name}", text.replace("example-app", f"app-{number}"))
        for name, text in component.items():
            write(folder, os.path.normpath(f"{own}/{place}/{name}"), text)


def write_policy(folder, layout, url, partition, renderer="plugin", mirror=False):
    environments = "".join(f"  - {{name: {name}, destination: {{name: in-cluster}}}}\n" for name in ENVIRONMENTS)
    write(folder, "argo/root/kustomization.yaml", "generators: [rootapp.yaml]\n")
    write(folder, "argo/root/rootapp.yaml", POLICY.format(url=url, path=LAYOUTS[layout][1], partition=partition, renderer=renderer,
                                                          environments=environments,
                                                          more='  argocdVersion: "3.6"\n  mirror: true\n' if mirror else ""))


def write_repository(folder, top, apps, layout, url, partition):
    """Writes it, without git's part. The number of its files."""
    shutil.rmtree(os.path.join(folder, "apps"), ignore_errors=True)
    write_policy(folder, layout, url, partition)
    write_apps(folder, top, apps, layout)
    return sum(len(files) for path, _, files in os.walk(folder) if "/.git" not in path)
