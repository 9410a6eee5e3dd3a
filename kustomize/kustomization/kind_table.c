/* kind_table.c: tables by group, version and kind. */
#include "kustomize/kustomization/kind_table.h"

#include <string.h>

#include "base/map.h"

struct kind_table {
    struct arena *arena;
    struct map *items;
    char *key; /* for look-ups */
    size_t key_room;
};

struct kind_tables {
    struct arena *arena;
    struct map *tables; /* address of a builtin list -> struct kind_table */
};

struct kind_table *kind_table_new(struct arena *arena)
{
    struct kind_table *table = ARENA_NEW(arena, struct kind_table);
    table->arena = arena;
    table->items = map_new(arena);
    return table;
}

struct arena *kind_table_arena(const struct kind_table *table)
{
    return table->arena;
}

/* Writes the three texts, each with its NUL, into the look-up buffer. */
static size_t make_key(struct kind_table *table, const struct gvk *gvk)
{
    const char *const texts[] = {gvk->group, gvk->version, gvk->kind};
    const size_t sizes[] = {strlen(gvk->group) + 1, strlen(gvk->version) + 1, strlen(gvk->kind) + 1};
    size_t size = sizes[0] + sizes[1] + sizes[2];
    if (size > table->key_room) {
        table->key_room = 2 * size;
        table->key = arena_alloc(table->arena, table->key_room);
    }
    char *end = table->key;
    for (size_t i = 0; i < 3; i++) {
        memcpy(end, texts[i], sizes[i]);
        end += sizes[i];
    }
    return size;
}

void **kind_table_slot(struct kind_table *table, const struct gvk *gvk)
{
    size_t size = make_key(table, gvk);
    void **known = map_find(table->items, table->key, size);
    return known ? known : map_slot(table->items, arena_copy(table->arena, table->key, size), size);
}

struct kind_tables *kind_tables_new(struct arena *arena)
{
    struct kind_tables *tables = ARENA_NEW(arena, struct kind_tables);
    tables->arena = arena;
    tables->tables = map_new(arena);
    return tables;
}

struct kind_table *kind_table_of(const struct render *render, const void *list)
{
    struct kind_tables *tables = render->kind_tables;
    if (!config_is_builtin_list(list))
        return kind_table_new(render->arena);
    void **slot = map_find(tables->tables, &list, sizeof list);
    if (!slot) {
        const void **key = ARENA_NEW(tables->arena, const void *);
        *key = list;
        slot = map_slot(tables->tables, key, sizeof *key);
        *slot = kind_table_new(tables->arena);
    }
    return *slot;
}
