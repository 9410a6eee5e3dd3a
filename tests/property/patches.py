"""Patches of objects: strategic merges and JSON 6902 operations, made from the object that they change."""

import copy
import json

from yamltext import Verbatim, to_json, write

MERGE_KEYS = ["name", "containerPort", "port", "mountPath", "key", "ip", "topologyKey", "devicePath"]


class Patches:
    def __init__(self, world):
        self.world, self.chance = world, world.chance

    # Strategic merge

    def strategic(self, resource):
        """A patch for one resource, as a document."""
        body = {k: v for k, v in resource.body.items() if k not in ("apiVersion", "kind", "metadata")}
        metadata = {"name": resource.patch_name(self.chance)}
        if resource.namespace:
            metadata["namespace"] = resource.namespace
        if self.chance.maybe(0.3):
            old = resource.body["metadata"]
            metadata[self.chance.pick(["labels", "annotations"])] = self.change_map(old.get("labels") or {}, 1)
        if self.world.on("odd", 0.03):
            metadata[self.chance.pick(["labels", "annotations"])] = self.chance.pick([None, {"$patch": "replace", "a": "b"}, {"$patch": "delete"}])
        document = {"apiVersion": resource.body["apiVersion"], "kind": resource.body["kind"], "metadata": metadata}
        if self.chance.maybe(0.03):
            document["$patch"] = self.chance.pick(["delete", "replace", "merge"])
            return document
        changed = self.change_map(body, 6)
        document.update(changed)
        resource.body = {k: v for k, v in resource.body.items() if changed.get(k, v) is not None}
        if self.world.on("mistakes", 0.05):
            document.pop(self.chance.pick(["apiVersion", "kind", "metadata"]))
        return document

    def change_map(self, old, depth):
        chance, new = self.chance, {}
        for key in chance.some(list(old), min(1, len(old)), 3):
            new[key] = self.change(old[key], depth - 1)
        if chance.maybe(0.25):
            new[self.world.free_key()] = self.world.value()
        if chance.maybe(0.03):
            new["$patch"] = chance.pick(["replace", "delete", "merge", "bogus"] if self.world.on("mistakes") else ["replace", "delete", "merge"])
        if self.world.on("odd", 0.02):
            new.update(chance.pick([{"$retainKeys": ["type"]}, {"$setElementOrder/containers": [{"name": "app"}]}, {"$deleteFromPrimitiveList/finalizers": ["a/b"]}]))
        return new

    def change(self, old, depth):
        chance = self.chance
        if chance.maybe(0.07):
            return None
        if self.world.on("mistakes", 0.02):
            return self.world.value()
        if isinstance(old, dict) and depth > 0:
            return self.change_map(old, depth)
        if isinstance(old, list) and old and depth > 0:
            return self.change_list(old, depth)
        if isinstance(old, list):
            return [self.world.scalar()]
        return self.world.image() if isinstance(old, str) and chance.maybe(0.3) else self.world.scalar()

    def change_list(self, old, depth):
        chance = self.chance
        maps = [item for item in old if isinstance(item, dict)]
        if not maps:
            return [chance.pick(old) if chance.maybe(0.4) else self.world.scalar() for _ in range(chance.randint(0, 3))]
        merge_keys = [key for key in MERGE_KEYS if key in maps[0]]
        items = [self.change_item(item, merge_keys, depth) for item in chance.some(maps, 0, 3)]
        if chance.maybe(0.3):
            fresh = {key: value for key, value in self.change_map(chance.pick(maps), depth - 1).items() if value is not None}
            if merge_keys and chance.maybe(0.9):
                fresh[merge_keys[0]] = chance.pick(["new", "app", 80, 8080, "/new"])
            items.append(fresh)
        if chance.maybe(0.06):
            items.append({"$patch": chance.pick(["replace", "merge", "delete"])})
        chance.shuffle(items)
        return items

    def change_item(self, item, merge_keys, depth):
        chance = self.chance
        keys = {key: item[key] for key in merge_keys[:1] if key in item and not chance.maybe(0.03)}
        if "protocol" in item and chance.maybe(0.6):
            keys["protocol"] = item["protocol"]
        if chance.maybe(0.1):
            return {"$patch": "delete", **keys} if chance.maybe(0.7) else {**keys, "$patch": chance.pick(["replace", "merge"]), "value": self.world.text()}
        changed = self.change_map({k: v for k, v in item.items() if k not in keys}, depth - 1)
        return {**keys, **changed} if chance.maybe(0.7) else {**changed, **keys}

    # JSON 6902

    def operations(self, resource):
        """Operations on one resource, each on what the one before left. The model keeps the result."""
        made, body = [], copy.deepcopy(resource.body)
        for _ in range(self.chance.weighted({1: 5, 2: 3, 3: 1, 4: 0.5})):
            operation = self.operation(list(self.places(body, "", 0)))
            made.append(operation)
            try:
                apply(body, operation)
            except (KeyError, IndexError, ValueError, TypeError, AttributeError):
                break
        if is_object(body):
            resource.body = body
        return made

    def places(self, value, path, depth):
        """All pointers below a value, with what they point at."""
        if path:
            yield path, value
        if depth > 9:
            return
        if isinstance(value, dict):
            for key, child in value.items():
                yield from self.places(child, path + "/" + str(key).replace("~", "~0").replace("/", "~1"), depth + 1)
        elif isinstance(value, list):
            for index, child in enumerate(value):
                yield from self.places(child, path + "/%d" % index, depth + 1)

    def operation(self, places):
        chance, world = self.chance, self.world
        safe = [place for place in places if place[0] not in ("/apiVersion", "/kind", "/metadata", "/metadata/name")] or places
        path, value = chance.pick(safe)
        kind = chance.weighted({"replace": 5, "add": 5, "remove": 2, "test": 0.7, "copy": 0.7, "move": 0.5})
        operation = {"op": kind, "path": path}
        if kind == "add":
            operation["path"] = self.place_to_add(path, value)
        if kind in ("add", "replace"):
            operation["value"] = world.value() if chance.maybe(0.7) else self.copy(value)
        elif kind == "test":
            operation["value"] = self.copy(value) if chance.maybe(0.9) else world.value()
        elif kind in ("copy", "move"):
            operation["from"] = path
            operation["path"] = self.place_to_add(*chance.pick(safe))
        if world.on("odd", 0.1):
            operation["path"] = chance.pick([path.lstrip("/"), path + "/", path + "/-1", path.rsplit("/", 1)[0] + "/-", path + "/0", path + "//x", "", "/", path.replace("/0", "/-1"), path.replace("/0", "/00"),
                                             path + "/~", path + "/~2", "/nope/deep", path.replace("/0", "/7"), path.replace("/0", "/1e0")])
        if world.on("mistakes", 0.04):
            operation.pop(chance.pick(list(operation)))
        return operation

    def copy(self, value):
        return value if not isinstance(value, (dict, list)) else json.loads(json.dumps(to_json(value)))

    def place_to_add(self, path, value):
        chance = self.chance
        if isinstance(value, list):
            return path + chance.pick(["/-", "/0", "/%d" % len(value), "/1"])
        if isinstance(value, dict):
            return path + "/" + chance.pick(["new", "a~1b", "x", "10"])
        return path

    def operations_text(self, operations):
        if self.chance.maybe(0.4):
            return json.dumps(to_json(operations), indent=self.chance.pick([None, 2]), ensure_ascii=self.chance.maybe(0.5)) + self.chance.pick(["", "\n"])
        return write(self.chance, [operations], self.world.oddness)

    # Targets

    def selector(self, resource, reject=False):
        """Which resources: at times exactly this one, at times by expressions or labels."""
        chance, body = self.chance, resource.body
        group, version = split_api_version(body["apiVersion"])
        name = resource.patch_name(chance)
        options = {
            "kind": chance.pick([body["kind"]] * 4 + [body["kind"][:4] + ".*", "Deployment|StatefulSet", ".*", "[A-Z].*"]),
            "name": chance.pick([name] * 3 + [name[:2] + ".*", ".*", "^" + name + "$", "(%s|x)" % name, name + ".?", "[a-z]+"]),
            "version": chance.pick([version, "v1.*"]), "group": chance.pick([group or "apps", ".*"]),
            "namespace": chance.pick([resource.namespace or "default", "prod|team-.*", ".*"]),
            "labelSelector": self.label_selector(body["metadata"].get("labels")),
            "annotationSelector": self.label_selector(body["metadata"].get("annotations")),
        }
        keys = chance.weighted({("kind", "name"): 5, ("kind",): 4, ("name",): 2, ("group", "version", "kind", "name"): 2, ("labelSelector",): 1, ("kind", "labelSelector"): 1,
                                ("kind", "annotationSelector"): 0.5, ("namespace",): 0.5, ("kind", "name", "namespace"): 0.7, ("group",): 0.3})
        return {key: options[key] for key in keys}

    def label_selector(self, labels):
        chance = self.chance
        labels = {k: v for k, v in (labels or {}).items() if isinstance(v, str) and not isinstance(v, Verbatim)} or {"app": "web"}
        key, value = chance.pick(list(labels.items()))
        value = value if value.isalnum() else "web"
        return chance.pick(["%s=%s", "%s==%s", "%s!=%s", "%s in (%s, x)", "%s notin (%s)", "%s,tier!=%s"]) % (key, value) if chance.maybe(0.7) else chance.pick([key, "!" + key, key + ", !z"])


def apply(body, operation):
    """What one operation does to the model; the odd ones raise something."""
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
    holder = body
    for part in way:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    if operation["op"] == "test":
        return
    if operation["op"] in ("copy", "move"):
        raise ValueError("not worth following")
    if isinstance(holder, list):
        index = len(holder) if last == "-" else int(last)
        if operation["op"] == "add":
            holder.insert(index, operation["value"])
        elif operation["op"] == "replace":
            holder[index] = operation["value"]
        else:
            holder.pop(index)
    elif operation["op"] == "remove":
        holder.pop(last)
    else:
        holder[last] = operation["value"]


def is_object(body):
    """Whether the model can go on with it."""
    metadata = body.get("metadata")
    return (all(isinstance(body.get(key), str) for key in ("apiVersion", "kind")) and isinstance(metadata, dict) and isinstance(metadata.get("name"), str)
            and all(isinstance(metadata.get(key) or {}, dict) for key in ("labels", "annotations")))


def split_api_version(api_version):
    group, _, version = api_version.rpartition("/")
    return group, version
