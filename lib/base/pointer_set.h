/* A set of pointers, each under a number, in an arena: what walks over trees have seen of what the trees share. Trees
 * share whole subtrees, so only the tops of those are worth being noted: where a node has another owner than the one
 * above it (yaml/tree.h).
 *
 * Zeroed but for its arena, it is empty. Nothing is ever removed. */
#ifndef BASE_POINTER_SET_H
#define BASE_POINTER_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"

struct seen_pointer {
    const void *pointer; /* NULL: free */
    uint32_t number;
};

struct pointer_set {
    struct arena *arena;
    struct hash_key key;
    struct seen_pointer *slots;
    size_t room, count;
};

bool pointer_set_has(const struct pointer_set *set, const void *pointer, uint32_t number);
void pointer_set_add(struct pointer_set *set, const void *pointer, uint32_t number); /* the pointer is not NULL */

#endif
