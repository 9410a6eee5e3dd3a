/* The keys of a map in the order of an output. Inner header of the emitters. */
#ifndef YAML_EMIT_MAP_H
#define YAML_EMIT_MAP_H

#include "base/error.h"
#include "yaml/natural.h"
#include "yaml/node.h"

/* One emit call's memory for the maps that it is inside of: a stack, so that a map costs no allocation. The value of a
 * sort_key is its struct entry. */
struct key_stack {
    struct sort_key *keys;
    size_t count, room;
    struct made_name *made; /* texts of keys that are not printed as they are written */
};

void key_stack_free(struct key_stack *stack);

struct map_place {
    bool flow; /* the map is in a flow collection, or is one */
    bool root; /* go-yaml v3 takes the root's keys as they are written, whatever their type */
};

/* Pushes the keys of a map, ordered, each with the name that Go's JSON gives it; of several with one name the last
 * stays. The caller reads them from `count` before the call on, and sets it back there. */
bool key_stack_push(struct key_stack *stack, const struct node *map, struct map_place place, key_order *before,
                    struct error *error);

/* Whether nothing happens to a key on its way: it is a string, and printed as it is written. */
bool is_plain_key(const struct entry *entry);

/* Plain keys that need no quotes and no look at their characters, by their numbers: the fields of Kubernetes come again
 * and again. What does not fit is forgotten. */
enum { SIMPLE_KEYS = 256 };
struct simple_keys {
    const struct key *items[SIMPLE_KEYS];
};

static inline const struct key **simple_key_slot(struct simple_keys *keys, const struct key *key)
{
    return &keys->items[key->number % SIMPLE_KEYS];
}

static inline bool is_simple_key(struct simple_keys *keys, const struct entry *entry)
{
    return *simple_key_slot(keys, entry->key) == entry->key && entry->style == STYLE_PLAIN &&
           (entry->tag == TAG_NONE || entry->tag == TAG_STRING);
}

/* Whether a map can be printed entry by entry: no key has to be made anew, and all are in order. `simple` are keys that
 * are known; NULL: none. */
bool is_in_order(const struct node *map, key_order *before, struct simple_keys *simple);

#endif
