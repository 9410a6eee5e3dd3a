"""The fields that kustomize's builtin field specs name, read from the program's own table, and objects that have them."""

import os
import re

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../kustomize/field_specs.c")
# Segments of those paths that are lists in Kubernetes.
LISTS = {"containers", "initContainers", "ephemeralContainers", "env", "envFrom", "volumes", "volumeMounts", "volumeClaimTemplates", "imagePullSecrets", "sources", "from", "to",
         "ingress", "egress", "rules", "paths", "tls", "webhooks", "topologySpreadConstraints", "requiredDuringSchedulingIgnoredDuringExecution",
         "preferredDuringSchedulingIgnoredDuringExecution", "hosts", "secrets"}
TEXT_LISTS = {"args", "command", "resourceNames"}


def read_table():
    """(array's name, group, version, kind, path) of every field spec."""
    found = []
    with open(TABLE) as file:
        source = file.read()
    for name, body in re.findall(r"static const struct field_spec (\w+)\[\] = \{(.*?)\n\};", source, re.DOTALL):
        for spec in re.findall(r'\{\{"(.*?)", "(.*?)", "(.*?)"\},\s*((?:"[^"]*"\s*)+),', body):
            path = "".join(re.findall(r'"([^"]*)"', spec[3])).replace("\\\\", "\\")
            found.append((name, *spec[:3], path))
    return found


SPECS = [spec for spec in read_table() if spec[4] not in ("metadata/name", "metadata/namespace")]


class Fields:
    def __init__(self, world):
        self.world, self.chance = world, world.chance

    def fill(self, body):
        """Gives an object some of the fields that belong to its kind."""
        fitting = [spec for spec in SPECS if spec[3] in ("", body["kind"])]
        for spec in self.chance.some(fitting, 1, 3):
            self.put(body, self.segments(spec[4]), self.value(spec))

    def segments(self, path):
        return [part.replace("\\/", "/") for part in re.split(r"(?<!\\)/", path)]

    def value(self, spec):
        world, chance = self.world, self.chance
        name, path = spec[0], spec[4]
        if name.startswith("image"):
            return world.image
        if name.startswith("replica"):
            return lambda: chance.pick([0, 1, 3, "2", None])
        if "label" in name or "annotation" in name or path.endswith(("abels", "annotations", "selector")):
            return world.pairs
        if name.startswith("var"):
            return world.text
        return world.name

    def put(self, holder, segments, make):
        """Follows the way, makes what is missing on it, and puts a value at its end, where nothing of another kind stands in the way."""
        chance, segment = self.chance, segments[0].removesuffix("[]")
        if not isinstance(holder, dict):
            return
        if len(segments) == 1:
            if isinstance(holder.get(segment), (dict, list)):
                return
            if segment == "subjects":
                holder[segment] = [{"kind": "ServiceAccount", "name": make(), "namespace": chance.pick(self.world.namespaces)}]
            else:
                holder[segment] = [make() for _ in range(chance.randint(1, 2))] if segment in TEXT_LISTS else make()
            return
        fresh = [self.item() for _ in range(chance.pick([1, 1, 2]))] if segment in LISTS or segments[0].endswith("[]") else {}
        below = holder.setdefault(segment, fresh)
        for child in below if isinstance(below, list) else [below]:
            self.put(child, segments[1:], make)

    def item(self):
        return {"name": self.chance.pick(["app", "data", "A", "x"])} if self.chance.maybe(0.7) else {}
