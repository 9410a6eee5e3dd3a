/* node.c: looking at nodes. */
#include "yaml/node.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum node_tag node_tag(const struct node *node)
{
    if (!node)
        return TAG_NULL;
    if (node->tag != TAG_NONE)
        return node->tag;
    if (node->kind == NODE_MAP)
        return TAG_MAP;
    if (node->kind == NODE_LIST)
        return TAG_LIST;
    return node->style == STYLE_PLAIN ? node_resolve(node->text, node->count) : TAG_STRING;
}

const char *node_tag_name(const struct node *node)
{
    static const char *const names[] = {
        [TAG_NONE] = "",
        [TAG_STRING] = "!!str",
        [TAG_INT] = "!!int",
        [TAG_FLOAT] = "!!float",
        [TAG_BOOL] = "!!bool",
        [TAG_NULL] = "!!null",
        [TAG_TIMESTAMP] = "!!timestamp",
        [TAG_BINARY] = "!!binary",
        [TAG_MERGE] = "!!merge",
        [TAG_MAP] = "!!map",
        [TAG_LIST] = "!!seq",
    };
    enum node_tag tag = node_tag(node);
    return tag == TAG_OTHER ? node->tag_text : names[tag];
}

bool node_is_null(const struct node *node)
{
    return node && node->tag == TAG_NULL;
}

bool node_is_empty(const struct node *node)
{
    return !node || node_is_null(node) || (node->kind != NODE_SCALAR && node->count == 0);
}

struct entry *node_entry(const struct node *map, const struct key *key)
{
    if (!node_is_map(map))
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (map->entries[i].key == key)
            return &map->entries[i];
    return NULL;
}

struct node *node_get(const struct node *map, const struct key *key)
{
    const struct entry *entry = node_entry(map, key);
    return entry ? entry->value : NULL;
}

struct node *node_find(const struct node *map, const char *key)
{
    if (!node_is_map(map))
        return NULL;
    size_t size = strlen(key);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct key *candidate = map->entries[i].key;
        if (candidate->size == size && memcmp(candidate->text, key, size) == 0)
            return map->entries[i].value;
    }
    return NULL;
}

struct node *node_last(const struct node *map, const char *key)
{
    const struct left_out *more = node_is_map(map) ? map->unprintable : NULL;
    for (size_t i = more ? more->count : 0; i-- > 0;)
        if (more->entries[i].key && strcmp(more->entries[i].key->text, key) == 0)
            return more->entries[i].value;
    return node_find(map, key);
}

struct node *node_at(const struct node *node, const char *const *path)
{
    const struct node *found = node;
    for (; found && *path; path++)
        found = node_find(found, *path);
    return (struct node *)found;
}

const char *node_text(const struct node *node)
{
    return node_is_scalar(node) ? node->text : NULL;
}

const char *node_string(const struct node *node)
{
    return node_is_scalar(node) && node_tag(node) == TAG_STRING ? node->text : NULL;
}

bool node_equals(const struct node *scalar, const char *text)
{
    return node_is_scalar(scalar) && scalar->count == strlen(text) && memcmp(scalar->text, text, scalar->count) == 0;
}

bool node_list_has(const struct node *list, const char *text)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_equals(list->items[i], text))
            return true;
    return false;
}

static int compare_entries(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t)(*(const struct entry *const *)left)->key;
    uintptr_t b = (uintptr_t)(*(const struct entry *const *)right)->key;
    return (a > b) - (a < b);
}

static const struct entry **sorted_entries(const struct node *map)
{
    const struct entry **sorted = memory_resize(NULL, memory_product(map->count, sizeof *sorted));
    for (uint32_t i = 0; i < map->count; i++)
        sorted[i] = &map->entries[i];
    qsort(sorted, map->count, sizeof *sorted, compare_entries);
    return sorted;
}

static bool same_entries_sorted(const struct node *left, const struct node *right)
{
    const struct entry **a = sorted_entries(left), **b = sorted_entries(right);
    bool same = true;
    for (uint32_t i = 0; same && i < left->count; i++)
        same = a[i]->key == b[i]->key && node_same(a[i]->value, b[i]->value);
    free(a);
    free(b);
    return same;
}

/* Most pairs of maps have their keys in the same order. */
static bool same_entries(const struct node *left, const struct node *right)
{
    for (uint32_t i = 0; i < left->count; i++)
        if (left->entries[i].key != right->entries[i].key)
            return same_entries_sorted(left, right);
    for (uint32_t i = 0; i < left->count; i++)
        if (!node_same(left->entries[i].value, right->entries[i].value))
            return false;
    return true;
}

bool node_same(const struct node *left, const struct node *right)
{
    if (left == right)
        return true;
    if (!left || !right || left->kind != right->kind || left->count != right->count ||
        node_tag(left) != node_tag(right) || strcmp(node_tag_name(left), node_tag_name(right)) != 0)
        return false;
    if (left->kind == NODE_MAP)
        return same_entries(left, right);
    if (left->kind == NODE_SCALAR)
        return memcmp(left->text, right->text, left->count) == 0;
    for (uint32_t i = 0; i < left->count; i++)
        if (!node_same(left->items[i], right->items[i]))
            return false;
    return true;
}
