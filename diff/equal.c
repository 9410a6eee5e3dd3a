/* equal.c: compares values of two engines, as they would be printed. */
#include <string.h>

#include "diff/changes.h"
#include "yaml/emit.h"

static bool same_key(const struct key *left, const struct key *right)
{
    return left == right || (left->size == right->size && memcmp(left->text, right->text, left->size) == 0);
}

/* 0x10 and 16 are printed alike. */
static bool printed_alike(const struct node *left, const struct node *right)
{
    struct text one = {0}, other = {0};
    struct error ignored = {0};
    bool alike = emit_json(left, &one, &ignored) && emit_json(right, &other, &ignored) && one.size == other.size &&
                 memcmp(text_content(&one), text_content(&other), one.size) == 0;
    text_free(&one);
    text_free(&other);
    error_free(&ignored);
    return alike;
}

static bool scalars_equal(const struct node *left, const struct node *right)
{
    enum node_tag tag = node_tag(left);
    if (left->count == right->count && memcmp(left->text, right->text, left->count) == 0 && tag == node_tag(right))
        return true;
    return (tag != TAG_STRING || node_tag(right) != TAG_STRING) && printed_alike(left, right);
}

/* The value of a key that most often is at the same index. */
static const struct node *value_of(const struct node *map, size_t index, const struct key *key)
{
    if (index < map->count && map->entries[index].key && same_key(map->entries[index].key, key))
        return map->entries[index].value;
    return node_find(map, key->text);
}

static bool maps_equal(const struct node *left, const struct node *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++) {
        const struct key *key = left->entries[i].key;
        const struct node *other = key ? value_of(right, i, key) : NULL;
        if (!other || !nodes_equal(left->entries[i].value, other))
            return false;
    }
    return true;
}

bool nodes_equal(const struct node *left, const struct node *right)
{
    if (!left || !right || left->kind != right->kind)
        return left == right;
    if (left == right)
        return true;
    if (node_is_scalar(left))
        return scalars_equal(left, right);
    if (node_is_map(left))
        return maps_equal(left, right);
    bool equal = left->count == right->count;
    for (size_t i = 0; equal && i < left->count; i++)
        equal = nodes_equal(left->items[i], right->items[i]);
    return equal;
}
