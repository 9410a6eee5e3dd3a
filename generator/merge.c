/* merge.c: merges a template over a generated tree. */
#include <string.h>

#include "generator/template.h"

/* What tells two items of a list apart: a map's `name`, or the part of a text before "=" (syncOptions). */
static const char *item_identity(const struct node *item, size_t *size)
{
    const char *text = node_is_map(item) ? node_text(node_get(item, &key_name)) : node_text(item);
    *size = !text ? 0 : node_is_map(item) ? strlen(text) : strcspn(text, "=");
    return text;
}

static struct node **find_item(struct node *list, const struct node *item)
{
    size_t size, other_size;
    const char *name = item_identity(item, &size);
    for (uint32_t i = 0; name && i < list->count; i++) {
        const char *other = item_identity(list->items[i], &other_size);
        if (other && list->items[i]->kind == item->kind && size == other_size && memcmp(name, other, size) == 0)
            return &list->items[i];
    }
    return NULL;
}

static void merge_trees(struct tree *tree, struct node *base, const struct node *template, bool keeps_null);

static void merge_list(struct tree *tree, struct node *base, const struct node *template, bool keeps_null)
{
    for (uint32_t i = 0; i < template->count; i++) {
        struct node *item = template->items[i], **same = find_item(base, item);
        if (!same)
            tree_append(tree, base, item);
        else if (node_is_map(item))
            merge_trees(tree, tree_own(tree, same), item, keeps_null);
        else
            *same = item;
    }
}

static void merge_trees(struct tree *tree, struct node *base, const struct node *template, bool keeps_null)
{
    for (uint32_t i = 0; i < template->count; i++) {
        const struct entry *entry = &template->entries[i];
        struct node *old = tree_own_value(tree, base, entry->key);
        if (node_is_null(entry->value) && !keeps_null)
            tree_remove(base, entry->key);
        else if (node_is_map(old) && node_is_map(entry->value))
            merge_trees(tree, old, entry->value, keeps_null);
        else if (node_is_list(old) && node_is_list(entry->value))
            merge_list(tree, old, entry->value, keeps_null);
        else
            tree_set(tree, base, entry->key, entry->value);
    }
}

void merge_tree(struct tree *tree, struct node *base, const struct node *template)
{
    merge_trees(tree, base, template, false);
}

void merge_template(struct tree *tree, struct node *base, const struct node *template)
{
    merge_trees(tree, base, template, true);
}
