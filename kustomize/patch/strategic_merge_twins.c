/* strategic_merge_twins.c: gives what a patch wrote to a scalar to the twins of that scalar (tree_write_twins).
 *
 * kustomize merges the fields of a map in the order of their names, so that of several values for twins the last one
 * in that order stays. */
#include <stdlib.h>
#include <string.h>

#include "kustomize/patch/strategic_merge.h"

static int compare_entries(const void *left, const void *right)
{
    return strcmp((*(const struct entry *const *)left)->key->text, (*(const struct entry *const *)right)->key->text);
}

static bool was_written(const struct merge *merge, const struct node *node)
{
    for (size_t i = 0; i < merge->twin_count; i++)
        if (merge->twins[i] == node)
            return true;
    return false;
}

/* The last scalar of this number that was written, in the order of names. */
static const struct node *last_written(const struct merge *merge, const struct node *node, uint32_t number,
                                       unsigned depth)
{
    const struct node *last = NULL, *found;
    if (node->kind == NODE_SCALAR)
        return node->twins == number && was_written(merge, node) ? node : NULL;
    if (depth == TRAIL_LONGEST || !node->count)
        return NULL;
    const struct entry **order = ARENA_ARRAY(merge->tree->arena, node->count, const struct entry *);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        order[i] = &node->entries[i];
    if (node->kind == NODE_MAP)
        qsort(order, node->count, sizeof *order, compare_entries);
    for (uint32_t i = 0; i < node->count; i++) {
        found = last_written(merge, node->kind == NODE_MAP ? order[i]->value : node->items[i], number, depth + 1);
        last = found ? found : last;
    }
    return last;
}

static size_t writes_of(const struct merge *merge, uint32_t number)
{
    size_t count = 0;
    for (size_t i = 0; i < merge->twin_count; i++)
        count += merge->twins[i]->twins == number;
    return count;
}

void merge_write_twins(struct merge *merge, struct node **root)
{
    for (size_t i = 0; i < merge->twin_count; i++) {
        const struct node *written = merge->twins[i];
        if (writes_of(merge, written->twins) > 1)
            written = last_written(merge, *root, written->twins, 0);
        if (written)
            tree_write_twins(merge->tree, root, written);
    }
}
