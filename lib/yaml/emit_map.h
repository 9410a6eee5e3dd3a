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

/* Whether a map can be printed entry by entry: no key has to be made anew, and all are in order. */
bool is_in_order(const struct node *map, key_order *before);

#endif
