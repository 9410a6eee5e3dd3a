"""The fields of a kustomization that change resources."""

import json

from patches import Patches
from plugins import Plugins
from replacements import Replacements
from schemas import Schemas
from yamltext import Structured, to_json, write


class Transformers:
    def __init__(self, directory, tree):
        self.directory, self.tree = directory, tree
        self.world, self.chance = tree.world, tree.chance
        self.patches = Patches(self.world)
        self.replacements = Replacements(self.world, self.patches)
        self.plugins = Plugins(self)
        self.schemas = Schemas(self.world, directory.add)

    def fields(self):
        """Each field that this tree has switched on, in the order of application, so that the model's names are right."""
        world, chance, fields = self.world, self.chance, self.directory.fields
        if world.on("configurations", 0.4):
            fields["configurations"] = [self.plugins.configuration()]
        if world.on("crds", 0.4):
            fields["crds"] = [self.schemas.crd(self.plugins.name("crd", "json"))]
        if world.on("openapi", 0.2):
            fields["openapi"] = self.schemas.openapi(self.plugins.name("schema", "json"))
        if world.on("generators", 0.3):
            fields["generators"] = self.plugins.listed("g", self.plugins.generators())
        if world.on("smp", 0.4) and self.directory.resources:
            fields["patchesStrategicMerge"] = [self.strategic_entry() for _ in range(chance.pick([1, 1, 2]))]
        if world.on("patches", 0.6) and self.directory.resources:
            fields["patches"] = [self.patch_entry() for _ in range(chance.pick([1, 1, 2, 3]))]
        if world.on("namespace", 0.4):
            self.set("namespace", chance.pick(world.namespaces))
        if world.on("affixes", 0.5):
            self.set("namePrefix", chance.pick(["p-", "dev-", "x", "1", "a.b-"]))
        if world.on("affixes", 0.3):
            self.set("nameSuffix", chance.pick(["-s", "-v2", "z", "0"]))
        self.simple_fields()
        self.late_fields()

    def simple_fields(self):
        world, chance, fields = self.world, self.chance, self.directory.fields
        if world.on("labels", 0.5):
            fields["labels"] = [self.label() for _ in range(chance.pick([1, 1, 2]))]
        if world.on("labels", 0.3):
            fields["commonLabels"] = world.pairs()
        if world.on("annotations", 0.5):
            fields["commonAnnotations"] = world.pairs()
        if world.on("json6902", 0.4) and self.directory.resources:
            fields["patchesJson6902"] = [self.json_entry() for _ in range(chance.pick([1, 1, 2]))]
        scalable = [r for r in self.directory.resources if r.body["kind"] in ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")]
        if world.on("replicas", 0.6) and (scalable or world.on("mistakes", 0.05)):
            names = [chance.pick(scalable).names[-1] if scalable else "nothing" for _ in range(chance.pick([1, 2]))]
            fields["replicas"] = [{"name": name, "count": chance.pick([0, 1, 5, -1, 10**10])} for name in names]
        if world.on("images", 0.6):
            fields[chance.pick(["images"] * 9 + ["imageTags"])] = [self.image() for _ in range(chance.pick([1, 1, 2, 3]))]

    def late_fields(self):
        world, chance, fields = self.world, self.chance, self.directory.fields
        if world.on("replacements", 0.5) and self.directory.resources:
            fields["replacements"] = [self.replacement() for _ in range(chance.pick([1, 1, 2]))]
        if world.on("transformers", 0.4):
            fields["transformers"] = self.plugins.listed("t", self.plugins.transformers())
        if world.on("validators", 0.3):
            fields["validators"] = self.plugins.listed("v", [self.plugins.validator()])
        if world.variables and self.directory.resources and chance.maybe(0.7):
            fields["vars"] = [self.replacements.variable(name, chance.pick(self.directory.resources)) for name in world.variables]
            if chance.maybe(0.8):
                world.variables = []
        if world.on("sort", 0.5):
            fields["sortOptions"] = chance.pick([{"order": "fifo"}, {"order": "legacy"}, {"order": "legacy", "legacySortOptions": {
                "orderFirst": chance.some(["Deployment", "Namespace", "Widget", "Service"], 0, 3), "orderLast": chance.some(["ConfigMap", "Secret", "Ingress"], 0, 2)}}])
        if world.on("metadata", 0.5):
            fields["buildMetadata"] = chance.some(["originAnnotations", "transformerAnnotations", "managedByLabel"], 1)

    def set(self, field, value):
        """namePrefix, nameSuffix or namespace, with what it does to the model."""
        before = [(resource.names, resource.namespace) for resource in self.directory.resources]
        for resource in self.directory.resources:
            if field == "namespace":
                resource.namespace = value
            elif resource.body["kind"] not in ("CustomResourceDefinition", "APIService", "Namespace"):
                resource.names = resource.names + [value + resource.names[-1] if field == "namePrefix" else resource.names[-1] + value]
        ids = [resource.id() for resource in self.directory.resources]
        if len(set(ids)) < len(ids) and not self.world.on("mistakes", 0.2):
            for resource, (names, namespace) in zip(self.directory.resources, before):
                resource.names, resource.namespace = names, namespace
            return
        self.directory.fields[field] = value

    def label(self):
        chance = self.chance
        label = {"pairs": self.world.pairs()}
        for option in ("includeSelectors", "includeTemplates"):
            if chance.maybe(0.3):
                label[option] = chance.maybe(0.8)
        if chance.maybe(0.2):
            label["fields"] = [self.plugins.field_spec(chance.pick(["spec/labels", "spec/template/metadata/labels", "metadata/labels", "spec/selector", "spec/list[]/labels"]))]
        return label

    def image(self):
        chance, world = self.chance, self.world
        name = world.image().split("@")[0]
        image = {"name": name.rsplit(":", 1)[0] if chance.maybe(0.9) else name}
        if world.on("odd", 0.1):
            image["name"] = chance.pick(["n.*", "(nginx|app)", ".*", "repo.example/.*", "nginx$", "app?"])
        options = {"newName": lambda: chance.pick(["new", "mirror.example/x/y", "localhost:5000/n"]), "newTag": lambda: chance.pick(["v9", "1.0", "latest"]),
                   "digest": lambda: "sha256:" + "9" * 64, "tagSuffix": lambda: "-alpine"}
        for option in chance.some(options, 1, chance.pick([1, 2, 2, 4])):
            image[option] = options[option]()
        return image

    def replacement(self):
        chance = self.chance
        made = self.replacements.make(self.directory.resources)
        if chance.maybe(0.15):
            name = self.plugins.name("replacement")
            return {"path": self.directory.write(name, [made if chance.maybe(0.6) else [made, self.replacements.make(self.directory.resources)]])}
        return made

    # Patches

    def inline(self, document):
        chance = self.chance
        text = write(chance, [document], self.world.oddness / 2) if chance.maybe(0.8) else json.dumps(to_json(document))
        return Structured(text)

    def strategic_entry(self):
        documents = [self.patches.strategic(self.chance.pick(self.directory.resources)) for _ in range(self.chance.pick([1, 1, 1, 2]))]
        if self.chance.maybe(0.4):
            return self.inline(documents[0])
        return self.directory.write(self.plugins.name("smp"), documents, schemas=False)

    def patch_entry(self):
        """An item of `patches`: either kind of patch, in a file or inline, with a target or without."""
        chance, world = self.chance, self.world
        resource = chance.pick(self.directory.resources)
        entry = {}
        targeted, exact = chance.maybe(0.5), False
        if chance.maybe(0.4):
            text = self.patches.operations_text(self.patches.operations(resource))
            targeted = targeted or not world.on("mistakes", 0.1)
            exact = chance.maybe(0.7)
        else:
            documents = [self.patches.strategic(resource)]
            if not targeted and chance.maybe(0.1):
                documents.append(self.patches.strategic(chance.pick(self.directory.resources)))
            text = self.inline(documents[0]) if len(documents) == 1 else write(chance, documents, world.oddness)
        if world.on("odd", 0.02):
            text = chance.pick(["", "# nothing\n", "---\n", "null\n", "{}\n", "[]\n", text + "---\n", "# about\n" + text, text + "---\n" + text])
        if chance.maybe(0.5):
            entry["patch"] = Structured(text)
        else:
            entry["path"] = self.directory.add(world.stem(self.plugins.name("patch", chance.pick(["yaml", "yaml", "yml", "json", "txt"]))), text.encode("utf-8", "surrogatepass"))
        if targeted:
            entry["target"] = self.replacements.reference(resource) if exact else self.patches.selector(resource)
        if chance.maybe(0.15):
            entry["options"] = {option: chance.maybe(0.8) for option in chance.some(["allowNameChange", "allowKindChange"], 1)}
        return entry

    def json_entry(self):
        chance = self.chance
        resource = chance.pick(self.directory.resources)
        text = self.patches.operations_text(self.patches.operations(resource))
        entry = {"target": self.patches.selector(resource)}
        if not self.world.on("mistakes", 0.05):
            entry["target"] = {key: value for key, value in self.replacements.reference(resource).items()}
        if chance.maybe(0.5):
            entry["patch"] = Structured(text)
        else:
            entry["path"] = self.directory.add(self.plugins.name("json"), text.encode("utf-8", "surrogatepass"))
        return entry
