/* tree.c: making nodes, and changing those that the tree owns. */
#include "yaml/tree.h"

#include <stdio.h>
#include <string.h>

enum { KEYS_A_STEP = 32 };

const struct node *tree_schema(const struct tree *tree, const struct node *node)
{
    return tree->schema_comments && node && node->schema ? tree->schema_comments->items[node->schema - 1] : NULL;
}

bool tree_refuse_steps(const struct tree *tree, struct error *error)
{
    if (!tree->step_limit)
        return error_set(error,
                         "a pattern takes too long on a long text: write one that repeats less, or a shorter text");
    return error_set(error,
                     "the render takes more than %zu million steps: patches, patterns, references or labels meet too "
                     "many resources or values",
                     tree->step_limit / 1000000);
}

static struct node *new_node(struct tree *tree, enum node_kind kind, enum node_tag tag, enum node_style style)
{
    struct node *node = ARENA_NEW(tree->arena, struct node);
    node->kind = (uint8_t)kind;
    node->tag = (uint8_t)tag;
    node->style = (uint8_t)style;
    node->owner = tree->owner;
    tree->nodes++;
    return node;
}

struct node *tree_scalar(struct tree *tree, const char *text, size_t size, enum node_tag tag, enum node_style style)
{
    struct node *node = new_node(tree, NODE_SCALAR, tag, style);
    tree_set_text(tree, node, text, size);
    return node;
}

struct node *tree_string(struct tree *tree, const char *text)
{
    return tree_scalar(tree, text, strlen(text), TAG_STRING, STYLE_PLAIN);
}

struct node *tree_plain(struct tree *tree, const char *text)
{
    return tree_scalar(tree, text, strlen(text), TAG_NONE, STYLE_PLAIN);
}

struct node *tree_int(struct tree *tree, long long value)
{
    char text[24];
    int size = snprintf(text, sizeof text, "%lld", value);
    return tree_scalar(tree, text, (size_t)size, TAG_INT, STYLE_PLAIN);
}

struct node *tree_bool(struct tree *tree, bool value)
{
    return tree_scalar(tree, value ? "true" : "false", value ? 4 : 5, TAG_BOOL, STYLE_PLAIN);
}

struct node *tree_null(struct tree *tree)
{
    return tree_scalar(tree, "null", 4, TAG_NULL, STYLE_PLAIN);
}

struct node *tree_map(struct tree *tree)
{
    return new_node(tree, NODE_MAP, TAG_MAP, STYLE_PLAIN);
}

struct node *tree_list(struct tree *tree)
{
    return new_node(tree, NODE_LIST, TAG_LIST, STYLE_PLAIN);
}

/* A node of the tree's own with the same content; its children are still shared. */
static struct node *copy_shallow(struct tree *tree, const struct node *node)
{
    struct node *copy = arena_alloc(tree->arena, sizeof *copy);
    *copy = *node;
    copy->owner = tree->owner;
    if (node->kind != NODE_SCALAR)
        copy->room = node->count;
    tree->nodes++;
    if (node->kind == NODE_MAP && node->count)
        copy->entries =
            (struct entry *)(void *)arena_copy(tree->arena, node->entries, node->count * sizeof *node->entries);
    if (node->kind == NODE_LIST && node->count)
        copy->items = (struct node **)(void *)arena_copy(tree->arena, node->items, node->count * sizeof *node->items);
    return copy;
}

static bool is_full(const struct tree *tree)
{
    return tree->node_limit && tree->nodes >= tree->node_limit;
}

static struct node *copy_deep(struct tree *tree, const struct node *node, unsigned depth)
{
    if (is_full(tree) || depth == TREE_DEEPEST)
        return NULL;
    struct node *copy = copy_shallow(tree, node);
    if (copy->kind == NODE_SCALAR)
        copy->twins = 0;
    for (uint32_t i = 0; copy->kind != NODE_SCALAR && i < copy->count; i++) {
        struct node **child = copy->kind == NODE_MAP ? &copy->entries[i].value : &copy->items[i];
        *child = copy_deep(tree, *child, depth + 1);
        if (!*child)
            return NULL;
    }
    return copy;
}

struct node *tree_copy(struct tree *tree, const struct node *node)
{
    return copy_deep(tree, node, 0);
}

bool tree_refuse_copy(const struct tree *tree, origin at, struct error *error)
{
    if (is_full(tree))
        return error_at(error, at, "more than %zu YAML values in one render: something grows too large",
                        tree->node_limit);
    return error_at(error, at, "nested more than %d levels deep", TREE_DEEPEST);
}

void tree_share(struct node *node)
{
    node->owner = 0;
    for (uint32_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
        tree_share(node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
}

struct node *tree_own(struct tree *tree, struct node **slot)
{
    if ((*slot)->owner != tree->owner)
        *slot = copy_shallow(tree, *slot);
    return *slot;
}

struct node *tree_own_value(struct tree *tree, struct node *map, const struct key *key)
{
    struct entry *entry = node_entry(map, key);
    return entry ? tree_own(tree, &entry->value) : NULL;
}

struct node *tree_own_item(struct tree *tree, struct node *list, size_t index)
{
    return tree_own(tree, &list->items[index]);
}

/* Makes room for one more in an array of entries or items. */
static void *grow_array(struct tree *tree, struct node *node, void *array, size_t size)
{
    if (node->count < node->room)
        return array;
    if (node->count > UINT32_MAX / 2)
        memory_exhausted();
    node->room = node->count < 4 ? 4 : node->count * 2;
    void *fresh = arena_alloc(tree->arena, memory_product(node->room, size));
    if (node->count)
        memcpy(fresh, array, node->count * size);
    return fresh;
}

void tree_set(struct tree *tree, struct node *map, const struct key *key, struct node *value)
{
    tree->steps += map->count / KEYS_A_STEP;
    struct entry *entry = node_entry(map, key);
    if (entry) {
        entry->value = value;
        return;
    }
    tree_add(tree, map, (struct entry){key, value, value->origin, TAG_NONE, STYLE_PLAIN});
}

void tree_add(struct tree *tree, struct node *map, struct entry entry)
{
    map->entries = grow_array(tree, map, map->entries, sizeof *map->entries);
    map->entries[map->count++] = entry;
}

void tree_set_named(struct tree *tree, struct node *map, const char *key, struct node *value)
{
    tree_set(tree, map, intern_string(tree->keys, key), value);
}

void tree_set_string(struct tree *tree, struct node *map, const char *key, const char *text)
{
    tree_set_named(tree, map, key, tree_string(tree, text));
}

void tree_set_given(struct tree *tree, struct node *map, const char *key, const char *text)
{
    if (text)
        tree_set_string(tree, map, key, text);
}

bool tree_remove(struct node *map, const struct key *key)
{
    struct entry *entry = node_entry(map, key);
    if (!entry)
        return false;
    size_t behind = (size_t)(map->entries + map->count - entry - 1);
    memmove(entry, entry + 1, behind * sizeof *entry);
    map->count--;
    return true;
}

void tree_append(struct tree *tree, struct node *list, struct node *item)
{
    tree_insert(tree, list, list->count, item);
}

void tree_insert(struct tree *tree, struct node *list, size_t index, struct node *item)
{
    list->items = grow_array(tree, list, list->items, sizeof(struct node *));
    struct node **place = list->items + index;
    memmove(place + 1, place, (list->count - index) * sizeof(struct node *));
    *place = item;
    list->count++;
}

void tree_remove_item(struct node *list, size_t index)
{
    struct node **place = list->items + index;
    memmove(place, place + 1, (list->count - index - 1) * sizeof(struct node *));
    list->count--;
}

void tree_set_text(struct tree *tree, struct node *scalar, const char *text, size_t size)
{
    if (size >= UINT32_MAX)
        memory_exhausted();
    scalar->text = arena_copy(tree->arena, text, size);
    scalar->count = (uint32_t)size;
}

struct node *tree_demand_map(struct tree *tree, struct node *map, const struct key *key)
{
    struct entry *entry = node_entry(map, key);
    if (entry && !node_is_null(entry->value))
        return node_is_map(entry->value) ? tree_own(tree, &entry->value) : NULL;
    struct node *fresh = tree_map(tree);
    tree_set(tree, map, key, fresh);
    return fresh;
}

static struct node **child_slot(struct node *node, uint32_t index)
{
    return node->kind == NODE_MAP ? &node->entries[index].value : &node->items[index];
}

struct node *trail_own(struct tree *tree, const struct trail *trail)
{
    struct node **slot = trail->root;
    for (size_t i = 0; i < trail->depth; i++)
        slot = child_slot(tree_own(tree, slot), trail->steps[i]);
    return tree_own(tree, slot);
}

struct node *trail_end(const struct trail *trail)
{
    struct node *node = *trail->root;
    for (size_t i = 0; i < trail->depth; i++)
        node = node->kind == NODE_MAP ? node->entries[trail->steps[i]].value : node->items[trail->steps[i]];
    return node;
}

struct twin_walk {
    struct tree *tree;
    const struct node *written;
    struct trail trail;
};

static void write_twin(struct twin_walk *walk)
{
    struct node *twin = trail_own(walk->tree, &walk->trail);
    const struct node *written = walk->written;
    twin->tag = written->tag;
    twin->style = written->style;
    twin->tagged = written->tagged;
    twin->tag_text = written->tag_text;
    twin->text = written->text;
    twin->count = written->count;
    if (walk->tree->writers)
        twin->origin = written->origin;
}

/* Twins are values of labels and annotations, and so never deeper than a trail is long. */
static void find_twins(struct twin_walk *walk, const struct node *node)
{
    walk->tree->steps++;
    if (node->kind == NODE_SCALAR) {
        if (node != walk->written && node->twins == walk->written->twins)
            write_twin(walk);
        return;
    }
    for (uint32_t i = 0; i < node->count && walk->trail.depth < TRAIL_LONGEST; i++) {
        walk->trail.steps[walk->trail.depth++] = i;
        find_twins(walk, node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
        walk->trail.depth--;
    }
}

void tree_write_twins(struct tree *tree, struct node **root, const struct node *written)
{
    if (written->kind != NODE_SCALAR || !written->twins)
        return;
    struct twin_walk walk;
    walk.tree = tree;
    walk.written = written;
    trail_start(&walk.trail, root);
    find_twins(&walk, *root);
}

bool demand_kind(const struct node *node, enum node_kind expected, struct error *error)
{
    static const char *const names[] = {
        [NODE_SCALAR] = "ScalarNode", [NODE_MAP] = "MappingNode", [NODE_LIST] = "SequenceNode"};
    if (node->kind == expected)
        return true;
    return error_at(error, node->origin, "wrong node kind: expected %s but got %s", names[expected], names[node->kind]);
}
