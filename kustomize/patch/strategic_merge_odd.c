/* strategic_merge_odd.c: merges lists whose keys are missing, half there or doubled, step by step as kyaml does.
 *
 * Each step searches a whole list, so the length is bounded. Source: kyaml yaml/walk/associative_sequence.go, and
 * ElementSetter, ElementMatcher and FieldMatcher in yaml/fns.go. */
#include <string.h>

#include "kustomize/patch/strategic_merge_list.h"

enum { MOST_ITEMS = 2000 };

static const char *const no_key[] = {"", NULL};

struct items {
    struct node **items;
    size_t count, room;
};

/* The values of some keys, by which an element is looked for. */
struct criteria {
    const char *keys[sizeof(size_t) * 8], *values[sizeof(size_t) * 8];
    size_t key_count, value_count;
};

struct odd_merge {
    struct merge *merge;
    const struct list_merge *lists;
    const char *const *keys;
    size_t key_count;
    size_t used; /* keys that any tuple has, or all of them */
    struct items destination, patch, result;
    const char ***tuples;
    size_t tuple_count, tuple_room;
};

static void add_item(struct odd_merge *odd, struct items *list, struct node *item)
{
    list->items = arena_grow(odd->merge->tree->arena, list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count++] = item;
}

static struct items items_of(struct odd_merge *odd, const struct node *list)
{
    struct items items = {0};
    for (uint32_t i = 0; list && i < list->count; i++)
        add_item(odd, &items, list->items[i]);
    return items;
}

/* kyaml's Value of a node: only scalars have one. */
static const char *value_of(const struct node *node)
{
    return node_is_scalar(node) ? node->text : "";
}

static bool is_nothing(const struct node *node)
{
    return !node || node_is_null(node) || (node_is_map(node) && !node->count);
}

static bool wrong_kind(struct odd_merge *odd, const struct node *node, const char *expected)
{
    return error_at(odd->merge->error, node->origin, "wrong node kind: expected %s in a list that is merged by key",
                    expected);
}

/* FieldMatcher. `any`: an empty value matches whatever the field holds. `found` is NULL where there is none. */
static bool match_field(struct odd_merge *odd, const struct node *item, const char *key, const char *value, bool any,
                        const struct node **found)
{
    *found = NULL;
    if (!*key) {
        if (item->kind != NODE_SCALAR)
            return wrong_kind(odd, item, "a scalar");
        *found = strcmp(item->text, value) == 0 ? item : NULL;
        return true;
    }
    if (item->kind != NODE_MAP)
        return wrong_kind(odd, item, "a map");
    const struct node *field = node_find(item, key);
    if (field && ((any && !*value) || strcmp(value_of(field), value) == 0))
        *found = field;
    return true;
}

static bool matches_criteria(struct odd_merge *odd, const struct node *item, const struct criteria *criteria, bool any,
                             bool *found)
{
    const struct node *field = NULL;
    for (size_t i = 0; i < criteria->key_count; i++) {
        if (i < criteria->value_count && !match_field(odd, item, criteria->keys[i], criteria->values[i], any, &field))
            return false;
        if (!field)
            break;
    }
    *found = field != NULL;
    return true;
}

/* ElementSetter: puts an element in the place of all that match, or at the end; NULL removes them. Empty elements are
 * dropped on the way, and without values everything is. */
static bool set_element(struct odd_merge *odd, struct items *list, const struct criteria *criteria,
                        struct node *element)
{
    bool by_map = *criteria->keys[0] && criteria->value_count && *criteria->values[0], any = false;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct node *item = list->items[i];
        bool found = false;
        if (is_nothing(item))
            continue;
        bool foreign = by_map && !node_is_map(item);
        if (!foreign && !matches_criteria(odd, item, criteria, true, &found))
            return false;
        any = any || found;
        if (found && element)
            list->items[kept++] = element;
        else if (!found && (foreign || criteria->value_count))
            list->items[kept++] = item;
    }
    list->count = kept;
    if (element && !node_is_null(element) && !any)
        add_item(odd, list, element);
    return true;
}

/* ElementMatcher: the first element that matches; the count where there is none. */
static size_t find_element(struct odd_merge *odd, const struct items *list, const struct criteria *criteria)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct node *item = list->items[i];
        bool found = false;
        if (!*criteria->keys[0])
            found = strcmp(value_of(item), criteria->values[0]) == 0;
        else if (node_is_map(item) && !matches_criteria(odd, item, criteria, false, &found))
            found = false;
        if (found)
            return i;
    }
    return list->count;
}

static bool same_tuple(const struct odd_merge *odd, const char *const *left, const char *const *right)
{
    for (size_t k = 0; k < odd->key_count; k++)
        if (strcmp(left[k], right[k]) != 0)
            return false;
    return true;
}

static void add_tuple(struct odd_merge *odd, const struct node *item)
{
    struct arena *arena = odd->merge->tree->arena;
    const char **tuple = ARENA_ARRAY(arena, odd->key_count, const char *);
    for (size_t k = 0; k < odd->key_count; k++) {
        const struct node *value = odd->lists->key_count ? node_find(item, odd->keys[k]) : item;
        bool counts = !odd->lists->key_count || !node_is_empty(value);
        tuple[k] = counts ? value_of(value) : "";
    }
    for (size_t i = 0; i < odd->tuple_count; i++)
        if (same_tuple(odd, odd->tuples[i], tuple))
            return;
    odd->tuples = arena_grow(arena, odd->tuples, odd->tuple_count, &odd->tuple_room, sizeof *odd->tuples);
    odd->tuples[odd->tuple_count++] = tuple;
}

/* Tuples that agree in one place and differ only where one is empty become one. */
static const char **unite_keys(struct odd_merge *odd, const char **left, const char **right)
{
    bool agree = false;
    for (size_t k = 0; k < odd->key_count; k++) {
        bool same = strcmp(left[k], right[k]) == 0;
        if (!same && *left[k] && *right[k])
            return NULL;
        agree = agree || same;
    }
    if (!agree)
        return NULL;
    const char **united = ARENA_ARRAY(odd->merge->tree->arena, odd->key_count, const char *);
    for (size_t k = 0; k < odd->key_count; k++)
        united[k] = *left[k] ? left[k] : right[k];
    return united;
}

/* mergeValues: each tuple as it is when its turn comes is held against all others, which may change meanwhile. */
static void unite_all(struct odd_merge *odd)
{
    for (size_t i = 0; odd->key_count > 1 && i < odd->tuple_count; i++) {
        const char **left = odd->tuples[i];
        for (size_t j = 0; j < odd->tuple_count; j++) {
            const char **united = i == j ? NULL : unite_keys(odd, left, odd->tuples[j]);
            if (united)
                odd->tuples[i] = odd->tuples[j] = united;
        }
    }
}

static void collect_tuples(struct odd_merge *odd)
{
    for (size_t i = 0; i < odd->patch.count; i++)
        add_tuple(odd, odd->patch.items[i]);
    for (size_t i = 0; !odd->lists->fresh && i < odd->destination.count; i++)
        add_tuple(odd, odd->destination.items[i]);
    unite_all(odd);
    for (size_t i = 0; i < odd->tuple_count; i++)
        for (size_t k = 0; k < odd->key_count; k++)
            if (*odd->tuples[i][k])
                odd->used |= (size_t)1 << k;
    if (!odd->used)
        odd->used = ((size_t)1 << odd->key_count) - 1;
}

/* The keys in use with a tuple's values; `filled`: only those that it has a value for, if it has any. */
static struct criteria criteria_of(const struct odd_merge *odd, const char *const *tuple, bool filled)
{
    struct criteria criteria = {.key_count = 0};
    bool any = false;
    for (size_t k = 0; k < odd->key_count; k++)
        any = any || *tuple[k];
    for (size_t k = 0; k < odd->key_count; k++)
        if ((odd->used >> k & 1) && (!filled || !any || *tuple[k])) {
            criteria.keys[criteria.key_count] = odd->keys[k];
            criteria.values[criteria.key_count++] = tuple[k];
        }
    criteria.value_count = criteria.key_count;
    return criteria;
}

/* Sets the keys that a merged element lacks. */
static struct node *with_keys(struct odd_merge *odd, struct node *item, const struct criteria *criteria)
{
    struct tree *tree = odd->merge->tree;
    for (size_t i = 0; i < criteria->key_count; i++) {
        if (!node_is_map(item) || !*criteria->keys[i] || !*criteria->values[i] || node_find(item, criteria->keys[i]))
            continue;
        tree_own(tree, &item);
        tree_set_named(tree, item, criteria->keys[i], tree_plain(tree, criteria->values[i]));
    }
    return item;
}

static struct node *item_at(const struct items *list, size_t index)
{
    return index < list->count ? list->items[index] : NULL;
}

static bool obeyed_item(const struct node *item)
{
    enum directive directive = directive_of_map(item);
    return directive != DIRECTIVE_NONE && directive != DIRECTIVE_UNKNOWN;
}

/* One tuple: its element is merged, and joins the result or leaves the destination. */
static bool merge_tuple(struct odd_merge *odd, const char *const *tuple)
{
    struct items *destination = odd->lists->fresh ? &odd->patch : &odd->destination;
    struct criteria wanted = criteria_of(odd, tuple, false), filled = criteria_of(odd, tuple, true);
    size_t theirs = find_element(odd, &odd->patch, &filled), ours = find_element(odd, destination, &filled);
    struct node *item = item_at(destination, ours), *from = item_at(&odd->patch, theirs), *merged;
    bool replaced = item && item != from && (node_is_scalar(item) || directive_of_map(from) == DIRECTIVE_REPLACE);
    if (!merge_nodes(odd->merge, item, from, schema_items(odd->lists->schema), &merged))
        return false;
    if (is_nothing(merged)) {
        if (from && obeyed_item(from))
            odd->patch.items[theirs] = directive_remove(odd->merge->tree, from);
        return set_element(odd, destination, &wanted, NULL);
    }
    merged = with_keys(odd, merged, &wanted);
    /* kyaml changes the elements where they stand. */
    if (item && !(replaced && from))
        destination->items[ours] = merged;
    else if (from)
        odd->patch.items[theirs] = merged;
    return set_element(odd, &odd->result, &wanted, merged);
}

/* appendListNode: the destination's elements replace those of the result, or follow them. */
static bool append_item(struct odd_merge *odd, struct node *item)
{
    struct criteria criteria = {.key_count = 0};
    for (size_t k = 0; k < odd->key_count; k++) {
        if (!(odd->used >> k & 1))
            continue;
        const char *key = odd->keys[k];
        criteria.keys[criteria.key_count++] = key;
        if (*key && !node_is_null(item) && !node_is_map(item))
            return wrong_kind(odd, item, "a map");
        const struct node *value = *key ? node_find(item, key) : item;
        if (value)
            criteria.values[criteria.value_count++] = value_of(value);
        else
            add_item(odd, &odd->result, item);
    }
    if (criteria.key_count > 1 && !set_element(odd, &odd->result, &criteria, NULL))
        return false;
    return set_element(odd, &odd->result, &criteria, item);
}

bool merge_odd_list(struct merge *merge, const struct list_merge *lists, struct node *destination, struct node **result)
{
    struct odd_merge odd = {.merge = merge, .lists = lists, .keys = lists->key_count ? lists->keys : no_key};
    odd.key_count = lists->key_count ? lists->key_count : 1;
    odd.patch = items_of(&odd, lists->patch);
    odd.destination = lists->fresh ? (struct items){0} : items_of(&odd, destination);
    if (odd.patch.count + odd.destination.count > MOST_ITEMS)
        return error_at(merge->error, destination->origin,
                        "more than %d elements to merge by key, and some lack the key or have it twice", MOST_ITEMS);
    collect_tuples(&odd);
    for (size_t i = 0; i < odd.tuple_count; i++)
        if (!merge_tuple(&odd, odd.tuples[i]))
            return false;
    const struct items *rest = lists->fresh ? &odd.patch : &odd.destination;
    for (size_t i = 0; i < rest->count; i++)
        if (!append_item(&odd, rest->items[i]))
            return false;
    *result = tree_list(merge->tree);
    (*result)->origin = destination->origin;
    (*result)->items = odd.result.items;
    (*result)->count = (uint32_t)odd.result.count;
    (*result)->room = (uint32_t)odd.result.room;
    return true;
}
