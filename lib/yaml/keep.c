/* keep.c: copies a tree out of memory that is given up. */
#include "yaml/keep.h"

#include <string.h>

/* The kind of a node that was copied: its copy is where its text was. */
enum { NODE_KEPT = NODE_LIST + 1 };

struct keeping {
    const struct arena_extents *given_up;
    struct arena *arena;
};

static struct node *keep(const struct keeping *keeping, struct node *node);

static const char *keep_text(const struct keeping *keeping, const char *text, size_t size)
{
    return text && arena_extents_hold(keeping->given_up, text, size + 1) ? arena_copy(keeping->arena, text, size)
                                                                         : text;
}

static struct entry *keep_entries(const struct keeping *keeping, struct entry *entries, uint32_t count)
{
    struct entry *kept = arena_alloc(keeping->arena, memory_product(count, sizeof *kept));
    for (uint32_t i = 0; i < count; i++) {
        kept[i] = entries[i];
        kept[i].value = keep(keeping, entries[i].value);
    }
    return kept;
}

static struct node **keep_items(const struct keeping *keeping, struct node **items, uint32_t count)
{
    struct node **kept = arena_alloc(keeping->arena, memory_product(count, sizeof *kept));
    for (uint32_t i = 0; i < count; i++)
        kept[i] = keep(keeping, items[i]);
    return kept;
}

static void keep_content(const struct keeping *keeping, struct node *copy)
{
    if (copy->tag == TAG_OTHER && copy->tag_text)
        copy->tag_text = keep_text(keeping, copy->tag_text, strlen(copy->tag_text));
    if (copy->unprintable) {
        struct left_out *left = (struct left_out *)(void *)arena_copy(keeping->arena, copy->unprintable, sizeof *left);
        left->entries = keep_entries(keeping, left->entries, (uint32_t)left->count);
        left->room = left->count;
        copy->unprintable = left;
    }
    if (copy->kind == NODE_SCALAR)
        copy->text = keep_text(keeping, copy->text, copy->count);
    else if (copy->kind == NODE_MAP)
        copy->entries = keep_entries(keeping, copy->entries, copy->count);
    else
        copy->items = keep_items(keeping, copy->items, copy->count);
    if (copy->kind != NODE_SCALAR)
        copy->room = copy->count;
}

static struct node *keep(const struct keeping *keeping, struct node *node)
{
    if (!node || !arena_extents_hold(keeping->given_up, node, sizeof *node))
        return node;
    if (node->kind == NODE_KEPT)
        return (struct node *)(void *)node->items;
    struct node *copy = arena_alloc(keeping->arena, sizeof *copy);
    *copy = *node;
    keep_content(keeping, copy);
    node->kind = NODE_KEPT;
    node->items = (struct node **)(void *)copy;
    return copy;
}

struct node *node_keep(struct node *node, const struct arena_extents *given_up, struct arena *arena)
{
    return keep(&(struct keeping){given_up, arena}, node);
}
