/* key_index.c: a hash table from interned keys to the entries of a map. */
#include "kustomize/resource/key_index.h"

enum { FEW_COMPARISONS = 1024 };

static size_t slot_of(const struct key_index *index, const struct key *key)
{
    size_t slot = (size_t)hash_pointer(&index->key, key) & index->mask;
    while (index->slots[slot] && index->slots[slot]->key != key)
        slot = (slot + 1) & index->mask;
    return slot;
}

void key_index_init(struct key_index *index, struct arena *arena, const struct node *map, size_t lookups)
{
    *index = (struct key_index){.map = map};
    if (!node_is_map(map) || lookups <= FEW_COMPARISONS / ((size_t)map->count + 1))
        return;
    size_t size = 16;
    while (size < (size_t)map->count * 2)
        size *= 2;
    index->mask = size - 1;
    index->key = hash_key();
    index->slots = ARENA_ARRAY(arena, size, const struct entry *);
    for (uint32_t i = 0; i < map->count; i++)
        index->slots[slot_of(index, map->entries[i].key)] = &map->entries[i];
}

const struct entry *key_index_find(const struct key_index *index, const struct key *key)
{
    return index->slots ? index->slots[slot_of(index, key)] : node_entry(index->map, key);
}
