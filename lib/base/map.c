/* map.c: the hash table: open addressing over items that stay where they are. */
#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"

enum { FIRST_ROOM = 16 };

struct item {
    const void *key;
    size_t size;
    void *value;
};

/* The hash is beside the pointer, so that a look-up reads few items that are not its own. */
struct slot {
    uint64_t hash;
    struct item *item; /* NULL: free */
};

struct map {
    struct arena *arena;
    struct hash_key key;
    struct slot *slots;
    size_t room, count; /* the room is a power of two, or 0 */
};

struct map *map_new(struct arena *arena)
{
    struct map *map = ARENA_NEW(arena, struct map);
    map->arena = arena;
    map->key = hash_key();
    return map;
}

/* The slot of a key, or the free one where it would stand. There is always a free one. */
static struct slot *slot_of(const struct map *map, uint64_t hash, const void *key, size_t size)
{
    for (size_t at = hash & (map->room - 1);; at = (at + 1) & (map->room - 1)) {
        struct slot *slot = &map->slots[at];
        if (!slot->item || (slot->hash == hash && slot->item->size == size && memcmp(slot->item->key, key, size) == 0))
            return slot;
    }
}

/* Keeps at least half of the slots free. */
static void make_room(struct map *map)
{
    if (map->room && map->count < map->room / 2)
        return;
    const struct slot *old = map->slots;
    size_t old_room = map->room;
    map->room = old_room ? memory_product(old_room, 2) : FIRST_ROOM;
    map->slots = ARENA_ARRAY(map->arena, map->room, struct slot);
    for (size_t i = 0; i < old_room; i++)
        if (old[i].item)
            *slot_of(map, old[i].hash, old[i].item->key, old[i].item->size) = old[i];
}

void **map_find(const struct map *map, const void *key, size_t size)
{
    if (!map->count)
        return NULL;
    const struct slot *slot = slot_of(map, hash_bytes(&map->key, key, size), key, size);
    return slot->item ? &slot->item->value : NULL;
}

void *map_get(const struct map *map, const void *key, size_t size)
{
    void **value = map_find(map, key, size);
    return value ? *value : NULL;
}

void **map_slot(struct map *map, const void *key, size_t size)
{
    make_room(map);
    uint64_t hash = hash_bytes(&map->key, key, size);
    struct slot *slot = slot_of(map, hash, key, size);
    if (!slot->item) {
        slot->item = ARENA_NEW(map->arena, struct item);
        slot->item->key = key;
        slot->item->size = size;
        slot->hash = hash;
        map->count++;
    }
    return &slot->item->value;
}
