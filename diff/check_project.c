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

/* An entry of clusterResourceWhitelist that lets Namespaces with certain names be made. */
static bool is_namespace(const struct node *entry)
{
    return node_equals(node_get(entry, &key_kind), "Namespace") && node_find(entry, "name") && !has_star(entry);
}

/* Whether an Application of the project goes where the list does not permit, or comes from there. Of kinds that is not
 * known, since not all is rendered. */
static bool is_needed(const struct diff_side *side, const char *project, const char *list, const struct node *permitted,
                      const struct node *less)
{
    bool sources = strcmp(list, "sourceRepos") == 0;
    if (is_namespace(less))
        return false; /* Argo CD makes it, and prunes none; whether an Application may go there the destinations say */
    if (!sources && strcmp(list, "destinations") != 0)
        return true;
    for (size_t i = 0; side && i < side->count; i++) {
        const struct node *spec = node_get(side->items[i], &key_spec);
        const struct node *wanted = sources ? AT(spec, "source", "repoURL") : node_find(spec, "destination");
        if (node_equals(node_get(side->items[i], &key_kind), "Application") &&
            node_equals(node_find(spec, "project"), project) && wanted && !is_covered(permitted, wanted))
            return true;
    }
    return false;
}

static enum risk_level widening_of(const char *list, const struct node *more)
{
    bool cluster = strcmp(list, "clusterResourceWhitelist") == 0 && !is_namespace(more);
    bool argocd = node_equals(node_find(more, "namespace"), "argocd");
    return has_star(more) || cluster || argocd ? RISK_DANGER : RISK_WARNING;
}

static void check_list(struct judge *judge, const struct resource_change *change, const char *list)
{
    const struct node *before = AT(change->base, "spec", list), *after = AT(change->head, "spec", list);
    const struct node *more = find_uncovered(after, before), *less = find_uncovered(before, after);
    if (more)
        risk_add_as(judge, RISK_PROJECT_WIDENED, widening_of(list, more), NULL, "AppProject %s permits more: spec.%s",
                    change->id.name, list);
    if (less && is_needed(judge->report->root_base, change->from.name, list, after, less))
        risk_add(judge, RISK_PROJECT_NARROWED, NULL,
                 "AppProject %s permits less: spec.%s; what is there already is neither pruned nor updated",
                 change->id.name, list);
}

/* What is forbidden: the other way round. */
static void check_forbidden(struct judge *judge, const struct resource_change *change, const char *list)
{
    const struct node *before = AT(change->base, "spec", list), *after = AT(change->head, "spec", list);
    if (find_uncovered(before, after))
        risk_add(judge, RISK_PROJECT_WIDENED, NULL, "AppProject %s forbids less: spec.%s", change->id.name, list);
    if (find_uncovered(after, before))
        risk_add(judge, RISK_PROJECT_NARROWED, NULL,
                 "AppProject %s forbids more: spec.%s; what is there already is neither pruned nor updated",
                 change->id.name, list);
}

/* The policies of all roles of a project, in one list of texts. */
static bool has_policy(const struct node *project, const struct node *policy)
{
    const struct node *roles = AT(project, "spec", "roles");
    for (size_t i = 0; node_is_list(roles) && i < roles->count; i++) {
        const struct node *policies = node_find(roles->items[i], "policies");
        for (size_t k = 0; node_is_list(policies) && k < policies->count; k++)
            if (nodes_equal(policies->items[k], policy))
                return true;
    }
    return false;
}

static void check_roles(struct judge *judge, const struct resource_change *change)
{
    const struct node *roles = AT(change->head, "spec", "roles");
    for (size_t i = 0; node_is_list(roles) && i < roles->count; i++) {
        const struct node *policies = node_find(roles->items[i], "policies");
        const char *name = node_text(node_get(roles->items[i], &key_name));
        for (size_t k = 0; node_is_list(policies) && k < policies->count; k++) {
            const char *policy = node_text(policies->items[k]);
            if (!policy || !strstr(policy, "allow") || has_policy(change->base, policies->items[k]))
                continue;
            risk_add_as(judge, RISK_PROJECT_WIDENED, strstr(policy, "*, allow") ? RISK_DANGER : RISK_WARNING, NULL,
                        "AppProject %s: the role %s may do more: %s", change->id.name, name ? name : "", policy);
            return;
        }
    }
}

static size_t count_windows(const struct node *windows, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; node_is_list(windows) && i < windows->count; i++)
        count += node_equals(node_get(windows->items[i], &key_kind), kind);
    return count;
}

/* Whether one list has a window of this kind that the other one has not. */
static bool has_other_window(const struct node *windows, const struct node *others, const char *kind)
{
    for (size_t i = 0; node_is_list(windows) && i < windows->count; i++) {
        bool found = !node_equals(node_get(windows->items[i], &key_kind), kind);
        for (size_t k = 0; !found && node_is_list(others) && k < others->count; k++)
            found = nodes_equal(windows->items[i], others->items[k]);
        if (!found)
            return true;
    }
    return false;
}

/* Without a window that allows, all times are allowed. */
static void check_windows(struct judge *judge, const struct resource_change *change)
{
    const struct node *before = AT(change->base, "spec", "syncWindows"),
                      *after = AT(change->head, "spec", "syncWindows");
    size_t old = count_windows(before, "allow"), new = count_windows(after, "allow");
    if (has_other_window(before, after, "deny") || (old && (!new || has_other_window(after, before, "allow"))))
        risk_add(judge, RISK_PROJECT_WIDENED, NULL,
                 "AppProject %s: its sync windows let Applications be synchronized at more times", change->id.name);
}

void check_project(struct judge *judge)
{
    static const char *const forbidden[] = {"clusterResourceBlacklist", "namespaceResourceBlacklist"};
    const struct resource_change *change = judge->resource;
    if (!text_is(change->id.kind, "AppProject") || change->change != CHANGE_CHANGED)
        return;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        check_list(judge, change, lists[i]);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        check_forbidden(judge, change, forbidden[i]);
    check_roles(judge, change);
    check_windows(judge, change);
}
