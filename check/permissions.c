/* permissions.c: rules of Roles that permit nothing: a resource of another group, a kind for a resource, a verb that is
 * none.
 *
 * Source: k8s.io/kubernetes api/discovery, the resources of each group */
#include <string.h>

#include "base/nearest.h"
#include "check/check.h"

static const struct {
    const char *group;
    const char *resources; /* each between blanks */
} groups[] = {
    {"", " bindings componentstatuses configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims "
         "persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services "},
    {"apps", " controllerrevisions daemonsets deployments replicasets statefulsets "},
    {"batch", " cronjobs jobs "},
    {"autoscaling", " horizontalpodautoscalers "},
    {"networking.k8s.io", " ingresses ingressclasses networkpolicies "},
    {"policy", " poddisruptionbudgets "},
    {"rbac.authorization.k8s.io", " clusterrolebindings clusterroles rolebindings roles "},
    {"storage.k8s.io", " csidrivers csinodes storageclasses volumeattachments "},
    {"coordination.k8s.io", " leases "},
    {"discovery.k8s.io", " endpointslices "},
    {"apiextensions.k8s.io", " customresourcedefinitions "},
    {"scheduling.k8s.io", " priorityclasses "},
    {"authentication.k8s.io", " tokenreviews selfsubjectreviews "},
    {"authorization.k8s.io", " localsubjectaccessreviews selfsubjectaccessreviews subjectaccessreviews "},
    {"certificates.k8s.io", " certificatesigningrequests "},
};
enum { GROUPS = sizeof groups / sizeof *groups };

/* Groups that had some of these resources once, or have their own of these names, as of metrics. */
static bool knows_group(const char *group)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (strcmp(groups[i].group, group) == 0)
            return true;
    return strcmp(group, "events.k8s.io") == 0;
}

static bool has_resource(const char *resources, const char *name, size_t size)
{
    for (const char *at = resources; (at = strchr(at, ' ')) && at[1]; at++)
        if (strncmp(at + 1, name, size) == 0 && at[1 + size] == ' ')
            return true;
    return false;
}

/* The group that has a resource; GROUPS: none of these. */
static size_t group_of(const char *name, size_t size)
{
    size_t i = 0;
    while (i < GROUPS && !has_resource(groups[i].resources, name, size))
        i++;
    return i;
}

struct rule_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
    const struct node *groups;
};

static bool names_group(const struct node *list, const char *group)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_equals(list->items[i], group) || node_equals(list->items[i], "*"))
            return true;
    return false;
}

/* Whether all groups of a rule are known: others have resources of any name. */
static bool knows_all(const struct node *list)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++)
        if (!node_text(list->items[i]) || !knows_group(list->items[i]->text))
            return false;
    return node_is_list(list) && list->count;
}

/* What was meant by `pod`, `Pods` or `pods/log` of none: the plural in small letters; NULL: not known. */
static const char *plural_of(struct arena *arena, const char *name)
{
    static const char *const endings[] = {"", "s", "es"};
    char *small = arena_string(arena, name);
    for (char *at = small; *at; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 'a' - 'A' : *at);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const char *plural = arena_format(arena, "%s%s", small, endings[i]);
        if (group_of(plural, strlen(plural)) < GROUPS)
            return plural;
    }
    return NULL;
}

static void check_resource(const struct rule_check *check, const struct node *resource)
{
    struct arena *arena = check->input->arena;
    const char *text = node_text(resource);
    if (!text || !*text || strchr(text, '*') || !knows_all(check->groups))
        return;
    size_t size = strcspn(text, "/"), group = group_of(text, size);
    bool is_event = strncmp(text, "events", size) == 0 && names_group(check->groups, "events.k8s.io");
    const char *near = group == GROUPS && !text[size] ? plural_of(arena, text) : NULL;
    if (group < GROUPS && !names_group(check->groups, groups[group].group) && !is_event)
        check_report(check->input, check->target, RA312, resource->origin, check->object,
                     "'%s' are in the group \"%s\", which this rule does not name: it permits nothing on them", text,
                     groups[group].group);
    else if (near)
        check_report(check->input, check->target, RA312, resource->origin, check->object,
                     "there is no resource '%s': resources are plurals in small letters (did you mean '%s'?)", text,
                     near)
            ->fix = arena_string(check->input->findings->arena, near);
}

static void check_verb(const struct rule_check *check, const struct node *verb)
{
    static const char *const verbs[] = {
        "get",         "list",  "watch",    "create",  "update", "patch",  "delete", "deletecollection", "use", "bind",
        "impersonate", "proxy", "escalate", "approve", "sign",   "attest", NULL};
    const char *text = node_text(verb);
    bool known = !text || strchr(text, '*');
    for (size_t i = 0; !known && verbs[i]; i++)
        known = strcmp(verbs[i], text) == 0;
    if (known || !knows_all(check->groups))
        return;
    const char *near = nearest_name(text, verbs);
    check_report(check->input, check->target, RA312, verb->origin, check->object,
                 "there is no verb '%s': it permits nothing" DID_YOU_MEAN, text, MEANT(near));
}

static void check_rule(struct check_input *input, const struct check_target *target, const struct check_object *object,
                       const struct node *rule)
{
    const struct node *resources = node_find(rule, "resources"), *verbs = node_find(rule, "verbs");
    const struct rule_check check = {input, target, object, node_find(rule, "apiGroups")};
    for (uint32_t i = 0; node_is_list(resources) && i < resources->count; i++)
        check_resource(&check, resources->items[i]);
    for (uint32_t i = 0; node_is_list(verbs) && i < verbs->count; i++)
        check_verb(&check, verbs->items[i]);
}

static void check_permissions(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            bool is_role = strcmp(object->group, "rbac.authorization.k8s.io") == 0 &&
                           (strcmp(object->kind, "Role") == 0 || strcmp(object->kind, "ClusterRole") == 0);
            const struct node *list = is_role ? node_find(object->root, "rules") : NULL;
            for (uint32_t k = 0; node_is_list(list) && k < list->count; k++)
                check_rule(input, &input->targets[i], object, list->items[k]);
        }
}

static const enum rule_id ids[] = {RA312, RULE_COUNT};
const struct check permissions_check = {"permissions", ids, check_permissions};
