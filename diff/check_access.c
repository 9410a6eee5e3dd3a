/* check_access.c: roles and bindings that permit more than before. */
#include <string.h>

#include "diff/judge.h"

static const char *const dangerous_verbs[] = {"*", "escalate", "bind", "impersonate", NULL};

static bool list_has(const struct node *list, const char *text)
{
    for (size_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_equals(list->items[i], text) || node_equals(list->items[i], "*"))
            return true;
    return false;
}

static bool list_covers(const struct node *list, const struct node *wanted)
{
    for (size_t i = 0; node_is_list(wanted) && i < wanted->count; i++)
        if (!node_text(wanted->items[i]) || !list_has(list, node_text(wanted->items[i])))
            return false;
    return true;
}

/* Whether a rule permits all that another one does. One for named objects covers those names only. */
static bool rule_covers(const struct node *rule, const struct node *wanted)
{
    static const char *const fields[] = {"apiGroups", "resources", "verbs", "nonResourceURLs"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!list_covers(node_find(rule, fields[i]), node_find(wanted, fields[i])))
            return false;
    const struct node *names = node_find(rule, "resourceNames");
    return node_is_empty(names) || (!node_is_empty(node_find(wanted, "resourceNames")) &&
                                    list_covers(names, node_find(wanted, "resourceNames")));
}

static bool is_permitted(const struct node *role, const struct node *wanted)
{
    const struct node *rules = node_find(role, "rules");
    for (size_t i = 0; node_is_list(rules) && i < rules->count; i++)
        if (rule_covers(rules->items[i], wanted))
            return true;
    return false;
}

static bool is_dangerous(const struct node *rule, bool cluster)
{
    const struct node *verbs = node_find(rule, "verbs");
    for (size_t i = 0; node_is_list(verbs) && i < verbs->count; i++)
        if (is_listed(node_text(verbs->items[i]), dangerous_verbs))
            return true;
    const struct node *resources = node_find(rule, "resources");
    return list_has(resources, "*") || (cluster && list_has(resources, "secrets"));
}

static void check_role(struct judge *judge, const struct resource_change *change)
{
    const struct node *rules = node_find(change->head, "rules");
    bool cluster = text_is(change->id.kind, "ClusterRole");
    for (size_t i = 0; node_is_list(rules) && i < rules->count; i++) {
        if (is_permitted(change->base, rules->items[i]))
            continue;
        risk_add_as(judge, RISK_RBAC_WIDENED, is_dangerous(rules->items[i], cluster) ? RISK_DANGER : RISK_WARNING, NULL,
                    "%s %s permits more: its rule %zu", change->id.kind, change->id.name, i + 1);
        return;
    }
}

static bool has_subject(const struct node *binding, const struct node *subject)
{
    const struct node *subjects = node_get(binding, &key_subjects);
    for (size_t i = 0; node_is_list(subjects) && i < subjects->count; i++)
        if (nodes_equal(subjects->items[i], subject))
            return true;
    return false;
}

static void check_binding(struct judge *judge, const struct resource_change *change)
{
    const struct node *subjects = node_get(change->head, &key_subjects);
    const char *role = node_text(AT(change->head, "roleRef", "name"));
    for (size_t i = 0; node_is_list(subjects) && i < subjects->count; i++) {
        const char *name = node_text(node_get(subjects->items[i], &key_name));
        if (has_subject(change->base, subjects->items[i]))
            continue;
        risk_add_as(judge, RISK_RBAC_WIDENED, text_is(role, "cluster-admin") ? RISK_DANGER : RISK_WARNING, NULL,
                    "%s %s gives %s the role %s", change->id.kind, change->id.name, name ? name : "somebody",
                    role ? role : "that it names");
        return;
    }
}

void check_access(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    const char *kind = change->id.kind;
    if (!change->head)
        return;
    if (text_is(kind, "Role") || text_is(kind, "ClusterRole"))
        check_role(judge, change);
    else if (text_is(kind, "RoleBinding") || text_is(kind, "ClusterRoleBinding"))
        check_binding(judge, change);
}
