/* text_walk.c: goes to all texts of an object. */
#include "check/text_walk.h"

enum { DEEPEST = 200 };

/* Whether anything was found. `above`: the owner of the node above. */
static bool walk_node(const struct text_walk *walk, const struct node *node, uint32_t above, unsigned depth)
{
    if (node->kind == NODE_SCALAR)
        return walk->check_text(walk, node);
    if (depth > DEEPEST || (node->owner != above && pointer_set_has(walk->without, node, 0)))
        return false;
    bool any = walk->check_map && node->kind == NODE_MAP && walk->check_map(walk, node);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct entry *entry = node->kind == NODE_MAP ? &node->entries[i] : NULL;
        if (!entry || !walk->passes_over || !walk->passes_over(entry->key->text))
            any = walk_node(walk, entry ? entry->value : node->items[i], node->owner, depth + 1) || any;
    }
    if (!any && node->owner != above)
        pointer_set_add(walk->without, node, 0);
    return any;
}

void text_walk_run(const struct text_walk *walk)
{
    walk_node(walk, walk->object->root, 0, 0);
}
