/* common_template.c: parts templates into what all of them say and what each says beside that. */
#include "plugin/adopt/entries.h"

struct node *common_template(struct tree *tree, const struct node *const *templates, size_t count)
{
    struct node *out = tree_map(tree);
    const struct node **values = ARENA_ARRAY(tree->arena, count, const struct node *);
    for (uint32_t i = 0; i < templates[0]->count; i++) {
        const char *key = templates[0]->entries[i].key->text;
        bool same = true, maps = true;
        for (size_t j = 0; j < count; j++) {
            values[j] = node_find(templates[j], key);
            maps = maps && values[j] && node_is_map(values[j]);
            same = same && values[j] && nodes_equal(values[j], values[0]);
        }
        struct node *part = same ? tree_copy(tree, values[0]) : maps ? common_template(tree, values, count) : NULL;
        if (part && (same || part->count))
            tree_set_named(tree, out, key, part);
    }
    return out;
}

struct node *template_beside(struct tree *tree, const struct node *template, const struct node *common)
{
    struct node *out = tree_map(tree);
    for (uint32_t i = 0; i < template->count; i++) {
        const struct entry *entry = &template->entries[i];
        const struct node *known = node_find(common, entry->key->text);
        if (known && nodes_equal(known, entry->value))
            continue;
        tree_set_named(tree, out, entry->key->text,
                       known ? template_beside(tree, entry->value, known) : tree_copy(tree, entry->value));
    }
    return out;
}
