/* tree.c: what the edits share: fields and named items of the tree of a kustomization file. */
#include <stdlib.h>
#include <string.h>

#include "kustomize/edit/edit_parts.h"

struct node *edit_value(struct tree *tree, struct node *file, const char *field, enum node_kind kind,
                        struct error *error)
{
    const struct node *old = node_find(file, field);
    if (!old || node_is_null(old))
        tree_set_named(tree, file, field, kind == NODE_MAP ? tree_map(tree) : tree_list(tree));
    else if (old->kind != kind) {
        error_at(error, old->origin, "%s must be a %s", field, kind == NODE_MAP ? "map" : "list");
        return NULL;
    }
    return tree_own_value(tree, file, intern_string(tree->keys, field));
}

static const char *name_of(const struct node *item)
{
    const char *name = node_text(node_get(item, &key_name));
    return name ? name : "";
}

/* Source: edit/set/setimage.go and setreplicas.go: items by name, later ones win, sorted. */
static int compare_names(const void *left, const void *right)
{
    return strcmp(name_of(*(const struct node *const *)left), name_of(*(const struct node *const *)right));
}

void edit_put_named(struct tree *tree, struct node *list, struct node *item)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (strcmp(name_of(list->items[i]), name_of(item)) == 0) {
            list->items[i] = item;
            return;
        }
    tree_append(tree, list, item);
}

bool edit_named_items(struct tree *tree, struct node *file, const char *field, struct node *given, struct error *error)
{
    struct node *old = edit_value(tree, file, field, NODE_LIST, error), *all = tree_list(tree);
    if (!old)
        return false;
    for (uint32_t i = 0; i < old->count; i++)
        edit_put_named(tree, all, old->items[i]);
    for (uint32_t i = 0; i < given->count; i++)
        edit_put_named(tree, all, given->items[i]);
    qsort(all->items, all->count, sizeof *all->items, compare_names);
    tree_set_named(tree, file, field, all);
    return true;
}
