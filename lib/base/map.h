/* A hash table from byte strings to pointers, in an arena.
 *
 * Keys are borrowed: they live as long as the map. Nothing is ever removed. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

#include "base/arena.h"

struct map;

struct map *map_new(struct arena *arena);

void *map_get(const struct map *map, const void *key, size_t size); /* NULL: absent */

/* The place of the value for a key; NULL: absent. */
void **map_find(const struct map *map, const void *key, size_t size);

/* The place of the value for a key, made (as NULL) where it is absent. Valid until the arena goes. */
void **map_slot(struct map *map, const void *key, size_t size);

#endif
