/* intern.c: the table of keys. */
#include "base/intern.h"

#include <string.h>

#include "base/known_keys.h"
#include "base/map.h"

struct intern {
    struct arena *arena;
    struct map *keys;
    uint32_t count;
};

enum {
#define KNOWN_KEY(name, string) NUMBER_OF_##name,
#include "base/known_keys.def"
#undef KNOWN_KEY
};

#define KNOWN_KEY(name, string) const struct key key_##name = {string, sizeof string - 1, NUMBER_OF_##name};
#include "base/known_keys.def"
#undef KNOWN_KEY

static const struct key *const known_keys[] = {
#define KNOWN_KEY(name, string) &key_##name,
#include "base/known_keys.def"
#undef KNOWN_KEY
};

struct intern *intern_new(struct arena *arena)
{
    struct intern *table = ARENA_NEW(arena, struct intern);
    table->arena = arena;
    table->keys = map_new(arena);
    table->count = sizeof known_keys / sizeof *known_keys;
    for (size_t i = 0; i < table->count; i++)
        *map_slot(table->keys, known_keys[i]->text, known_keys[i]->size) = (void *)known_keys[i];
    return table;
}

const struct key *intern_bytes(struct intern *table, const char *text, size_t size)
{
    const struct key *known = map_get(table->keys, text, size);
    if (known)
        return known;
    struct key *key = ARENA_NEW(table->arena, struct key);
    key->text = arena_copy(table->arena, text, size);
    key->size = (uint32_t)size;
    key->number = table->count++;
    *map_slot(table->keys, key->text, size) = key;
    return key;
}

const struct key *intern_string(struct intern *table, const char *text)
{
    return intern_bytes(table, text, strlen(text));
}
