"""Configurations, and builtin generators, transformers and validators as resources."""

import json

from yamltext import to_json


class Plugins:
    def __init__(self, transformers):
        self.transformers_of = transformers
        self.directory, self.world, self.chance = transformers.directory, transformers.world, transformers.chance
        self.count = 0

    def name(self, stem, ending="yaml"):
        self.count += 1
        return "%s%d.%s" % (stem, self.count, ending)

    def field_spec(self, path, create=None):
        chance = self.chance
        spec = {"path": path}
        if chance.maybe(0.5):
            spec["kind"] = chance.pick(["Deployment", "Widget", "ConfigMap", "StatefulSet"])
        if chance.maybe(0.15):
            spec["group"] = chance.pick(["apps", "example.com"])
        if chance.maybe(0.1):
            spec["version"] = "v1"
        if create if create is not None else chance.maybe(0.4):
            spec["create"] = True
        return spec

    def configuration(self):
        """A file of additional field specs."""
        chance = self.chance
        options = {
            "nameReference": lambda: [{"kind": chance.pick(["ConfigMap", "Secret", "Widget"]), "fieldSpecs": [
                {"kind": chance.pick(["Widget", "Gadget"]), "path": chance.pick(["spec/configRef/name", "spec/list/value", "spec/list[]/name", "spec/value/name"])}]}],
            "namePrefix": lambda: [{"path": chance.pick(["spec/configRef/name", "metadata/name"]), "kind": "Widget"}],
            "nameSuffix": lambda: [{"path": "metadata/name"}],
            "namespace": lambda: [self.field_spec("spec/namespace", True)],
            "commonLabels": lambda: [self.field_spec(chance.pick(["spec/labels"] * 9 + ["spec/selector/matchLabels"]))],
            "templateLabels": lambda: [self.field_spec("spec/template/metadata/labels", chance.maybe(0.9))],
            "commonAnnotations": lambda: [self.field_spec("spec/annotations")],
            "images": lambda: [{"path": chance.pick(["spec/image", "spec/list[]/image", "spec/value/image"]), "kind": "Widget"}],
            "replicas": lambda: [{"path": "spec/replicas", "kind": "Widget", **({"create": True} if chance.maybe(0.5) else {})}],
            "varReference": lambda: [{"path": chance.pick(["spec", "spec/value", "data", "spec/list"]), "kind": chance.pick(["Widget", "ConfigMap"])}],
        }
        if self.world.on("customs", 0.4):
            options.update(self.overriding())
        return self.directory.write(self.name("config"), [{key: options[key]() for key in chance.some(options, 1, 3)}])

    def overriding(self):
        """Field specs that are builtin too, with another `create`, another kind, or the same."""
        chance = self.chance
        return {
            "commonLabels": lambda: [{"path": "spec/selector", "create": chance.maybe(0.7), "version": "v1", "kind": "Service"}],
            "commonAnnotations": lambda: [{"path": chance.pick(["metadata/annotations", "spec/template/metadata/annotations"]), "create": chance.maybe(0.8), **chance.pick([{}, {"kind": "Job"}])}],
            "images": lambda: [{"path": "spec/template/spec/containers[]/image", "create": chance.maybe(0.5), **chance.pick([{}, {"kind": "Deployment"}])}],
            "replicas": lambda: [{"path": "spec/replicas", "create": chance.maybe(0.5), "kind": chance.pick(["Deployment", "Widget"])}],
            "namespace": lambda: [{"path": "metadata/namespace", "create": chance.maybe(0.8), **chance.pick([{}, {"kind": "Widget"}, {"kind": "Namespace"}])}],
            "namePrefix": lambda: [{"path": "metadata/name", **chance.pick([{}, {"kind": "CustomResourceDefinition"}, {"kind": "Namespace"}])}],
            "nameReference": lambda: [{"kind": kind, "version": "v1", "fieldSpecs": [{"path": path, "kind": of, **chance.pick([{}, {"create": True}])}]} for kind, path, of in chance.some(
                [("ConfigMap", "spec/template/spec/volumes/configMap/name", "Deployment"), ("Secret", "spec/tls/secretName", "Ingress"), ("Service", "spec/value", "Widget"),
                 ("Gadget", "metadata/annotations/ref", ""), ("ServiceAccount", "subjects", "RoleBinding"), ("Deployment", "spec/list/name", "Widget")], 1, 2)],
            "varReference": lambda: [{"path": chance.pick(["metadata/annotations", "metadata/name", "spec/template/spec/containers/image", "spec/template/metadata/labels"])}],
        }

    def listed(self, stem, documents):
        """Entries for a list of plugins: inline, in a file of one or several, or a directory."""
        chance, entries = self.chance, []
        while documents:
            size = chance.randint(1, len(documents))
            part, documents = documents[:size], documents[size:]
            place = chance.pick(["inline", "file", "file", "directory"])
            if place == "inline":
                entries.append(self.transformers_of.inline(part[0]) if len(part) == 1 else json.dumps(to_json(part[0])))
            elif place == "file":
                entries.append(self.directory.write(self.name(stem), part))
            else:
                folder = self.world.stem("%s%d" % (stem, len(entries)))
                self.directory.write(folder + "/r.yaml", part)
                body = {"resources": ["r.yaml"], **self.of_directory(part)}
                entries.append(self.directory.write(folder + "/kustomization.yaml", [body]).rsplit("/", 1)[0])
        return entries

    def of_directory(self, documents):
        """What the kustomization of a directory of plugins may do to them."""
        chance = self.chance
        options = {"namePrefix": "plugin-", "commonLabels": {"of": "plugin"}, "buildMetadata": ["originAnnotations"], "commonAnnotations": {"a": "b"}, "namespace": "plugins",
                   "patches": [{"target": {"kind": documents[0]["kind"]}, "patch": chance.pick(['[{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]', "[]", "metadata: {name: x, annotations: {p: q}}\nkind: X\n"])}]}
        return dict(chance.some(list(options.items()), 1, 2)) if chance.maybe(0.3) else {}

    def plugin(self, kind, body):
        self.count += 1
        chance = self.chance
        metadata = {"name": "%s%d" % (kind.lower(), self.count)}
        if chance.maybe(0.1):
            metadata[chance.pick(["annotations", "labels"])] = chance.pick([{"a": "b"}, {"config.kubernetes.io/local-config": "true"}, {"config.kubernetes.io/function": "exec: {path: x}"}, {}, None])
        if chance.maybe(0.1):
            metadata["namespace"] = chance.pick(self.world.namespaces)
        return {"apiVersion": "builtin" if chance.maybe(0.97) else chance.pick(["builtin/v1", "v1", "someteam.example.com/v1"]), "kind": kind, "metadata": metadata, **body}

    def generators(self):
        from operands import Operands
        chance, made = self.chance, []
        for kind in chance.some(["ConfigMap", "Secret", "IAMPolicy"], 1, 2):
            if kind == "IAMPolicy":
                made.append(self.plugin("IAMPolicyGenerator", {"cloud": "gke", "kubernetesService": {"name": self.world.name()}, "serviceAccount": {"name": "gsa", "projectId": "p"}}))
                continue
            arguments = Operands(self.directory).generator(kind)
            document = self.plugin(kind + "Generator", {})
            document["metadata"] = {key: arguments.pop(key) for key in ("name", "namespace") if key in arguments}
            document.update(arguments)
            made.append(document)
        return made

    def transformers(self):
        chance = self.chance
        kinds = chance.some(BUILDERS, 1, 3)
        return [self.plugin(kind, BUILDERS[kind](self)) for kind in kinds]

    def validator(self):
        return self.plugin("LabelTransformer", {"labels": {"validated-by": "x"}}) if self.chance.maybe(0.2) else self.plugin("AnnotationsTransformer", {"annotations": {"a": "b"}, "fieldSpecs": [{"path": "spec/none/at/all"}]})

    def specs(self, path):
        return [self.field_spec(path, self.chance.maybe(0.7))] if self.chance.maybe(0.9) else []

    def annotations(self):
        return {"annotations": self.world.pairs(), "fieldSpecs": self.specs(self.chance.pick(["metadata/annotations", "spec/template/metadata/annotations"]))}

    def labels(self):
        return {"labels": self.world.pairs(), "fieldSpecs": self.specs(self.chance.pick(["metadata/labels", "spec/selector/matchLabels", "spec/labels"]))}

    def namespace(self):
        body = {"metadata": {"name": "ns", "namespace": self.chance.pick(self.world.namespaces)}}
        if self.chance.maybe(0.5):
            body["setRoleBindingSubjects"] = self.chance.pick(["defaultOnly", "allServiceAccounts", "none"])
        if self.chance.maybe(0.3):
            body["unsetOnly"] = True
        if self.chance.maybe(0.5):
            body["fieldSpecs"] = [{"path": "metadata/namespace", "create": True}]
        return body

    def prefix(self):
        return {"prefix": "t-", "fieldSpecs": self.specs("metadata/name")}

    def suffix(self):
        return {"suffix": "-t", "fieldSpecs": self.specs("metadata/name")}

    def both(self):
        return {"prefix": "b-", "suffix": "-b", "fieldSpecs": self.specs("metadata/name")}

    def image(self):
        return {"imageTag": self.transformers_of.image(), **({"fieldSpecs": self.specs("spec/image")} if self.chance.maybe(0.5) else {})}

    def replica(self):
        names = [r.names[-1] for r in self.directory.resources if r.body["kind"] in ("Deployment", "Widget")] or [self.world.name()]
        specs = [{"path": "spec/replicas", "create": True, "kind": kind} for kind in ("Deployment", "Widget")]
        return {"replica": {"name": self.chance.pick(names), "count": 7}, "fieldSpecs": specs if self.chance.maybe(0.8) else self.specs("spec/replicas")}

    def patch(self):
        if not self.directory.resources:
            return {"patch": "{}"}
        entry = self.transformers_of.patch_entry()
        entry.pop("options", None) if self.chance.maybe(0.3) else None
        return entry

    def strategic(self):
        if not self.directory.resources:
            return {"paths": []}
        entry = self.transformers_of.strategic_entry()
        return {"patches": entry} if "\n" in entry or entry.startswith("{") else {"paths": [entry]}

    def json_patch(self):
        if not self.directory.resources:
            return {"jsonOp": "[]"}
        entry = self.transformers_of.json_entry()
        return {"target": entry["target"], **({"path": entry["path"]} if "path" in entry else {"jsonOp": entry["patch"]})}

    def replacement(self):
        return {"replacements": [self.transformers_of.replacement()] if self.directory.resources else []}

    def value_add(self):
        chance = self.chance
        target = {"fieldPath": chance.pick(["metadata/annotations/added", "spec/value", "metadata/namespace", "spec/template/spec/nodeName", "data/x"])}
        if chance.maybe(0.4):
            target["filePathPosition"] = chance.pick([1, 2])
        if self.directory.resources and chance.maybe(0.7):
            target["selector"] = self.transformers_of.patches.selector(chance.pick(self.directory.resources))
        return {"value": chance.pick(["added", "a/b", ""]), "targets": [target]}


BUILDERS = {
    "AnnotationsTransformer": Plugins.annotations, "LabelTransformer": Plugins.labels, "NamespaceTransformer": Plugins.namespace, "PrefixTransformer": Plugins.prefix,
    "SuffixTransformer": Plugins.suffix, "PrefixSuffixTransformer": Plugins.both, "ImageTagTransformer": Plugins.image, "ReplicaCountTransformer": Plugins.replica,
    "PatchTransformer": Plugins.patch, "PatchStrategicMergeTransformer": Plugins.strategic, "PatchJson6902Transformer": Plugins.json_patch,
    "ReplacementTransformer": Plugins.replacement, "ValueAddTransformer": Plugins.value_add, "HashTransformer": lambda plugins: {},
}
