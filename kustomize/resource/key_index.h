/* Looking up many keys of one map: by scanning while it is small, else through a hash table. */
#ifndef KUSTOMIZE_KEY_INDEX_H
#define KUSTOMIZE_KEY_INDEX_H

#include "base/hash.h"
#include "yaml/tree.h"

struct key_index {
    const struct node *map;
    const struct entry **slots;
    size_t mask;
    struct hash_key key;
};

/* For about `lookups` look-ups among the entries that the map has now. NULL for the map: nothing is found. */
void key_index_init(struct key_index *index, struct arena *arena, const struct node *map, size_t lookups);

const struct entry *key_index_find(const struct key_index *index, const struct key *key);

#endif
