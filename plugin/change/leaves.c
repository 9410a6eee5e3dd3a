/* leaves.c: finds the scalars that differ between two renders, and the images of one. */
#include "plugin/change/leaves.h"

#include <string.h>

enum { DEEPEST = 512 };

struct walk {
    struct arena *arena;
    const struct node *resource;
    struct leaves *out;
    const char *sought;         /* a text; NULL: images of containers */
    const struct node **scalar; /* where it was found */
};

static const char *copied(const struct walk *walk, const char *text)
{
    return text ? arena_string(walk->arena, text) : NULL;
}

static void add_leaf(struct walk *walk, const char *path, const char *old, const char *new)
{
    struct leaves *out = walk->out;
    const char *kind = node_text(node_find(walk->resource, "kind"));
    const char *name = node_text(node_find(node_find(walk->resource, "metadata"), "name"));
    out->items = arena_grow(walk->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = (struct leaf){copied(walk, kind ? kind : ""), copied(walk, name ? name : ""),
                                             copied(walk, path), copied(walk, old), copied(walk, new)};
}

static const char *below(struct walk *walk, const char *path, const char *name)
{
    return *path ? arena_format(walk->arena, "%s.%s", path, name) : name;
}

/* An item is called by its name where it has one. */
static const char *item_path(struct walk *walk, const char *path, const struct node *item, uint32_t index)
{
    const char *name = node_text(node_find(item, "name"));
    return name ? arena_format(walk->arena, "%s.[name=%s]", path, name)
                : arena_format(walk->arena, "%s.%u", path, index);
}

static bool same_scalar(const struct node *old, const struct node *new)
{
    return old->count == new->count &&node_tag(old) == node_tag(new) && memcmp(old->text, new->text, old->count) == 0;
}

static void compare(struct walk *walk, const struct node *old, const struct node *new, const char *path, unsigned depth)
{
    if (old == new || depth > DEEPEST)
        return;
    bool alike = old && new && old->kind == new->kind && (old->kind == NODE_SCALAR || old->count == new->count);
    if (!alike || (old->kind == NODE_SCALAR && !same_scalar(old, new))) {
        add_leaf(walk, path, node_text(old), node_text(new));
        return;
    }
    for (uint32_t i = 0; old->kind == NODE_LIST && i < old->count; i++)
        compare(walk, old->items[i], new->items[i], item_path(walk, path, old->items[i], i), depth + 1);
    for (uint32_t i = 0; old->kind == NODE_MAP && i < old->count; i++) {
        const char *key = old->entries[i].key->text;
        compare(walk, old->entries[i].value, node_find(new, key), below(walk, path, key), depth + 1);
    }
}

void leaves_compare(struct arena *arena, const struct rendered *before, const struct rendered *after,
                    struct leaves *out)
{
    size_t count = before->count > after->count ? before->count : after->count;
    for (size_t i = 0; i < count; i++) {
        const struct node *old = i < before->count ? before->items[i] : NULL;
        const struct node *new = i < after->count ? after->items[i] : NULL;
        struct walk walk = {.arena = arena, .resource = old ? old : new, .out = out};
        compare(&walk, old, new, "", 0);
    }
}

/* Looking. */

static bool is_word_at(const char *text, const char *at, size_t size)
{
    static const char within[] = "_-./0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return (at == text || !strchr(within, at[-1])) && (!at[size] || !strchr(within, at[size]));
}

static bool holds_word(const char *text, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        if (is_word_at(text, at, size))
            return true;
    return false;
}

static bool is_containers(const char *key)
{
    return strcmp(key, "containers") == 0 || strcmp(key, "initContainers") == 0;
}

static void look(struct walk *walk, const struct node *node, const char *path, bool containers, unsigned depth)
{
    if (depth > DEEPEST || (walk->sought && walk->out->count))
        return;
    if (node_is_scalar(node) && walk->sought && holds_word(node->text, walk->sought)) {
        *walk->scalar = node;
        add_leaf(walk, path, node->text, NULL);
    }
    for (uint32_t i = 0; node_is_list(node) && i < node->count; i++) {
        const char *own = item_path(walk, path, node->items[i], i);
        const char *image = containers ? node_text(node_get(node->items[i], &key_image)) : NULL;
        if (image && !walk->sought)
            add_leaf(walk, below(walk, own, "image"), image, NULL);
        look(walk, node->items[i], own, false, depth + 1);
    }
    for (uint32_t i = 0; node_is_map(node) && i < node->count; i++) {
        const char *key = node->entries[i].key->text;
        look(walk, node->entries[i].value, below(walk, path, key), is_containers(key), depth + 1);
    }
}

void leaves_images(struct arena *arena, const struct rendered *rendered, struct leaves *out)
{
    for (size_t i = 0; i < rendered->count; i++) {
        struct walk walk = {.arena = arena, .resource = rendered->items[i], .out = out};
        look(&walk, rendered->items[i], "", false, 0);
    }
}

bool leaves_find_text(struct arena *arena, const struct rendered *rendered, const char *text, struct leaf *out,
                      const struct node **scalar)
{
    struct leaves found = {0};
    for (size_t i = 0; i < rendered->count && !found.count; i++) {
        struct walk walk = {
            .arena = arena, .resource = rendered->items[i], .out = &found, .sought = text, .scalar = scalar};
        look(&walk, rendered->items[i], "", false, 0);
    }
    if (found.count)
        *out = found.items[0];
    return found.count;
}

const char *leaf_text(struct arena *arena, const struct leaf *leaf)
{
    const char *path = leaf->path;
    for (const char *at = path; (at = strstr(at, "ontainers.[")) != NULL; at++)
        path = at - path >= 5 && strncmp(at - 5, "initC", 5) == 0 ? at - 5 : at > leaf->path ? at - 1 : at;
    return arena_format(arena, "%s %s: %s", leaf->kind, leaf->name, path);
}
