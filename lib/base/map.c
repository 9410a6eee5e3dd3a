/* map.c: the hash table, on uthash. */
#include "base/map.h"

/* uthash's own memory comes from the arena: every macro runs where a `map` is in scope. */
#define uthash_malloc(size) arena_alloc(map->arena, (size))
#define uthash_free(pointer, size) ((void)(pointer), (void)(size))
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

struct item {
    void *value;
    UT_hash_handle hh;
};

struct map {
    struct arena *arena;
    struct item *items;
};

struct map *map_new(struct arena *arena)
{
    struct map *map = ARENA_NEW(arena, struct map);
    map->arena = arena;
    return map;
}

void **map_find(const struct map *map, const void *key, size_t size)
{
    struct item *item;
    HASH_FIND(hh, map->items, key, size, item);
    return item ? &item->value : NULL;
}

void *map_get(const struct map *map, const void *key, size_t size)
{
    void **value = map_find(map, key, size);
    return value ? *value : NULL;
}

void **map_slot(struct map *map, const void *key, size_t size)
{
    struct item *item;
    unsigned hash;
    HASH_VALUE(key, size, hash);
    HASH_FIND_BYHASHVALUE(hh, map->items, key, size, hash, item);
    if (!item) {
        item = ARENA_NEW(map->arena, struct item);
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, map->items, key, size, hash, item);
    }
    return &item->value;
}

size_t map_count(const struct map *map)
{
    return HASH_COUNT(map->items);
}
