"""CustomResourceDefinitions' OpenAPI as `crds` reads it, and schemas for `openapi`."""

import json

DEPLOYMENT = {"group": "apps", "version": "v1", "kind": "Deployment"}
WIDGET = {"group": "example.com", "version": "v1", "kind": "Widget"}


class Schemas:
    def __init__(self, world, add):
        """`add(name, content)` makes a file and returns its name."""
        self.world, self.chance, self.add = world, world.chance, add

    def crd(self, name):
        """A file of OpenAPI definitions with kustomize's annotations."""
        chance = self.chance
        kind = chance.pick(["Widget", "Widget", "Gadget"])
        prefix = "example.com/v1." if kind == "Widget" else "gadgets.example.com/v1alpha1."
        whole, spec = prefix + kind, prefix + kind + "Spec"
        definitions = {
            whole: self.definition({"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"$ref": "meta.ObjectMeta"}, "spec": self.reference(spec)}),
            spec: self.definition({"configRef": self.marked({"type": "object", "properties": {"name": {"type": "string"}}}), "value": self.marked({"type": "object"}),
                                   "list": {"type": "array", "items": self.reference(prefix + "Item")}, "image": self.marked({"type": "string"})}),
        }
        if chance.maybe(0.5):
            definitions[prefix + "Item"] = self.definition({"name": self.marked({"type": "string"}), "value": chance.pick([{"type": "string"}, self.reference(spec)])})
        if chance.maybe(0.05):
            definitions = chance.pick([{}, {"definitions": definitions}, [], None, {whole: {"Schema": {}}}, {whole: None}])
        return self.add(name, json.dumps(definitions, indent=chance.pick([None, 1])).encode())

    def definition(self, properties):
        return {"Schema": {"type": "object", "properties": properties}, "Dependencies": []}

    def reference(self, name):
        return {"$ref": name}

    def marked(self, schema):
        """With one of kustomize's marks, or with some."""
        chance = self.chance
        marks = chance.pick([
            {}, {"x-kubernetes-annotation": ""}, {"x-kubernetes-label-selector": ""}, {"x-kubernetes-identity": ""}, {"x-kubernetes-annotation": "", "x-kubernetes-label-selector": ""},
            {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": chance.pick(["ConfigMap", "Secret", "Service"]), **chance.pick([{}, {"x-kubernetes-object-ref-name-key": chance.pick(["name", "key", ""])}])},
            {"x-kubernetes-object-ref-api-version": "apps/v1", "x-kubernetes-object-ref-kind": "Deployment"}, {"x-kubernetes-object-ref-kind": "ConfigMap"}])
        return {**schema, **marks}

    def openapi(self, name):
        """The field's value; a schema of its own replaces the builtin one."""
        chance = self.chance
        if chance.maybe(0.2):
            return {"version": chance.pick(["v1.21.2"] * 5 + ["v1.20.4", "1.21.2", ""])}
        definitions = {}
        for kind in chance.some(["widget", "deployment", "pod"], 1, 2):
            definitions.update(getattr(self, kind)())
        schema = {"definitions": definitions}
        if chance.maybe(0.1):
            schema.update({"swagger": "2.0", "info": {"title": "x", "version": "1"}, "paths": {}})
        return {"path": self.add(name, json.dumps(schema, indent=chance.pick([None, 2])).encode())}

    def items(self, *keys):
        """A list of maps, by merge keys of either kind, or without any."""
        chance = self.chance
        item = {"type": "object", "properties": {key: {"type": "string"} for key in ("name", "value", "image")}}
        marks = chance.pick([{"x-kubernetes-patch-merge-key": keys[0], "x-kubernetes-patch-strategy": "merge"}, {"x-kubernetes-list-map-keys": list(keys), "x-kubernetes-list-type": "map"},
                             {"x-kubernetes-list-map-keys": list(keys), "x-kubernetes-patch-merge-key": keys[0], "x-kubernetes-patch-strategy": "merge,retainKeys"},
                             {"x-kubernetes-patch-strategy": "merge"}, {"x-kubernetes-patch-merge-key": keys[0]}, {"x-kubernetes-list-type": "set"}, {"x-kubernetes-patch-strategy": "replace"}, {}])
        return {"type": "array", "items": item, **marks}

    def object(self, kind, properties):
        return {"type": "object", "x-kubernetes-group-version-kind": [kind], "properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}, **properties}}

    def widget(self):
        chance = self.chance
        spec = {"type": "object", "properties": {"list": self.items("name", "value"), "containers": self.items("name"), "value": chance.pick([
            {"type": "object"}, {"type": "object", "additionalProperties": self.items("name")}, {"type": "array", "items": {"type": "string"}, "x-kubernetes-patch-strategy": "merge"}])}}
        if chance.maybe(0.3):
            return {"v1.Widget": self.object(WIDGET, {"spec": {"$ref": "#/definitions/v1.WidgetSpec"}}), "v1.WidgetSpec": spec}
        return {"v1.Widget": self.object(WIDGET, {"spec": spec})}

    def deployment(self):
        template = {"type": "object", "properties": {"spec": {"$ref": "#/definitions/PodSpec"}, "metadata": {"type": "object"}}}
        return {"io.k8s.api.apps.v1.Deployment": self.object(DEPLOYMENT, {"spec": {"type": "object", "properties": {"template": template}}}), **self.pod()}

    def pod(self):
        return {"PodSpec": {"type": "object", "properties": {"containers": self.items(self.chance.pick(["name", "image"])), "volumes": self.items("name")}}}
