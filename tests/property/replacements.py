"""Replacements and vars: values copied from one field to others."""

from patches import split_api_version


# Texts that hold structures, and ways into them.
IN_TEXTS = {'{"a": {"b": [1, 2]}}': [("a",), ("a", "b"), ("a", "b", "0"), ("a", "new")], "a: 1\nb:\n  c: x\n": [("a",), ("b", "c"), ("b",), ("d",)], '["x","y"]': [("0",), ("1",), ("2",), ("*",)],
            "key: value\nlist:\n- a\n- b\n": [("key",), ("list", "0"), ("list", "[=b]"), ("list", "*")], '{"json": [1, 2], "x": null}\n': [("x",), ("json", "1"), ("json",)],
            "# settings\nport: 80 # of the server\nhosts:\n- name: a\n  # the other one\n- name: b\n": [("port",), ("hosts", "[name=b]", "name"), ("hosts", "0", "name"), ("hosts",), ("new",)]}


def field_paths(value, path=(), depth=0):
    """Paths through maps and lists, each a tuple of segments, with the values."""
    if path:
        yield path, value
    if depth > 8:
        return
    if isinstance(value, dict):
        for key, child in value.items():
            yield from field_paths(child, path + (str(key),), depth + 1)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            segment = str(index)
            if isinstance(child, dict) and isinstance(child.get("name"), str):
                segment = "[name=%s]" % child["name"]
            yield from field_paths(child, path + (segment,), depth + 1)


class Replacements:
    def __init__(self, world, patches):
        self.world, self.chance, self.patches = world, world.chance, patches

    def path_text(self, path):
        parts = []
        for segment in path:
            if "." in segment and not segment.startswith("["):
                segment = segment.replace(".", "\\.") if self.chance.maybe(0.5) else "[%s]" % segment
            parts.append(segment)
        return ".".join(parts)

    def generalized(self, path):
        """Some list segments become * or an index."""
        return tuple(self.chance.pick(["*", "*", "0", "[name=.*]"]) if (s.startswith("[") or s.isdigit()) and self.chance.maybe(0.3) else s for s in path)

    def scalar_path(self, body):
        paths = [p for p, v in field_paths(body) if not isinstance(v, (dict, list)) and v is not None]
        return self.chance.pick(paths)

    def reference(self, resource):
        group, version = split_api_version(resource.body["apiVersion"])
        options = {"kind": resource.body["kind"], "name": resource.patch_name(self.chance)}
        if self.chance.maybe(0.2):
            options.update({"group": group, "version": version} if group else {"version": version})
        if resource.namespace and self.chance.maybe(0.7):
            options["namespace"] = resource.namespace
        return options

    def options(self, create, scalar=True):
        chance = self.chance
        options = {}
        if chance.maybe(0.3 if scalar else 0.02):
            options["delimiter"] = chance.pick([":", "/", ".", "-", "$"])
            if chance.maybe(0.7):
                options["index"] = chance.pick([0, 0, 1, 1, 2, -1, 10])
        if create:
            options["create"] = True
        if self.world.on("odd", 0.03):
            options["encoding"] = "base64"
        return options

    def make(self, resources):
        chance = self.chance
        source = chance.pick(resources)
        replacement = {}
        if chance.maybe(0.12):
            replacement["sourceValue"] = self.world.text() or "x"
        else:
            replacement["source"] = self.reference(source)
            if chance.maybe(0.8):
                path = self.scalar_path(source.body) if chance.maybe(0.85) else chance.pick(list(field_paths(source.body)))[0]
                replacement["source"]["fieldPath"] = self.path_text(path)
            if chance.maybe(0.2):
                replacement["source"]["options"] = self.options(False, "fieldPath" not in replacement["source"] or not isinstance(dict(field_paths(source.body)).get(path), (dict, list)))
        replacement["targets"] = [self.target(chance.pick(resources), resources) for _ in range(chance.pick([1, 1, 1, 2]))]
        return replacement

    def target(self, resource, resources):
        chance = self.chance
        target = {"select": self.reference(resource) if chance.maybe(0.6) else self.patches.selector(resource)}
        if chance.maybe(0.7):
            target["select"].pop("labelSelector", None), target["select"].pop("annotationSelector", None)
        if not target["select"]:
            target["select"] = {"kind": resource.body["kind"]}
        if chance.maybe(0.15):
            target["reject"] = [chance.pick([self.reference, self.patches.selector])(chance.pick(resources))]
        create = chance.maybe(0.3)
        paths = [(p, v) for p, v in field_paths(resource.body) if p[0] not in ("apiVersion", "kind")]
        if chance.maybe(0.3 if create else 0.7):
            paths = [(p, v) for p, v in paths if not isinstance(v, (dict, list))] or paths
        chosen, scalar = [], True
        for _ in range(chance.pick([1, 1, 2])):
            path, value = chance.pick(paths)
            if isinstance(value, str) and value in IN_TEXTS and chance.maybe(0.7):
                path = path + chance.pick(IN_TEXTS[value])
            path, scalar = self.generalized(path), scalar and not isinstance(value, (dict, list))
            if create and isinstance(value, dict):
                path = path + chance.pick([("new",), ("new", "x.y"), ("list", "0"), ("items", "[name=new]", "value")])
            elif create and chance.maybe(0.6):
                path = ("metadata", chance.pick(["annotations", "labels"]), "new")
            if self.world.on("odd", 0.05):
                path = path + (chance.pick(["-", "*", "", "5", "[a=b]", "[x]", "a\\", "~"]),)
            chosen.append(self.path_text(path))
        if chance.maybe(0.95):
            target["fieldPaths"] = chosen
        options = self.options(create, scalar)
        if options and (create or chance.maybe(0.5)):
            target["options"] = options
        return target

    def variable(self, name, resource):
        group, version = split_api_version(resource.body["apiVersion"])
        reference = {"kind": resource.body["kind"], "name": resource.names[0], "apiVersion": resource.body["apiVersion"]}
        if self.chance.maybe(0.2):
            reference.pop("apiVersion")
            reference.update({"group": group, "version": version})
        if resource.namespace and self.chance.maybe(0.8):
            reference["namespace"] = resource.namespace
        var = {"name": name, "objref": reference}
        if self.chance.maybe(0.6):
            paths = [p for p, v in field_paths(resource.body) if isinstance(v, (str, int, float)) and not any(s.startswith("[") for s in p)]
            text = ".".join("[%s]" % s if s.isdigit() else s.replace(".", "\\.") for s in self.chance.pick(paths))
            var["fieldref"] = {"fieldpath": text.replace(".[", "[")}
        return var
