/* schema_file.c: schemas from the definitions of an OpenAPI file.
 *
 * Source: kyaml openapi/openapi.go Field, Elements, PatchStrategyAndKeyList and resolve. */
#include <string.h>

#include "base/map.h"
#include "kustomize/schema/schema_table.h"

enum { LONGEST_CHAIN = 100, MOST_KEYS = 16 };

static const char definitions_prefix[] = "#/definitions/";

/* Whether one of the words between commas is "merge". */
static bool is_merged(const char *strategy)
{
    for (const char *word = strategy; word; word = strchr(word, ',') ? strchr(word, ',') + 1 : NULL)
        if (strcspn(word, ",") == 5 && memcmp(word, "merge", 5) == 0)
            return true;
    return false;
}

static const char *const *keys_of(struct arena *arena, const struct node *node)
{
    const char *strategy = node_text(node_find(node, "x-kubernetes-patch-strategy"));
    const struct node *list = node_find(node, "x-kubernetes-list-map-keys");
    const char *key = node_text(node_find(node, "x-kubernetes-patch-merge-key"));
    const char **keys = ARENA_ARRAY(arena, MOST_KEYS + 1, const char *);
    if (!strategy || !is_merged(strategy))
        return NULL;
    if (!list) {
        keys[0] = key;
        return keys;
    }
    for (uint32_t i = 0; node_is_list(list) && i < list->count && i < MOST_KEYS; i++)
        keys[i] = node_text(list->items[i]) ? list->items[i]->text : "";
    return keys;
}

static const struct schema *make_schema(struct schema_set *schemas, const struct node *node)
{
    struct arena *arena = schema_set_arena(schemas);
    const struct node **key = arena_alloc(arena, sizeof *key);
    *key = node;
    struct schema **slot = (struct schema **)map_slot(schema_set_made(schemas), key, sizeof *key);
    if (!*slot) {
        *slot = ARENA_NEW(arena, struct schema);
        **slot = (struct schema){.schemas = schemas, .node = node, .merge_keys = keys_of(arena, node)};
    }
    return *slot;
}

/* A JSON pointer to a definition; ~1 and ~0 stand for a slash and a tilde. */
static const char *referred_name(struct arena *arena, const char *reference)
{
    size_t prefix = sizeof definitions_prefix - 1;
    if (strncmp(reference, definitions_prefix, prefix) != 0 || strchr(reference + prefix, '/'))
        return NULL;
    char *name = arena_string(arena, reference + prefix), *out = name;
    for (const char *at = name; *at; at++) {
        bool escape = at[0] == '~' && (at[1] == '0' || at[1] == '1');
        *out++ = (char)(!escape ? *at : *++at == '0' ? '~' : '/');
    }
    *out = '\0';
    return name;
}

const struct schema *schema_from_node(struct schema_set *schemas, const struct node *node)
{
    for (int i = 0; i < LONGEST_CHAIN && node_is_map(node); i++) {
        const char *reference = node_text(node_find(node, "$ref"));
        if (!reference || !*reference)
            return make_schema(schemas, node);
        const char *name = referred_name(schema_set_arena(schemas), reference);
        const struct node *next = name ? schema_set_file_definition(schemas, name) : NULL;
        if (!next)
            return name ? schema_set_builtin_definition(schemas, name) : NULL;
        node = next;
    }
    return NULL;
}

const struct schema *schema_file_field(const struct schema *schema, const char *name)
{
    const struct node *properties = node_find(schema->node, "properties");
    const struct node *field = schema_set_file_member(schema->schemas, properties, name);
    const struct node *others = node_find(schema->node, "additionalProperties");
    return schema_from_node(schema->schemas, field ? field : others);
}

static bool is_array(const struct node *type)
{
    if (node_is_list(type))
        return type->count == 1 && node_equals(type->items[0], "array");
    return node_equals(type, "array");
}

const struct schema *schema_file_items(const struct schema *schema)
{
    return is_array(node_find(schema->node, "type"))
               ? schema_from_node(schema->schemas, node_find(schema->node, "items"))
               : NULL;
}
