"""A whole tree of kustomizations: bases, overlays, components, and what their fields do."""

import copy
import json

from chance import Chance
from programs import FLAGS
from objects import CLUSTER_SCOPED
from operands import Operands
from transformers import Transformers
from world import World
from yamltext import damage, repeat_key, to_bytes, to_json, write


class Resource:
    """What is known of a resource while the tree is made: its object as written, and its names so far."""

    def __init__(self, body, generated=False):
        self.body = body
        self.names = [str(body["metadata"]["name"])]
        self.namespace = body["metadata"].get("namespace")
        self.generated = generated

    def patch_name(self, chance):
        return self.names[-1] if len(self.names) == 1 or chance.maybe(0.75) else chance.pick(self.names)

    def id(self):
        scope = "" if self.body["kind"] in CLUSTER_SCOPED else self.namespace or "default"
        return (self.body["apiVersion"], self.body["kind"], self.names[-1], scope)

    def copy(self):
        other = copy.copy(self)
        other.names = list(self.names)
        return other


class Directory:
    """One kustomization directory: its fields so far and the resources that it has accumulated."""

    def __init__(self, tree, path, kind, resources=()):
        self.tree, self.path, self.kind = tree, path, kind
        self.fields = {}
        self.resources = list(resources)

    def add(self, name, content):
        """A file of this directory; returns its name."""
        self.tree.files[self.path + "/" + name] = content
        return name

    def write(self, name, documents, schemas=True):
        """Schema comments in patches stay out: kustomize loses those on keys, so that the next patch does not see them."""
        world = self.tree.world
        text = write(world.chance, documents, world.oddness, 0.03 if schemas and world.on("schemas", 0.2) else 0)
        if world.on("mistakes", 0.015):
            text = damage(world.chance, text)
        if world.on("twice", 0.1):
            text = repeat_key(world.chance, text)
        return self.add(name, to_bytes(world.chance, text, world.oddness))

    def has_room(self, resource):
        return resource.id() not in {other.id() for other in self.resources}


# A tree's words for the command line are kept in a file beside its directories.
FLAG_SETS = ["--reorder legacy", "--reorder none", "--load-restrictor LoadRestrictionsNone", "--enable-managedby-label", "--enable-alpha-plugins",
             "--reorder none --enable-managedby-label"]


class Tree:
    """Makes the files of one tree. `files` maps paths to bytes; `root` is the directory to build."""

    def __init__(self, seed):
        self.chance = Chance(seed)
        self.world = World(self.chance)
        self.files, self.root = {}, ""
        self.count = 0
        if self.world.on("vars"):
            self.world.variables = ["NAME", "PORT"][: self.chance.randint(1, 2)]
        self.root = self.make()

    def make(self):
        top = self.base()
        levels = self.chance.pick([0, 1, 1, 2]) if self.world.on("overlays") else 0
        levels += self.chance.pick([1, 2, 3]) if self.world.on("depth", 0.3) else 0
        for _ in range(levels):
            top = self.overlay(top)
        if self.world.on("flags", 0.3):
            self.files[FLAGS] = self.chance.pick(FLAG_SETS).encode()
        return top.path

    def path(self, kind):
        self.count += 1
        return self.world.stem("%s%d" % (kind, self.count))

    def base(self):
        directory = Directory(self, self.path("base"), "Kustomization")
        Operands(directory).resources()
        return self.finish(directory)

    def overlay(self, below):
        directory = Directory(self, self.path("overlay"), "Kustomization")
        bases = [below]
        if self.chance.maybe(0.25):
            bases.append(self.base())
        if self.world.on("diamonds", 0.5):
            bases = self.variants(below)
        directory.fields["resources"] = []
        if self.world.on("mistakes", 0.02):
            directory.fields["resources"].append(self.chance.pick(["..", ".", "../" + directory.path, "../nothing", "https://localhost:1/x?ref=a&timeout=1s"]))
        for base in bases:
            if all(directory.has_room(resource) for resource in base.resources) or self.world.on("mistakes", 0.1):
                listed = directory.fields.setdefault("bases", []) if self.chance.maybe(0.05) else directory.fields["resources"]
                listed.append(self.way(base.path))
                directory.resources += [resource.copy() for resource in base.resources]
        if self.chance.maybe(0.4):
            Operands(directory).resources()
        return self.finish(directory)

    def way(self, path):
        """One of the ways to write where a sibling is."""
        return self.chance.weighted({"../%s": 12, "../%s/": 3, "./../%s": 1, "..//%s": 0.5, "../%s/.": 0.5, "../%s/sub/..": 0.2}) % path

    def variants(self, below):
        """Two overlays of one base, to be joined."""
        found = []
        for letter in "xy":
            variant = Directory(self, self.path("variant"), "Kustomization")
            variant.fields["resources"] = ["../" + below.path]
            variant.resources = [resource.copy() for resource in below.resources]
            field = self.chance.pick(["namePrefix", "namePrefix", "nameSuffix", "namespace"])
            Transformers(variant, self).set(field, {"namePrefix": letter + "-", "nameSuffix": "-" + letter, "namespace": "ns-" + letter}[field])
            found.append(self.finish(variant, least=True))
        return found

    def component(self, parent, depth=0):
        directory = Directory(self, self.path("component"), "Component", parent.resources)
        if self.chance.maybe(0.3):
            Operands(directory).resources()
        self.finish(directory, depth=depth + 1)
        parent.resources = directory.resources
        return self.way(directory.path)

    def finish(self, directory, least=False, depth=0):
        """Adds generators, components and transformers, in the order that kustomize applies them, and writes the file."""
        operands = Operands(directory)
        if not least or self.chance.maybe(0.3):
            operands.generators()
        if self.world.on("components", 0.4 if depth == 0 else 0.25) and depth < 3:
            directory.fields["components"] = [self.component(directory, depth) for _ in range(self.chance.pick([1, 1, 2]))]
        if not least or self.chance.maybe(0.3):
            Transformers(directory, self).fields()
        if directory.fields or directory.kind == "Component":
            self.write_kustomization(directory)
        return directory

    def write_kustomization(self, directory):
        chance, fields = self.chance, directory.fields
        if not fields:
            fields["resources"] = []
        head = {}
        if directory.kind == "Component" or chance.maybe(0.6):
            version = "v1alpha1" if directory.kind == "Component" else "v1beta1"
            head = {"apiVersion": "kustomize.config.k8s.io/" + version, "kind": directory.kind}
        if chance.maybe(0.05):
            head["metadata"] = {"name": "k", "labels": {"a": "b"}}
        keys = list(fields)
        if chance.maybe(0.5):
            chance.shuffle(keys)
        body = {**head, **{key: fields[key] for key in keys}}
        if self.world.on("mistakes", 0.02):
            body[chance.pick(["resource", "patch", "name", "label", "commonlabels"])] = []
        if self.world.on("mistakes", 0.04):
            body = self.misuse(body)
        name = chance.weighted({"kustomization.yaml": 8, "kustomization.yml": 1, "Kustomization": 1})
        if self.world.on("json", 0.15):
            directory.add(name, json.dumps(to_json(body), indent=chance.pick([None, 1, 4]), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        else:
            directory.write(name, [body])


    def misuse(self, body):
        """A value of another type somewhere in a kustomization file, a field that is not there, or another kind of file."""
        chance, body = self.chance, copy.deepcopy(body)
        wrong = chance.pick([None, "", "text", 1, True, [], ["x"], {}, {"a": "b"}, [{"a": "b"}], [None], [[]]])
        field = chance.pick(list(body))
        holder, key = body, field
        while isinstance(holder[key], (dict, list)) and holder[key] and chance.maybe(0.6):
            holder = holder[key]
            key = chance.pick(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
        if isinstance(holder, dict) and chance.maybe(0.3):
            holder[chance.pick(["unknown", "Name", "names", str(key).upper(), str(key) + "s"])] = holder[key]
        else:
            holder[key] = wrong
        if chance.maybe(0.1):
            body["apiVersion"] = chance.pick(["v1", "kustomize.config.k8s.io/v1", "kustomize.config.k8s.io/v1alpha1", "kustomize.config.k8s.io/v1beta1"])
            body["kind"] = chance.pick(["Kustomization", "Component", "ConfigMap"])
        return body


def generate(seed):
    """The files of a tree (path to bytes) and the directory to build."""
    tree = Tree(seed)
    return tree.files, tree.root

