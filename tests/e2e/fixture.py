"""The start of every scenario: this repository's own argo/ and apps/ in a repository of the tests, its root Application applied.

A scenario changes the repository and looks at the API server. Afterwards the runner restores the start, whatever happened."""

import os
import re
import subprocess

import yaml

from control_plane import LONG, NAMESPACE, TOP, Unmet, load, messages

URL = "https://github.com/example/gitops.git"
POLICY = "argo/root/rootapp.yaml"
KUSTOMIZATION = "argo/root/kustomization.yaml"
NEWEST = (3, 6)  # of which every field may be set where a policy does not say a version
# What a render of the examples consists of, and what is compared to see that nothing else changed.
KINDS = ["ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount", "SealedSecret"]
SERVERS_OWN = {"default", "kube-root-ca.crt"}  # made by Kubernetes in each namespace


class Fixture:
    def __init__(self, plane):
        self.plane, self.repository, self.api = plane, plane.repository, plane.api
        names = subprocess.run(["git", "ls-files", "-z", "argo", "apps"], cwd=TOP, check=True, stdout=subprocess.PIPE,
                               text=True).stdout.split("\0")
        self.repository.copy(TOP, [name for name in names if name])
        for name in (POLICY, "argo/root-app.yaml"):
            self.repository.write(name, self.repository.read(name).replace(URL, self.repository.url))
        self.suit_version()
        self.seal_again()
        self.start = self.head = self.repository.commit("The start")
        policy = load(os.path.join(TOP, POLICY))[0]["spec"]
        self.environments = [environment["name"] for environment in policy["environments"]]
        self.apps = sorted(name for name in os.listdir(os.path.join(TOP, "apps")) if not name.startswith("_"))
        self.roots = {"root", *("root-" + name for name in self.environments)}
        self.expected = self.roots | {f"{app}-{name}" for app in self.apps for name in self.environments}
        plane.apply_file(self.repository.path("argo/root-app.yaml"))
        plane.refresh("root")  # it may have been seen before its project, and is then looked at again only at the next poll
        plane.wait(lambda: self.is_complete(self.start, ["Succeeded"]), "the examples are synced", 180)
        self.expected_projects = self.projects()

    def suit_version(self):
        """An Argo CD before the newest is told to the policy, with the patch of docs/versions.md where it needs that."""
        if self.has(*NEWEST):
            return
        self.change_policy(lambda spec: spec.update(argocdVersion="{}.{}".format(*self.plane.argocd_version)))
        if not self.has(3, 3):
            with open(os.path.join(TOP, "docs/versions.md")) as page:
                patch = next(block for block in re.findall(r"^```yaml\n(.*?)^```$", page.read(), re.M | re.S) if block.startswith("patches:"))
            self.repository.write(KUSTOMIZATION, self.repository.read(KUSTOMIZATION) + patch)

    def has(self, *version):
        """Whether this Argo CD is of a version, or newer."""
        return self.plane.argocd_version >= version

    def projects(self):
        return {project["metadata"]["name"] for project in self.api.list("AppProject", NAMESPACE)}

    def seal_again(self):
        """The examples' SealedSecrets are sealed for a key that nobody has: here for the key of the controller that runs."""
        for folder, _, files in os.walk(self.repository.path("apps")):
            for name in [name for name in files if name == "sealed-secret.yaml"]:
                path = os.path.relpath(os.path.join(folder, name), self.repository.checkout)
                if not self.plane.sealed_secrets:  # nobody says that they are healthy, and a sync would wait for that
                    self.repository.edit(os.path.join(os.path.dirname(path), "kustomization.yaml"), "- sealed-secret.yaml\n", "")
                    continue
                sealed = yaml.safe_load(self.repository.read(path))
                metadata, data = sealed["metadata"], sealed["spec"]["encryptedData"]
                values = {key: f"{key} of {metadata['namespace']}" for key in data}
                again = self.plane.seal(metadata["namespace"], metadata["name"], **values)
                sealed["spec"]["encryptedData"] = yaml.safe_load(again)["spec"]["encryptedData"]
                self.repository.write(path, yaml.safe_dump(sealed))

    def is_complete(self, commit, phases):
        """Whether the Applications of the start, and no others, are synced at a commit."""
        names = set(self.plane.applications())
        if names != self.expected:
            return Unmet(f"not as at the start: {' '.join(sorted(names ^ self.expected))}")
        answers = [self.plane.is_synced(name, commit, phases) for name in sorted(names)]
        return next((answer for answer in answers if answer is not True), True)

    # Changes of the repository

    def commit(self, message, *names, branch="main"):
        """Commits, and has Argo CD notice as from a webhook: all Applications at once, or only these."""
        self.head = self.repository.commit(message, branch)
        self.plane.refresh(*names)
        return self.head

    def add_app(self, name, environments=None, settings="a: b", fields="", namespace=""):
        """A small app: a Deployment, a Service and a ConfigMap; `fields` are more lines of each overlay."""
        base = f"apps/{name}/k8s/base/"
        self.repository.write(base + "kustomization.yaml", f"""resources: [deployment.yaml, service.yaml]
configMapGenerator:
- {{name: {name}, literals: ["{settings.replace(': ', '=')}"], options: {{disableNameSuffixHash: true}}}}
""")
        labels = f"{{app: {name}}}"
        self.repository.write(base + "deployment.yaml", f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  replicas: 0
  selector: {{matchLabels: {labels}}}
  template:
    metadata: {{labels: {labels}}}
    spec: {{containers: [{{name: app, image: "example/{name}:1.0.0"}}]}}
""")
        self.repository.write(base + "service.yaml", f"""apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {labels}, ports: [{{port: 80}}]}}
""")
        for environment in environments or self.environments:
            self.repository.write(self.overlay(name, environment), f"resources: [../../base]\n{fields}")

    def overlay(self, app, environment):
        """The kustomization of an overlay."""
        return f"apps/{app}/k8s/overlays/{environment}/kustomization.yaml"

    def change_policy(self, change):
        """Calls `change` with the policy's spec, and writes what it is afterwards."""
        policy = yaml.safe_load(self.repository.read(POLICY))
        change(policy["spec"])
        self.repository.write(POLICY, yaml.safe_dump(policy, sort_keys=False))

    def set_environment(self, name, **fields):
        self.change_policy(lambda spec: next(item for item in spec["environments"] if item["name"] == name).update(fields))

    def add_team(self, name, *apps, **fields):
        """A team above the others, of which the last one takes everything."""
        self.change_policy(lambda spec: spec["teams"].insert(0, {"name": name, "apps": list(apps), **fields}))

    # Looking at the cluster

    def synced(self, *names, commit=None, seconds=LONG):
        for name in names:
            self.plane.wait(lambda: self.plane.is_synced(name, commit or self.head), f"{name} is synced", seconds)

    def gone(self, kind, name, namespace=NAMESPACE, seconds=LONG):
        self.plane.wait(lambda: not self.api.get(kind, name, namespace) or Unmet("it is there"), f"{kind} {name} is gone", seconds)

    def emptied(self, namespace, seconds=LONG):
        def empty():
            left = self.resources(namespace)
            return Unmet(" ".join(sorted(left))) if left else True
        self.plane.wait(empty, f"nothing is left in {namespace}", seconds)

    def resources(self, namespace):
        """What is there of what apps consist of: {"Kind/name": object without what the servers keep in it}."""
        found = {}
        for kind in KINDS:
            for thing in self.api.list(kind, namespace):
                if thing["metadata"]["name"] not in SERVERS_OWN:
                    thing.pop("status", None)
                    for field in ("managedFields", "resourceVersion"):
                        thing["metadata"].pop(field, None)
                    found[f"{kind}/{thing['metadata']['name']}"] = thing
        return found

    def snapshot(self, besides=()):
        """Everything that a commit which concerns other apps must leave alone: the Applications of the start except `besides`, when
        each was last synced, and the resources of each. Uids are in it, so that what was deleted and made again is seen."""
        seen = {}
        for name, application in self.plane.applications().items():
            if name in self.expected - self.roots - set(besides):
                finished = application["status"]["operationState"]["finishedAt"]
                seen[name] = (application["metadata"]["uid"], application["spec"], finished,
                              self.resources(application["spec"]["destination"]["namespace"]))
        return seen

    def uid(self, kind, name, namespace=NAMESPACE):
        thing = self.api.get(kind, name, namespace)
        assert thing, f"no {kind} {name} in {namespace}"
        return thing["metadata"]["uid"]

    def says(self, name, *texts, seconds=LONG):
        """Waits until an Application says each of the texts, in a condition or about its operation; returns all that it says."""
        def said():
            application = self.plane.application(name)
            found = messages(application) if application else "no such Application"
            return found if all(text in found for text in texts) else Unmet(found or "nothing")
        return self.plane.wait(said, f"{name} says {texts}", seconds)

    def waits(self, root, *names):
        """Until a root waits for somebody to confirm that Applications go, whatever words a version has for it."""
        self.says(root, "aiting for pruning confirmation of argoproj.io/", *("/Application/" + name for name in names))

    # Afterwards

    def changed(self):
        return self.head != self.start or set(self.plane.applications()) != self.expected

    def restore(self):
        """Back to the start, also from what a failed scenario left behind: whatever waits is approved or ended."""
        self.head = self.start
        commit = self.repository.restore(self.start)
        self.plane.refresh()
        try:
            self.plane.wait(lambda: self.at_start(commit), "the start is reached again", 60)
        except AssertionError:
            self.explain()
            raise

    def at_start(self, commit):
        applications = self.plane.applications()
        for name, application in applications.items():
            operation = application.get("status", {}).get("operationState", {})
            runs, goes = operation.get("phase") == "Running", "deletionTimestamp" in application["metadata"]
            waits = runs and "confirmation" in operation.get("message", "")
            if (waits and operation["operation"].get("sync", {}).get("revision") != commit) or (runs and goes):
                self.plane.terminate(name)  # Argo CD deletes an Application only when its retries are over
            elif waits or goes:
                self.plane.approve(name)
        if all(self.has_ended(applications.get(name), commit) for name in self.roots):
            for name in set(applications) - self.expected:  # such as `keep` leaves
                self.api.delete("Application", name, NAMESPACE)
            if set(applications) == self.expected:  # none needs its project any more to go
                for project in self.projects() - self.expected_projects:
                    self.api.delete("AppProject", project, NAMESPACE)
        complete = self.is_complete(commit, ["Succeeded", "Failed"])  # an operation that was terminated has failed
        return self.is_cleared() if complete is True else complete

    def has_ended(self, application, commit):
        """Whether an Application has done what it does for a commit, well or not."""
        status = application.get("status", {}) if application else {}
        return status.get("sync", {}).get("revision") == commit and status.get("operationState", {}).get("phase") != "Running"

    def is_cleared(self):
        """Deletes what Applications that are gone have left, as they do under `keep`. Only a look that finds nothing is the start: an
        Application of the next scenario that finds its resources there is synced at its birth."""
        left = [("AppProject", project, NAMESPACE) for project in sorted(self.projects() - self.expected_projects)]
        used = {application["spec"]["destination"]["namespace"] for application in self.plane.applications().values()}
        for namespace in self.api.list("Namespace"):
            name = namespace["metadata"]["name"]
            if name not in used | {"default", "kube-system", "kube-public", "kube-node-lease"}:
                left += [(*thing.split("/", 1), name) for thing in self.resources(name)]
        for kind, name, namespace in left:
            self.api.delete(kind, name, namespace)
        return Unmet("left over: " + " ".join("/".join(thing) for thing in left)) if left else True

    def explain(self):
        """After a failure: what each Application says, and which of its resources are not in sync."""
        for name, application in sorted(self.plane.applications().items()):
            status = application.get("status", {})
            behind = [f"{resource['kind']}/{resource['name']}" for resource in status.get("resources", [])
                      if resource.get("status") != "Synced"]
            print(f"    {name}: {status.get('sync', {}).get('status')} at {status.get('sync', {}).get('revision', '')[:7]} "
                  f"{status.get('operationState', {}).get('phase')} {messages(application)} {' '.join(behind)}", flush=True)
