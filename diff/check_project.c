/* check_project.c: AppProjects that permit more, or less, than before. */
#include <fnmatch.h>
#include <string.h>

#include "diff/judge.h"

/* Lists of what a project permits. A pattern covers what it matches. */
static const char *const lists[] = {"destinations", "sourceRepos", "clusterResourceWhitelist",
                                    "namespaceResourceWhitelist", "sourceNamespaces"};

static bool value_covers(const struct node *value, const struct node *wanted)
{
    const char *pattern = node_text(value), *text = node_text(wanted);
    if (!wanted || !text)
        return true;
    return !value || (pattern && fnmatch(pattern, text, 0) == 0);
}

static bool entry_covers(const struct node *entry, const struct node *wanted)
{
    if (!node_is_map(wanted))
        return value_covers(entry, wanted);
    for (size_t i = 0; i < wanted->count; i++) {
        const struct key *key = wanted->entries[i].key;
        if (key && !value_covers(node_find(entry, key->text), wanted->entries[i].value))
            return false;
    }
    return true;
}

static bool is_covered(const struct node *list, const struct node *wanted)
{
    for (size_t i = 0; node_is_list(list) && i < list->count; i++)
        if (entry_covers(list->items[i], wanted))
            return true;
    return false;
}

static bool has_star(const struct node *entry)
{
    if (!node_is_map(entry))
        return node_equals(entry, "*");
    for (size_t i = 0; i < entry->count; i++)
        if (node_equals(entry->entries[i].value, "*"))
            return true;
    return false;
}

/* What one side permits and the other one does not. */
static const struct node *find_uncovered(const struct node *list, const struct node *by)
{
    for (size_t i = 0; node_is_list(list) && i < list->count; i++)
        if (!is_covered(by, list->items[i]))
            return list->items[i];
    return NULL;
}

static void check_list(struct judge *judge, const struct resource_change *change, const char *list)
{
    const struct node *before = AT(change->base, "spec", list), *after = AT(change->head, "spec", list);
    const struct node *more = find_uncovered(after, before), *less = find_uncovered(before, after);
    if (more)
        risk_add_as(judge, RISK_PROJECT_WIDENED,
                    has_star(more) || strcmp(list, "clusterResourceWhitelist") == 0 ? RISK_DANGER : RISK_WARNING, NULL,
                    "AppProject %s permits more: spec.%s", change->id.name, list);
    if (less)
        risk_add(judge, RISK_PROJECT_NARROWED, NULL,
                 "AppProject %s permits less: spec.%s; what is there already is neither pruned nor updated",
                 change->id.name, list);
}

void check_project(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    if (!text_is(change->id.kind, "AppProject") || change->change != CHANGE_CHANGED)
        return;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        check_list(judge, change, lists[i]);
}
