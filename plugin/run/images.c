/* images.c: finds the images that rendered resources run. */
#include "plugin/run/images.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 };

struct image_walk {
    struct arena *arena;
    struct container_images *out;
    const struct node *resource;
    const char *steps[DEEPEST]; /* on the way, as paths are written */
    size_t depth;
    bool reached; /* with paths, and without ephemeral containers */
};

static const char *path_of(const struct image_walk *walk)
{
    struct text text = {0};
    for (size_t i = 0; i < walk->depth; i++)
        text_format(&text, "%s.", walk->steps[i]);
    text_string(&text, "image");
    const char *path = arena_string(walk->arena, text.bytes);
    text_free(&text);
    return path;
}

static bool holds_containers(const struct image_walk *walk, const char *key)
{
    return strcmp(key, "containers") == 0 || strcmp(key, "initContainers") == 0 ||
           (!walk->reached && strcmp(key, "ephemeralContainers") == 0);
}

static void add_container(struct image_walk *walk, const struct node *container)
{
    struct container_images *out = walk->out;
    const struct node *value = node_get(container, &key_image);
    const char *image = node_text(value);
    if (!image || !*image)
        return;
    out->items = arena_grow(walk->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct container_image){.resource = walk->resource,
                                                        .image = image,
                                                        .path = walk->reached ? path_of(walk) : NULL,
                                                        .origin = value->origin};
}

/* An item is called by its name where it has one. */
static const char *step_of(const struct image_walk *walk, const struct node *item, uint32_t index)
{
    const char *name = node_text(node_get(item, &key_name));
    if (!walk->reached)
        return "";
    return name ? arena_format(walk->arena, "[name=%s]", name) : arena_format(walk->arena, "%u", index);
}

/* Whether `node` is a list of containers is told by the field that holds it. */
static void walk_node(struct image_walk *walk, const struct node *node, bool containers)
{
    if (node_is_scalar(node) || walk->depth == DEEPEST)
        return;
    size_t depth = walk->depth++;
    for (uint32_t i = 0; node_is_map(node) && i < node->count; i++) {
        const char *key = node->entries[i].key->text;
        walk->steps[depth] = key;
        walk_node(walk, node->entries[i].value, holds_containers(walk, key));
    }
    for (uint32_t i = 0; node_is_list(node) && i < node->count; i++) {
        walk->steps[depth] = step_of(walk, node->items[i], i);
        if (containers)
            add_container(walk, node->items[i]);
        walk_node(walk, node->items[i], false);
    }
    walk->depth--;
}

static void list_images(struct arena *arena, const struct rendered *rendered, bool reached,
                        struct container_images *out)
{
    struct image_walk walk = {.arena = arena, .out = out, .reached = reached};
    for (size_t i = 0; i < rendered->count; i++) {
        walk.resource = rendered->items[i];
        walk_node(&walk, walk.resource, false);
    }
}

void images_reached(struct arena *arena, const struct rendered *rendered, struct container_images *out)
{
    list_images(arena, rendered, true, out);
}

static int compare_images(const void *left, const void *right)
{
    const struct container_image *a = left, *b = right;
    return strcmp(a->image, b->image);
}

void images_find(const struct rendered *rendered, struct text *out)
{
    struct container_images found = {0};
    struct arena *arena = arena_new();
    list_images(arena, rendered, false, &found);
    if (found.count)
        qsort(found.items, found.count, sizeof *found.items, compare_images);
    for (size_t i = 0; i < found.count; i++)
        if (i == 0 || strcmp(found.items[i].image, found.items[i - 1].image) != 0)
            text_format(out, "%s\n", found.items[i].image);
    arena_free(arena);
}
