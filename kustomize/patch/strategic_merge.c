/* strategic_merge.c: merges maps and scalars, and decides what is merged how.
 *
 * Source of all rules: kyaml yaml/merge2/merge2.go and smpdirective.go, yaml/walk/walk.go and map.go, and FieldSetter
 * in yaml/fns.go. */
#include "kustomize/patch/strategic_merge.h"
#include "yaml/setter_quotes.h"

#include <string.h>

#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/patch/notice_lists.h"
#include "kustomize/resource/key_index.h"
#include "kustomize/schema/schema_table.h"

enum { DEEPEST = 1000 };

bool directive_unknown(struct merge *merge, const struct node *value)
{
    const char *text = node_text(value);
    return error_at(merge->error, value->origin, "unknown patch strategy '%s': $patch must be delete, replace or merge",
                    text ? text : "");
}

/* A map that is being written: copied at the first change where it is shared. */
struct map_writer {
    struct merge *merge;
    struct tree *tree;
    struct node *map;
    bool owned, holes; /* holes: entries without a value, to be removed at the end */
};

static void own_map(struct map_writer *writer)
{
    if (!writer->owned)
        tree_own(writer->tree, &writer->map);
    writer->owned = true;
}

/* A value that takes the place of another keeps that one's style (FieldSetter). An empty collection has its style from
 * the patch already (Merger.SetStyle). */
static struct node *with_style(struct tree *tree, struct node *value, const struct node *old, const struct node *patch)
{
    const struct node *model = old->kind != NODE_SCALAR && !old->count && patch ? patch : old;
    if (value->style == model->style && value->tagged == model->tagged)
        return value;
    tree_own(tree, &value);
    value->style = model->style;
    value->tagged = model->tagged;
    return value;
}

/* Nothing is left of a field: it was cleared, or is null without having been so all along. */
static bool is_cleared(const struct node *result, const struct node *patch)
{
    return !result || (node_is_null(result) && (patch || !result->count));
}

/* The new value of a scalar that has twins remains one of them. */
static struct node *with_twins(struct merge *merge, struct node *value, const struct node *old)
{
    if (value->kind != NODE_SCALAR || old->kind != NODE_SCALAR || !old->twins)
        return value;
    tree_own(merge->tree, &value);
    value->twins = old->twins;
    merge->twins =
        arena_grow(merge->tree->arena, merge->twins, merge->twin_count, &merge->twin_room, sizeof *merge->twins);
    merge->twins[merge->twin_count++] = value;
    return value;
}

/* A merge sets every field of the maps that it visits, to itself where the patch has none, and so quotes what a
 * transformer left without a tag and YAML 1.1 would not read as a string (FieldSetter). */
static bool gets_quotes(const struct node *node)
{
    return node->kind == NODE_SCALAR && (node->tag == TAG_NONE || node->tag == TAG_STRING) &&
           node->style == STYLE_PLAIN && !node->tagged && setter_quotes(node->text, node->count);
}

static struct node *with_quotes(struct tree *tree, struct node *value)
{
    if (gets_quotes(value))
        tree_own(tree, &value)->style = STYLE_DOUBLE_QUOTED;
    return value;
}

/* Where writers are recorded: the patch's scalar, which knows what it took the place of. */
static struct node *merge_over(struct tree *tree, struct node *value, const struct node *old)
{
    if (tree->writers && value->kind == NODE_SCALAR)
        written_over(tree, tree_own(tree, &value), old, "patches");
    return value;
}

static void put_value(struct map_writer *writer, uint32_t index, struct node *patch, struct node *result)
{
    struct node *old = writer->map->entries[index].value;
    if (result == old && !is_cleared(result, patch) && !gets_quotes(old))
        return;
    own_map(writer);
    struct entry *entry = &writer->map->entries[index];
    bool cleared = is_cleared(result, patch);
    writer->holes = writer->holes || cleared;
    if (cleared)
        entry->value = NULL;
    else if (result == old)
        entry->value = with_twins(writer->merge, with_quotes(writer->tree, result), old);
    else
        entry->value =
            with_twins(writer->merge, with_style(writer->tree, merge_over(writer->tree, result, old), old, patch), old);
}

static void close_holes(struct map_writer *writer)
{
    struct node *map = writer->map;
    uint32_t kept = 0;
    for (uint32_t i = 0; writer->holes && i < map->count; i++)
        if (map->entries[i].value)
            map->entries[kept++] = map->entries[i];
    if (writer->holes)
        map->count = kept;
}

/* kyaml's FieldSetter takes a field without a name for the map itself. */
static bool has_name(const struct merge *merge, const struct entry *entry)
{
    return entry->key->size ? true
                            : error_at(merge->error, entry->origin,
                                       "wrong node kind: expected ScalarNode but got MappingNode: a map with an empty "
                                       "key cannot be merged");
}

/* Merges the fields that the map has already; a fresh one is its own patch. */
static bool merge_fields(struct merge *merge, struct map_writer *writer, const struct node *patch, bool fresh,
                         const struct schema *schema)
{
    struct key_index index;
    key_index_init(&index, merge->tree->arena, fresh ? NULL : patch, writer->map->count);
    for (uint32_t i = 0; i < writer->map->count; i++) {
        const struct entry *entry = &writer->map->entries[i];
        const struct entry *other = key_index_find(&index, entry->key);
        struct node *from = fresh ? entry->value : other ? other->value : NULL, *result;
        merge->field = entry->key->text;
        if (!has_name(merge, entry) ||
            !merge_nodes(merge, entry->value, from, schema_field(schema, entry->key->text), &result))
            return false;
        put_value(writer, i, from, result);
    }
    return true;
}

/* Adds the fields that only the patch has. */
static bool add_fields(struct merge *merge, struct map_writer *writer, const struct node *patch,
                       const struct schema *schema)
{
    struct key_index index;
    const struct node *before = writer->map;
    key_index_init(&index, merge->tree->arena, before, patch->count);
    for (uint32_t i = 0; i < patch->count; i++) {
        struct entry entry = patch->entries[i];
        struct node *from = entry.value;
        if (key_index_find(&index, entry.key))
            continue;
        merge->field = entry.key->text;
        if (!has_name(merge, &entry) ||
            !merge_nodes(merge, NULL, from, schema_field(schema, entry.key->text), &entry.value))
            return false;
        if (is_cleared(entry.value, from))
            continue;
        own_map(writer);
        tree_add(merge->tree, writer->map, entry);
    }
    return true;
}

struct node *directive_remove(struct tree *tree, struct node *map)
{
    tree_own(tree, &map);
    tree_remove(map, &key_dollar_patch);
    return map;
}

/* What $patch says is done with a map that is there: `destination` and `patch` are what is left to merge. */
static bool obey_directive(struct merge *merge, struct node **destination, struct node **patch, bool *fresh)
{
    enum directive directive = directive_of_map(*patch);
    if (directive == DIRECTIVE_UNKNOWN && !node_is_missing(*destination))
        return directive_unknown(merge, node_get(*patch, &key_dollar_patch));
    if (directive == DIRECTIVE_DELETE) {
        *destination = NULL;
        return true;
    }
    if (directive == DIRECTIVE_MERGE || directive == DIRECTIVE_REPLACE)
        *patch = directive_remove(merge->tree, *patch);
    *fresh = *fresh || node_is_missing(*destination) || directive == DIRECTIVE_REPLACE;
    if (*fresh)
        *destination = *patch;
    return true;
}

static bool merge_map(struct merge *merge, struct node *destination, struct node *patch, const struct schema *schema,
                      struct node **result)
{
    bool fresh = destination == patch;
    *result = NULL;
    if (!patch && node_is_missing(destination)) {
        *result = destination;
        return true;
    }
    if (patch && node_is_missing(patch))
        return true;
    bool restyled = !node_is_missing(destination) && patch && !destination->count;
    if (patch && !obey_directive(merge, &destination, &patch, &fresh))
        return false;
    if (!destination)
        return true;
    struct map_writer writer = {.merge = merge, .tree = merge->tree, .map = destination};
    if (restyled && !fresh && destination->style != patch->style) {
        own_map(&writer);
        writer.map->style = patch->style;
        writer.map->tagged = patch->tagged;
    }
    if (!merge_fields(merge, &writer, patch, fresh, schema) ||
        (patch && !fresh && !add_fields(merge, &writer, patch, schema)))
        return false;
    close_holes(&writer);
    *result = writer.map;
    return true;
}

/* Embedded objects bring their own kind, where nothing else tells what they are. */
static const struct schema *schema_of(const struct merge *merge, const struct node *node)
{
    const char *api_version = node_text(node_get(node, &key_apiVersion)), *kind = node_text(node_get(node, &key_kind));
    return api_version && kind ? schema_set_find(merge->schemas, api_version, kind) : NULL;
}

/* A schema comment on the value or its key comes before everything else. */
static const struct schema *find_schema(const struct merge *merge, const struct schema *schema,
                                        const struct node *destination, const struct node *patch)
{
    const struct node *comment = tree_schema(merge->tree, destination);
    if (!comment)
        comment = tree_schema(merge->tree, patch);
    if (comment)
        return schema_from_node(merge->schemas, comment);
    if (!schema)
        schema = schema_of(merge, destination);
    return schema ? schema : schema_of(merge, patch);
}

static const char *kind_name(const struct node *node)
{
    static const char *const names[] = {
        [NODE_SCALAR] = "ScalarNode", [NODE_MAP] = "MappingNode", [NODE_LIST] = "SequenceNode"};
    return names[node->kind];
}

static bool merge_kinds(struct merge *merge, struct node *destination, struct node *patch, const struct schema *schema,
                        struct node **result)
{
    const struct node *model = node_is_missing(destination) ? patch : destination;
    if (patch && wants_notices(merge->render)) {
        notice_emptied_field(merge, destination, patch);
        notice_excluded_fields(merge, destination, patch);
    }
    if (!node_is_missing(patch) && patch->kind != model->kind)
        return error_at(merge->error, patch->origin,
                        "wrong node kind: expected %s but got %s: a patch cannot change it", kind_name(model),
                        kind_name(patch));
    if (node_is_missing(model) || model->kind == NODE_MAP)
        return merge_map(merge, destination, patch, schema, result);
    if (model->kind == NODE_LIST && schema_merge_keys(schema))
        return merge_list(merge, destination, patch, schema, result);
    if (model->kind == NODE_LIST && patch && wants_notices(merge->render))
        notice_replaced_list(merge, destination, patch);
    *result = patch ? patch : destination;
    return true;
}

bool merge_nodes(struct merge *merge, struct node *destination, struct node *patch, const struct schema *schema,
                 struct node **result)
{
    if (!tree_count_steps(merge->tree, 1, merge->error))
        return false;
    if (merge->depth == DEEPEST)
        return error_at(merge->error, destination ? destination->origin : 0,
                        "more than %d levels of nesting: too deep to merge", DEEPEST);
    merge->depth++;
    bool merged = merge_kinds(merge, destination, patch, find_schema(merge, schema, destination, patch), result);
    merge->depth--;
    return merged;
}
