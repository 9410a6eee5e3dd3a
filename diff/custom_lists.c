/* custom_lists.c: what definitions say about the lists of custom resources. */
#include <string.h>

#include "base/map.h"
#include "diff/list_keys.h"

enum { DEEPEST_SCHEMA = 40 };

struct list_keys {
    struct arena *arena;
    struct map *rows; /* "group\nkind\npath", without items -> struct list_key */
};

/* One kind's schema while it is walked. */
struct schema_walk {
    struct list_keys *keys;
    const struct node *definitions; /* of an OpenAPI file; NULL: nothing is referred to */
    const char *group, *kind;
};

struct list_keys *list_keys_new(struct arena *arena)
{
    struct list_keys *keys = ARENA_NEW(arena, struct list_keys);
    *keys = (struct list_keys){.arena = arena, .rows = map_new(arena)};
    return keys;
}

static const char *row_name(struct arena *arena, const char *group, const char *kind, const char *path)
{
    struct text plain = {0};
    for (; *path; path += strcspn(path, ".") + (path[strcspn(path, ".")] == '.')) {
        if (*path == '[') { /* an item: its key may have points in it */
            const char *end = strchr(path, ']');
            path = end ? end : path;
            continue;
        }
        text_format(&plain, "%s%.*s", plain.size ? "." : "", (int)strcspn(path, "."), path);
    }
    const char *name = arena_format(arena, "%s\n%s\n%s", group, kind, text_content(&plain));
    text_free(&plain);
    return name;
}

const struct list_key *list_keys_find(const struct list_keys *keys, const struct object_id *id, const char *path)
{
    const char *name = row_name(keys->arena, id->group, id->kind, path);
    return map_get(keys->rows, name, strlen(name));
}

/* Source: Kubernetes, "Merge strategy" of server-side apply: without x-kubernetes-list-type a list is atomic; since
 * many definitions say nothing where they could, such a list is left to what its items look like. */
static void note_list(const struct schema_walk *walk, const struct node *schema, const char *path)
{
    const char *type = node_text(node_find(schema, "x-kubernetes-list-type"));
    const char *merge_key = node_text(node_find(schema, "x-kubernetes-patch-merge-key"));
    const struct node *names = node_find(schema, "x-kubernetes-list-map-keys");
    if (!type && !merge_key)
        return;
    struct list_key *row = ARENA_NEW(walk->keys->arena, struct list_key);
    size_t count = 0;
    *row = (struct list_key){.list = "", .otherwise = ""};
    for (size_t i = 0; node_is_list(names) && i < names->count && count < MOST_LIST_KEYS; i++)
        row->keys[count++] = arena_string(walk->keys->arena, node_text(names->items[i]) ? names->items[i]->text : "");
    if (!count && merge_key)
        row->keys[count++] = arena_string(walk->keys->arena, merge_key);
    const char *name = row_name(walk->keys->arena, walk->group, walk->kind, path);
    *map_slot(walk->keys->rows, name, strlen(name)) = row;
}

static const struct node *resolve_schema(const struct schema_walk *walk, const struct node *schema)
{
    static const char local[] = "#/definitions/";
    const char *reference = node_text(node_find(schema, "$ref"));
    if (!reference || strncmp(reference, local, strlen(local)) != 0)
        return schema;
    return node_find(walk->definitions, reference + strlen(local));
}

static void walk_schema(const struct schema_walk *walk, const struct node *given, const char *path, unsigned depth)
{
    const struct node *schema = resolve_schema(walk, given), *properties = node_find(schema, "properties");
    if (!schema || depth > DEEPEST_SCHEMA)
        return;
    const struct node *items = node_find(schema, "items");
    if (items)
        note_list(walk, given, path);
    walk_schema(walk, items, path, depth + 1);
    for (size_t i = 0; node_is_map(properties) && i < properties->count; i++)
        if (properties->entries[i].key)
            walk_schema(
                walk, properties->entries[i].value,
                arena_format(walk->keys->arena, "%s%s%s", path, *path ? "." : "", properties->entries[i].key->text),
                depth + 1);
}

static const char *text_at(const struct node *node, const char *const *path)
{
    const char *text = node_text(node_at(node, path));
    return text ? text : "";
}

void list_keys_learn(struct list_keys *keys, const struct node *definition)
{
    static const char *const group[] = {"spec", "group", NULL}, *const kind[] = {"spec", "names", "kind", NULL},
                             *const versions[] = {"spec", "versions", NULL},
                             *const schema[] = {"schema", "openAPIV3Schema", NULL};
    const struct node *list = node_at(definition, versions);
    if (!node_equals(node_get(definition, &key_kind), "CustomResourceDefinition"))
        return;
    struct schema_walk walk = {.keys = keys, .group = text_at(definition, group), .kind = text_at(definition, kind)};
    for (size_t i = 0; node_is_list(list) && i < list->count; i++)
        walk_schema(&walk, node_at(list->items[i], schema), "", 0);
}

void list_keys_learn_openapi(struct list_keys *keys, const struct node *root)
{
    const struct node *definitions = node_find(root, "definitions");
    for (size_t i = 0; node_is_map(definitions) && i < definitions->count; i++) {
        const struct node *kinds = node_find(definitions->entries[i].value, "x-kubernetes-group-version-kind");
        for (size_t k = 0; node_is_list(kinds) && k < kinds->count; k++) {
            const char *group = node_text(node_find(kinds->items[k], "group")),
                       *kind = node_text(node_find(kinds->items[k], "kind"));
            struct schema_walk walk = {.keys = keys,
                                       .definitions = definitions,
                                       .group = arena_string(keys->arena, group ? group : ""),
                                       .kind = arena_string(keys->arena, kind ? kind : "")};
            walk_schema(&walk, definitions->entries[i].value, "", 0);
        }
    }
}
