/* parse_map.c: resolves merge keys as kyaml (rnode.go, deAnchor) and go-yaml v2 (decode.go, merge) do, and finds
 * duplicate keys in linear time. */
#include "yaml/parse_map.h"

#include <stdlib.h>
#include <string.h>

struct entry *entries_add(struct entries *entries)
{
    if (entries->count == entries->room) {
        entries->room = entries->room ? entries->room * 2 : 64;
        entries->items = memory_resize(entries->items, memory_product(entries->room, sizeof *entries->items));
    }
    return &entries->items[entries->count++];
}

static int compare_keys(const void *left, const void *right)
{
    const struct key *a = ((const struct entry *)left)->key, *b = ((const struct entry *)right)->key;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

void sort_entries(struct entries *entries, size_t first)
{
    if (entries->count > first)
        qsort(entries->items + first, entries->count - first, sizeof *entries->items, compare_keys);
}

static void add_all(struct entries *entries, const struct node *map)
{
    for (uint32_t i = 0; i < map->count; i++)
        *entries_add(entries) = map->entries[i];
}

static bool all_maps(const struct node *list, struct merge_fault *fault)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct node *item = list->items[i];
        if (node_is_map(item))
            continue;
        fault->at = item->origin;
        fault->problem = node_is_list(item) ? "invalid map merge: received a nested sequence"
                                            : "map merge requires map or sequence of maps as the value";
        return false;
    }
    return true;
}

/* Whether the value of a merge key is a map, or a list of maps. */
static bool is_mergeable(const struct node *value, bool aliased, struct merge_fault *fault)
{
    if (node_is_map(value))
        return true;
    if (node_is_list(value) && !aliased)
        return all_maps(value, fault);
    fault->at = value->origin;
    fault->problem = aliased ? "invalid map merge: received alias for a non-map value"
                             : "map merge requires map or sequence of maps as the value";
    return false;
}

/* Maps earlier in a list win. So they come first where the first entry of a key counts, and last otherwise. */
static void add_sources(struct entries *entries, const struct node *value, bool backwards)
{
    if (node_is_map(value))
        add_all(entries, value);
    for (uint32_t i = 0; node_is_list(value) && i < value->count; i++)
        add_all(entries, value->items[backwards ? value->count - 1 - i : i]);
}

/* kyaml: the map's own keys win, one merge key is allowed, and a quoted "<<" is dropped. */
static bool merge_as_kyaml(struct entries *entries, size_t first, bool aliased, size_t *own, struct merge_fault *fault)
{
    struct node *value = NULL;
    size_t kept = first;
    for (size_t i = first; i < entries->count; i++) {
        const struct entry *entry = &entries->items[i];
        if (entry->tag == TAG_MERGE && value) {
            *fault = (struct merge_fault){"duplicate merge key", entry->origin};
            return false;
        }
        if (entry->tag == TAG_MERGE)
            value = entry->value;
        if (entry->key != &key_merge)
            entries->items[kept++] = *entry;
    }
    entries->count = kept;
    *own = kept - first;
    if (!value)
        return true;
    if (!is_mergeable(value, aliased, fault))
        return false;
    add_sources(entries, value, false);
    return true;
}

/* go-yaml v2: merge keys and others take effect in the order of the text, the last one wins. */
static bool merge_as_yaml11(struct entries *entries, size_t first, bool aliased, struct merge_fault *fault)
{
    size_t end = entries->count;
    for (size_t i = first; i < end; i++) {
        struct entry entry = entries->items[i];
        if (entry.tag != TAG_MERGE) {
            *entries_add(entries) = entry;
            continue;
        }
        if (!is_mergeable(entry.value, aliased, fault))
            return false;
        add_sources(entries, entry.value, true);
    }
    memmove(entries->items + first, entries->items + end, (entries->count - end) * sizeof *entries->items);
    entries->count -= end - first;
    return true;
}

bool merge_keys(struct entries *entries, size_t first, enum dialect dialect, bool aliased, size_t *own,
                struct merge_fault *fault)
{
    *own = 0;
    return dialect == DIALECT_YAML11 ? merge_as_yaml11(entries, first, aliased, fault)
                                     : merge_as_kyaml(entries, first, aliased, own, fault);
}

void key_check_free(struct key_check *check)
{
    free(check->slots);
}

enum { FEW_KEYS = 16, NOWHERE = -1 };

/* Where an equal key stands among the first `count` entries. */
static ptrdiff_t find_few(const struct entry *entries, size_t count, const struct key *key)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].key == key)
            return (ptrdiff_t)i;
    return NOWHERE;
}

static size_t slots_for(struct key_check *check, size_t count)
{
    size_t size = 64;
    while (size < count * 2)
        size *= 2;
    if (size > check->room) {
        check->slots = memory_resize(check->slots, memory_product(size, sizeof *check->slots));
        check->room = size;
        check->key = hash_key();
    }
    memset(check->slots, 0, size * sizeof *check->slots);
    return size;
}

/* The same by a hash table of positions, from 1; the key is added where it is new. */
static ptrdiff_t find_many(struct key_check *check, size_t slots, const struct entry *entries, size_t count,
                           const struct key *key)
{
    for (size_t slot = (size_t)hash_pointer(&check->key, key) & (slots - 1);; slot = (slot + 1) & (slots - 1)) {
        uint32_t position = check->slots[slot];
        if (!position) {
            check->slots[slot] = (uint32_t)count + 1;
            return NOWHERE;
        }
        if (entries[position - 1].key == key)
            return (ptrdiff_t)position - 1;
    }
}

/* Behind the others. */
static void note_entry(struct entries *entries, struct entry entry)
{
    *entries_add(entries) = entry;
}

void remove_duplicates(struct entries *entries, size_t first, size_t own, struct key_check *check,
                       struct duplicate *duplicate)
{
    size_t total = entries->count - first, kept = 0;
    size_t slots = total > FEW_KEYS ? slots_for(check, total) : 0;
    *duplicate = (struct duplicate){0};
    for (size_t i = 0; i < total; i++) {
        struct entry *items = entries->items + first;
        ptrdiff_t at = slots ? find_many(check, slots, items, kept, items[i].key) : find_few(items, kept, items[i].key);
        if (at == NOWHERE) {
            items[kept++] = items[i];
            continue;
        }
        if (i < own && !duplicate->count++)
            duplicate->earlier = items[at];
        if (check->dialect == DIALECT_YAML11)
            items[at] = items[i];
        else if (i < own)
            note_entry(entries, items[i]);
    }
    duplicate->others = duplicate->count ? entries->items + first + total : NULL;
    entries->count = first + kept;
}
