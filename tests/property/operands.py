"""What a kustomization starts from: files of resources, and the generators of ConfigMaps and Secrets."""

import json

from objects import Objects, add_merge_keys
from yamltext import to_json

ENV_LINES = ["A=1", "B = 2", "C", "# comment", "", "  D=x", "E=a=b", "F='q'", 'G="q"', "H=é", "I=$(NAME)", "export J=1", "K=1 # c", "L=\ttab", "M=", "\tN=1", "o.p=1", "A-B=1"]
BINARY = [b"\x00\x01\xff", b"\xff\xfe", b"caf\xe9", b"PK\x03\x04" + bytes(range(256)), b"\x00"]
TEXTS = [b"a=1\nb=2\n", b"hello", b"", b"line\n" * 5, b"tabs\tand\r\nreturns\r\n", "é日本😀\n".encode(), b"x" * 200, b"trailing \nspace", b"\xef\xbb\xbfbom", b"{\"a\": 1}", b"a\n\n", b"\n",
         b"key: value\n- x\n", b"  indented\n", b"#!/bin/sh\necho $HOME\n", b"-----BEGIN X-----\n" + b"QUJD" * 16 + b"\n-----END X-----\n"]


class Operands:
    def __init__(self, directory):
        self.directory, self.tree = directory, directory.tree
        self.world, self.chance = self.tree.world, self.tree.chance

    def resources(self):
        """Files of new objects. An id that is there already is left out, mostly."""
        from tree import Resource  # the two make each other
        objects, chance = Objects(self.world), self.chance
        found = []
        for _ in range(chance.weighted({1: 3, 2: 4, 3: 4, 5: 3, 8: 1})):
            resource = Resource(objects.make("Gadget" if self.world.on("customs", 0.2) else None))
            if self.directory.has_room(resource) or self.world.on("mistakes", 0.05):
                self.directory.resources.append(resource)
                found.append(resource.body)
        while found:
            size = chance.randint(1, len(found))
            self.file(found[:size])
            found = found[size:]
        if self.world.on("mistakes", 0.03):
            self.directory.fields.setdefault("resources", []).append(chance.pick(["missing.yaml", "../outside.yaml", "empty.yaml", ".", "/tmp/x.yaml"]))

    def file(self, bodies):
        world, chance, directory = self.world, self.chance, self.directory
        number = len(directory.fields.get("resources", []))
        folder = chance.pick(["", "", "", "", "sub/", world.stem("d") + "/"])
        if world.on("json", 0.2):
            body = bodies[0] if len(bodies) == 1 else {"apiVersion": "v1", "kind": "List", "items": bodies}
            name = directory.add("%s%s.%s" % (folder, world.stem("r%d" % number), chance.pick(["json", "json", "yaml"])), json.dumps(to_json(body), indent=chance.pick([None, 2]), ensure_ascii=chance.maybe(0.5)).encode())
        else:
            if world.on("styles", 0.15):
                for body in bodies:
                    add_merge_keys(chance, body)
            if world.on("lists", 0.3):
                bodies = self.in_list(bodies)
            name = directory.write("%s%s.%s" % (folder, world.stem("r%d" % number), chance.pick(["yaml", "yaml", "yml"])), bodies)
        directory.fields.setdefault("resources", []).append(chance.weighted({"%s": 12, "./%s": 3, ".//%s": 0.3, "sub/../%s": 0.3}) % name)
        if chance.maybe(0.02):
            directory.fields["resources"].append(directory.add("empty%d.yaml" % number, chance.pick([b"", b"---\n", b"# nothing\n", b"---\n---\n", b"\n\n", b"null\n", b"{}\n"])))

    def in_list(self, bodies):
        chance = self.chance
        kind = bodies[0]["kind"] + "List" if len({b["kind"] for b in bodies}) == 1 and chance.maybe(0.5) else "List"
        size = chance.randint(0, len(bodies))
        wrapped = {"apiVersion": "v1" if kind == "List" else bodies[0]["apiVersion"], "kind": kind, "items": bodies[:size]}
        if chance.maybe(0.2):
            wrapped["metadata"] = {"resourceVersion": ""}
        if chance.maybe(0.05):
            wrapped["items"] = wrapped["items"] or None
        parts = [wrapped] + bodies[size:]
        chance.shuffle(parts)
        return parts

    def generators(self):
        if self.world.on("configmaps", 0.5):
            self.directory.fields["configMapGenerator"] = [self.generator("ConfigMap") for _ in range(self.chance.pick([1, 1, 2]))]
        if self.world.on("secrets", 0.4):
            self.directory.fields["secretGenerator"] = [self.generator("Secret") for _ in range(self.chance.pick([1, 1, 2]))]
        if {"configMapGenerator", "secretGenerator"} & set(self.directory.fields) and self.chance.maybe(0.3):
            self.directory.fields["generatorOptions"] = self.options()

    def generator(self, kind):
        """Arguments of one generator; the resource joins the directory's."""
        from tree import Resource
        world, chance, directory = self.world, self.chance, self.directory
        arguments = {"name": world.name()}
        if world.on("namespaces", 0.2):
            arguments["namespace"] = chance.pick(world.namespaces)
        body = {"apiVersion": "v1", "kind": kind, "metadata": dict(arguments), "data": {}}
        resource = Resource(body, generated=True)
        same = [r for r in directory.resources if r.body["kind"] == kind]
        if not directory.has_room(resource) or same and chance.maybe(0.4):
            if not same:
                arguments["name"] += "-gen%d" % chance.randrange(100)
            else:
                known = chance.pick(same)
                arguments["name"] = known.patch_name(chance)
                arguments.pop("namespace", None)
                if known.namespace:
                    arguments["namespace"] = known.namespace
                arguments["behavior"] = chance.pick(["merge", "merge", "replace"])
        if "behavior" not in arguments:
            body["metadata"].update(arguments)
            resource = Resource(body, generated=True)
            if directory.has_room(resource):
                directory.resources.append(resource)
            if chance.maybe(0.1):
                arguments["behavior"] = chance.pick(["create", "create", "merge", "bogus"] if world.on("mistakes") else ["create"])
        self.sources(arguments, body)
        if kind == "Secret" and chance.maybe(0.3):
            arguments["type"] = chance.pick(["Opaque", "kubernetes.io/tls", "x"])
        if chance.maybe(0.25):
            arguments["options"] = self.options()
        return arguments

    def sources(self, arguments, body):
        chance, world = self.chance, self.world
        kinds = chance.some(["literals", "files", "envs", "env"], 0 if chance.maybe(0.1) else 1, 2)
        keys = chance.sample(world.keys + ["k1", "k2", "k3", "k4"], 6)
        if "literals" in kinds:
            texts = [t.replace("\n", " ") if not world.on("odd", 0.3) else t for t in (world.text() for _ in range(chance.randint(1, 3)))]
            arguments["literals"] = [keys.pop() + "=" + text for text in texts]
            body["data"].update(dict(l.split("=", 1) for l in arguments["literals"]))
        if "files" in kinds:
            arguments["files"] = [self.data_file(keys) for _ in range(chance.randint(1, 2))]
        for kind in ("envs", "env"):
            if kind in kinds:
                prefix = chance.pick(["P", "Q", "R"])
                lines = [line.replace("=", "_%s%d=" % (prefix, i), 1) if line and not line.startswith("#") else line for i, line in enumerate(chance.some(ENV_LINES, 1, 5))]
                name = self.directory.add("%s%d.env" % (kind, chance.randrange(1000)), (chance.pick(["\n", "\n", "\r\n"]).join(lines) + chance.pick(["\n", ""])).encode())
                arguments[kind] = [name] if kind == "envs" else name

    def data_file(self, keys):
        chance = self.chance
        content = chance.pick(BINARY) if chance.maybe(0.2) else chance.pick(TEXTS)
        name = self.directory.add("%s%d.%s" % (chance.pick(["file", "data/f", "a_b-c."]), chance.randrange(1000), chance.pick(["txt", "bin", "properties"])), content)
        return keys.pop() + "=" + name if chance.maybe(0.5) else name

    def options(self):
        chance, world = self.chance, self.world
        options = {}
        if chance.maybe(0.5):
            options["disableNameSuffixHash"] = chance.maybe(0.8)
        if chance.maybe(0.4):
            options["labels"] = world.pairs()
        if chance.maybe(0.4):
            options["annotations"] = world.pairs()
        if chance.maybe(0.2):
            options["immutable"] = chance.maybe(0.8)
        return options

