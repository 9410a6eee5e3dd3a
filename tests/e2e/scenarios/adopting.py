"""What runs is taken over, and given back, with the commands that `rootapp adopt` prints: docs/adopt.md."""

import json
import os
import subprocess
import uuid

import programs
from control_plane import NAMESPACE, Skipped, Unmet
from fixture import KINDS, SERVERS_OWN
from processes import free_port

NAMES = [f"legacy-{number}" for number in range(10)]
SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: legacy, namespace: argocd}}
spec:
  goTemplate: true
  generators:
  - git: {{repoURL: "{url}", revision: main, directories: [{{path: "legacy/*/envs/*"}}]}}
  template:
    metadata: {{name: '{{{{index .path.segments 1}}}}-{{{{.path.basename}}}}'}}
    spec:
      project: legacy
      source: {{repoURL: "{url}", targetRevision: main, path: '{{{{.path.path}}}}'}}
      destination: {{server: "https://kubernetes.default.svc", namespace: '{{{{index .path.segments 1}}}}-{{{{.path.basename}}}}'}}
      syncPolicy: {{automated: {{prune: true, selfHeal: true}}, syncOptions: [CreateNamespace=true]}}
"""


def kubectl_program():
    program = programs.find(next(program for program in programs.PROGRAMS if program.name == "kubectl"))
    if not program:
        raise Skipped("needs kubectl")
    return program


class Shell:
    """Runs commands as somebody would who has kubectl and rootapp."""

    def __init__(self, fixture):
        self.fixture, self.folder = fixture, fixture.plane.folder_for("adopting")
        for name, path in (("kubectl", kubectl_program()), ("rootapp", fixture.plane.rootapp)):
            if not os.path.lexists(os.path.join(self.folder, name)):
                os.symlink(path, os.path.join(self.folder, name))

    def run(self, command, text=None, where=None):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=where or self.folder, input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, "KUBECONFIG": self.fixture.plane.kubeconfig, "PATH": self.folder + ":" + os.environ["PATH"]})
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout


def steps(report):
    """The printed steps: [(text, command lines as one)]."""
    found = []
    for line in report["steps"].splitlines():
        if not line.startswith(" "):
            found.append([line, ""])
        elif line.startswith("  "):
            found[-1][1] += line[2:] + "\n"
    return found


def running(fixture):
    """Each resource of the ten apps: which object it is, and which version of it."""
    found = {}
    for name in NAMES:
        for kind in KINDS:
            for thing in fixture.api.list(kind, f"{name}-dev"):
                if thing["metadata"]["name"] not in SERVERS_OWN:
                    found[name, kind, thing["metadata"]["name"]] = thing["metadata"]["uid"], thing["metadata"]["resourceVersion"]
    return found


def owners(fixture):
    """The Applications' uids, and the ApplicationSet that owns them."""
    applications = fixture.plane.applications()
    found = {}
    for name in NAMES:
        metadata = applications[f"{name}-dev"]["metadata"]
        found[name] = metadata["uid"], [owner["name"] for owner in metadata.get("ownerReferences", [])]
    return found


def start_sets(fixture):
    plane = fixture.plane
    ports = [free_port() for _ in range(3)]
    plane.start_argocd("applicationset-controller", [
        f"--argocd-repo-server={plane.repo_server}", f"--metrics-addr=127.0.0.1:{ports[0]}", f"--probe-addr=127.0.0.1:{ports[1]}",
        f"--webhook-addr=127.0.0.1:{ports[2]}", f"--namespace={NAMESPACE}"], {})


def write_apps(fixture):
    for name in NAMES:
        fixture.add_app(name, ["dev"])
        fixture.repository.move(f"apps/{name}/k8s/base", f"legacy/{name}/base")
        fixture.repository.remove(f"apps/{name}")
        fixture.repository.write(f"legacy/{name}/envs/dev/kustomization.yaml", "resources: [../../base]\n")


def settled(fixture):
    for name in NAMES:
        deployments = fixture.api.list("Deployment", f"{name}-dev")
        if len(deployments) != 1 or not deployments[0].get("status", {}).get("conditions"):
            return Unmet(f"{name} is not there yet")
    return True


def owned(fixture, by):
    """Whether all of them are there, and belong to this set alone (or, as [], to none)."""
    applications = fixture.plane.applications()
    missing = [name for name in NAMES if f"{name}-dev" not in applications]
    if missing:
        return Unmet(f"not there: {' '.join(missing)}")
    other = [name for name, (_, names) in owners(fixture).items() if names != by]
    return Unmet(f"another owner: {' '.join(other)}") if other else True


def collector_knows_them(fixture):
    """Waits until the garbage collector has read the Applications that were made before: `--cascade=orphan` takes the owner out of those
    that it knows, and those that it meets later it would collect. It reads them in order, so one without an owner, which it deletes, is the sign."""
    fixture.api.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                       "metadata": {"name": "nobodys", "namespace": NAMESPACE,
                                    "ownerReferences": [{"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "name": "never-was",
                                                         "uid": str(uuid.uuid4())}]},
                       "spec": {"project": "legacy", "source": {"repoURL": fixture.repository.url, "path": "legacy"},
                                "destination": {"server": "https://kubernetes.default.svc"}}})
    fixture.plane.wait(lambda: not fixture.plane.application("nobodys") or Unmet("it is there"), "the garbage collector has read all Applications", 120)


def scenario_application_set_is_taken_over(fixture):
    """No resource of ten running apps is deleted, made anew or changed when the roots take them over, nor on the way back."""
    shell, plane = Shell(fixture), fixture.plane
    write_apps(fixture)
    fixture.commit("Ten apps of an ApplicationSet")
    fixture.api.apply({"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "legacy", "namespace": NAMESPACE},
                       "spec": {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}],
                                "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}]}})
    start_sets(fixture)
    try:
        shell.run("kubectl apply --filename -", SET.format(url=fixture.repository.url))
        plane.wait(lambda: owned(fixture, ["legacy"]), "the ApplicationSet has made its Applications", 120)
        fixture.synced(*(f"{name}-dev" for name in NAMES), seconds=180)
        plane.wait(lambda: settled(fixture), "all of them run")
        collector_knows_them(fixture)
        before, applications = running(fixture), owners(fixture)
        assert len(before) == 3 * len(NAMES), f"what runs: {sorted(before)}"
        there(fixture, shell, before, applications)
        back(fixture, shell, before, applications)
    finally:
        plane.processes.stop("applicationset-controller")
        shell.run("kubectl --namespace argocd delete applicationset legacy --ignore-not-found --cascade=orphan --wait=false")


def report_of(shell, fixture):
    text = shell.run("kubectl get applications,applicationsets,appprojects --all-namespaces --output yaml")
    where = fixture.repository.path(".")
    return json.loads(shell.run("rootapp adopt --file - --output json", text, where))


def there(fixture, shell, before, applications):
    report = report_of(shell, fixture)
    told = {app["name"]: app for app in report["applications"] if not app.get("left")}
    assert sorted(told) == [f"{name}-dev" for name in NAMES], f"taken over: {sorted(told)}"
    differing = {name: app["differences"] for name, app in told.items() if app["differences"] or app["becomes"] != name}
    assert not differing, f"would differ: {differing}"
    shell.steps = steps(report)
    for text, command in shell.steps:
        if command.startswith("kubectl") and not text.startswith("All of them"):
            if text.startswith("Go on when"):
                fixture.plane.wait(lambda: Unmet(shell.run(command)) if shell.run(command).strip() else True, text, 60)
            printed = shell.run(command)
            assert not text.startswith("Nothing may have an owner") or printed.strip() == "", printed
    assert owned(fixture, []) is True, owned(fixture, [])
    assert running(fixture) == before, "taking the ApplicationSet away has changed what runs"
    fixture.repository.write("argo/adopted/kustomization.yaml", "generators: [rootapp.yaml]\n")
    fixture.repository.write("argo/adopted/rootapp.yaml", report["policy"])
    fixture.commit("Hand the Applications over")
    where = fixture.repository.path(".")
    shell.run("kubectl apply --filename -", shell.run("rootapp bootstrap --root argo/adopted --name adopted", where=where))
    fixture.plane.wait(lambda: labelled(fixture), "the roots have the Applications", 120)
    fixture.synced("adopted", "rootapp-dev", *(f"{name}-dev" for name in NAMES), seconds=120)
    same(fixture, before, applications, [], "when it was handed over")


def back(fixture, shell, before, applications):
    text, command = shell.steps[-1]
    assert text.startswith("The way back"), text
    shell.run(command.replace("for root in root ", "for root in adopted "))
    fixture.plane.wait(lambda: owned(fixture, ["legacy"]), "the ApplicationSet has them again", 120)
    fixture.synced(*(f"{name}-dev" for name in NAMES), seconds=120)
    left = {"adopted", "rootapp-dev"} & set(fixture.plane.applications())
    assert not left, f"there is still {left}"
    same(fixture, before, applications, ["legacy"], "on the way back")


def labelled(fixture):
    applications = fixture.plane.applications()
    without = [name for name in NAMES if "rootapp.dev/app" not in applications[f"{name}-dev"]["metadata"].get("labels", {})]
    return Unmet(f"not yet: {' '.join(without)}") if without else True


def same(fixture, before, applications, by, when):
    now = running(fixture)
    changed = sorted(thing for thing in before.keys() | now.keys() if before.get(thing) != now.get(thing))
    assert not changed, f"changed {when}: {changed}"
    expected = {name: (uid, by) for name, (uid, _) in applications.items()}
    assert owners(fixture) == expected, f"the Applications are others {when}"
