/* The least edit that makes one list out of another. */
#ifndef DIFF_LIST_EDITS_H
#define DIFF_LIST_EDITS_H

#include "base/arena.h"
#include "yaml/node.h"

/* An item that goes, comes, or (both) is changed at its place. */
struct list_edit {
    const struct node *old, *new;
    size_t old_index, new_index;
};

/* In the lists' order. Lists that are too long for it are compared item by item. Returns how many there are. */
size_t list_edits_find(struct arena *arena, const struct node *old, const struct node *new, struct list_edit **out);

#endif
