/* images.c: finds the images that rendered resources run. */
#include "plugin/run/images.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 };

struct found {
    struct arena *arena;
    const char **names;
    size_t count, room;
};

static void add(struct found *found, const char *image)
{
    found->names = arena_grow(found->arena, found->names, found->count, &found->room, sizeof *found->names);
    found->names[found->count++] = image;
}

static bool holds_containers(const char *key)
{
    return strcmp(key, "containers") == 0 || strcmp(key, "initContainers") == 0 ||
           strcmp(key, "ephemeralContainers") == 0;
}

static void walk(struct found *found, const struct node *node, unsigned depth);

static void walk_containers(struct found *found, const struct node *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const char *image = node_text(node_get(list->items[i], &key_image));
        if (image && *image)
            add(found, image);
    }
}

static void walk_map(struct found *found, const struct node *map, unsigned depth)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        if (holds_containers(entry->key->text) && node_is_list(entry->value))
            walk_containers(found, entry->value);
        else
            walk(found, entry->value, depth + 1);
    }
}

static void walk(struct found *found, const struct node *node, unsigned depth)
{
    if (depth > DEEPEST)
        return;
    if (node_is_map(node))
        walk_map(found, node, depth);
    for (uint32_t i = 0; node_is_list(node) && i < node->count; i++)
        walk(found, node->items[i], depth + 1);
}

static int compare(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

void images_find(const struct rendered *rendered, struct text *out)
{
    struct found found = {.arena = arena_new()};
    for (size_t i = 0; i < rendered->count; i++)
        walk(&found, rendered->items[i], 0);
    if (found.count)
        qsort(found.names, found.count, sizeof *found.names, compare);
    for (size_t i = 0; i < found.count; i++)
        if (i == 0 || strcmp(found.names[i], found.names[i - 1]) != 0)
            text_format(out, "%s\n", found.names[i]);
    arena_free(found.arena);
}
