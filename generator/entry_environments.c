/* entry_environments.c: makes one rule of each environment of an entry for which the entry says something of its own.
 */
#include <string.h>

#include "generator/policy.h"
#include "generator/template.h"

struct expansion {
    struct tree *tree;
    const struct struct_type *rule_type;
    struct discover_rule *rules;
    size_t count, room;
};

static void add_rule(struct expansion *expansion, struct discover_rule rule)
{
    expansion->rules = arena_grow(expansion->tree->arena, expansion->rules, expansion->count, &expansion->room,
                                  sizeof *expansion->rules);
    expansion->rules[expansion->count++] = rule;
}

/* These say where the entry looks, which is the same for all of its environments. */
static bool check_item(const struct node *item, struct error *error)
{
    static const char *const kept[] = {"path", "envs", "exclude"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (node_find(item, kept[i]))
            return error_at(error, field_origin(item, kept[i]), "%s stands in the entry, not in one of its envs",
                            kept[i]);
    return node_find(item, "env") || error_at(error, item->origin, "an item of envs that is a map needs env");
}

/* The entry as it would be written for this environment alone. NULL: there is too much of it. */
static struct node *entry_alone(struct tree *tree, const struct node *entry, const struct node *item)
{
    struct node *alone = tree_copy(tree, entry);
    for (uint32_t i = 0; alone && i < item->count; i++) {
        struct node *value = tree_copy(tree, item->entries[i].value);
        struct node *common = tree_own_value(tree, alone, item->entries[i].key);
        if (!value)
            return NULL;
        if (strcmp(item->entries[i].key->text, "template") == 0 && node_is_map(common) && node_is_map(value))
            merge_template(tree, common, value);
        else
            tree_set(tree, alone, item->entries[i].key, value);
    }
    if (alone) {
        tree_remove(alone, intern_string(tree->keys, "envs"));
        alone->origin = item->origin;
    }
    return alone;
}

static bool add_alone(struct expansion *expansion, const struct discover_rule *entry, const struct node *item,
                      struct error *error)
{
    struct discover_rule rule = {0};
    if (!check_item(item, error))
        return false;
    const struct node *alone = entry_alone(expansion->tree, entry->node, item);
    if (!alone)
        return tree_refuse_copy(expansion->tree, item->origin, error);
    if (!decode(expansion->tree, alone, expansion->rule_type, DECODE_EXACT, &rule, error))
        return false;
    rule.entry = entry->node;
    rule.item = item;
    rule.shared = entry->environments->count > 1;
    add_rule(expansion, rule);
    return true;
}

/* Those that are names alone are one rule, and go first. */
static bool add_names(struct expansion *expansion, struct discover_rule *entry, struct error *error)
{
    const struct node *list = entry->environments;
    const char **names = ARENA_ARRAY(expansion->tree->arena, list->count + 1, const char *);
    entry->envs = (struct list){.items = names, .node = tree_list(expansion->tree)};
    for (uint32_t i = 0; i < list->count; i++) {
        if (node_is_map(list->items[i]))
            continue;
        names[entry->envs.count] = node_tag(list->items[i]) == TAG_STRING ? node_text(list->items[i]) : NULL;
        if (!names[entry->envs.count++])
            return error_at(error, list->items[i]->origin, "an item of envs is the name of an environment, or a map");
        tree_append(expansion->tree, (struct node *)entry->envs.node, list->items[i]);
    }
    entry->shared = list->count > 1;
    if (entry->envs.count)
        add_rule(expansion, *entry);
    return true;
}

static bool expand_entry(struct expansion *expansion, struct discover_rule *entry, struct error *error)
{
    const struct node *list = entry->environments;
    if (!node_is_list(list))
        return error_at(error, list->origin, "envs is a list of environments");
    if (!list->count)
        return error_at(error, list->origin, "envs is empty: remove it, or name environments");
    if (entry->env)
        return error_at(error, list->origin, "an entry has either env or envs");
    if (!add_names(expansion, entry, error))
        return false;
    for (uint32_t i = 0; i < list->count; i++)
        if (node_is_map(list->items[i]) && !add_alone(expansion, entry, list->items[i], error))
            return false;
    return true;
}

bool expand_entries(struct tree *tree, const struct struct_type *rule_type, struct list *discover, struct error *error)
{
    struct expansion expansion = {.tree = tree, .rule_type = rule_type};
    struct discover_rule *entries = discover->items;
    for (size_t i = 0; i < discover->count; i++) {
        entries[i].entry = entries[i].node;
        if (!entries[i].environments || entries[i].exclude)
            add_rule(&expansion, entries[i]);
        else if (!expand_entry(&expansion, &entries[i], error))
            return false;
    }
    discover->items = expansion.rules;
    discover->count = expansion.count;
    return true;
}
