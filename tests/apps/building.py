"""Builds directories, because what is built is what a cluster gets."""
import os
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
KUSTOMIZE = os.environ.get("KUSTOMIZE", "kustomize")
ENVIRONMENTS = ["dev", "staging", "prod"]
built = {}


def build(directory):
    """The resources of a directory by kind and name. A warning is a failure: it announces one."""
    if directory not in built:
        run = subprocess.run([KUSTOMIZE, "build", directory], capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, "")
        documents = list(yaml.safe_load_all(run.stdout))
        built[directory] = {(each["kind"], each["metadata"]["name"]): each for each in documents}
        assert len(built[directory]) == len(documents)
    return built[directory]


class Overlays:
    """The three overlays of one app."""

    def __init__(self, directory):
        self.directory = Path(directory)

    def path(self, environment):
        return self.directory / "k8s/overlays" / environment

    def all(self, environment):
        return build(self.path(environment))

    def of_kind(self, environment, kind):
        return [each for (its_kind, _), each in self.all(environment).items() if its_kind == kind]

    def only(self, environment, kind):
        [resource] = self.of_kind(environment, kind)
        return resource

    def pod(self, environment):
        return self.only(environment, "Deployment")["spec"]["template"]["spec"]

    def container(self, environment):
        [container] = self.pod(environment)["containers"]
        return container
