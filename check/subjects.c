/* subjects.c: accounts that bindings name, Services that webhooks name, and ports that network policies name, which are
 * not there. */
#include <string.h>

#include "base/nearest.h"
#include "check/workloads.h"
#include "kubernetes/selector.h"

struct subject_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

/* Whether any target has it; and the name that is near, of those that this target has in the namespace. */
static bool is_there(const struct subject_check *check, const char *kind, const char *namespace, const char *name,
                     const char **near)
{
    const char **names = ARENA_ARRAY(check->input->arena, check->target->object_count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < check->input->target_count; i++)
        for (size_t j = 0; j < check->input->targets[i].object_count; j++) {
            const struct check_object *object = &check->input->targets[i].objects[j];
            if (strcmp(object->kind, kind) != 0 || strcmp(object->namespace, namespace) != 0)
                continue;
            if (strcmp(object->name, name) == 0)
                return true;
            if (&check->input->targets[i] == check->target)
                names[count++] = object->name;
        }
    *near = nearest_name(name, names);
    return false;
}

/* What has no near name may be made by others. */
static void check_name(const struct subject_check *check, const char *kind, const char *namespace,
                       const struct node *name)
{
    const char *text = node_text(name), *near = NULL;
    if (!text || !*text || strcmp(text, "default") == 0 || is_there(check, kind, namespace, text, &near) || !near)
        return;
    struct finding *finding = check_report(check->input, check->target, RA304, name->origin, check->object,
                                           "%s '%s' names the %s '%s', which is not there (did you mean '%s'?)",
                                           check->object->kind, check->object->name, kind, text, near);
    finding->fix = arena_string(check->input->findings->arena, near);
    finding->severity = SEVERITY_WARNING;
}

static void check_binding(const struct subject_check *check)
{
    const struct node *list = node_find(check->object->root, "subjects");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *subject = list->items[i], *namespace = node_find(subject, "namespace");
        if (!node_equals(node_find(subject, "kind"), "ServiceAccount"))
            continue;
        bool absent = !node_text(namespace) || !*namespace->text;
        if (absent && strcmp(check->object->kind, "ClusterRoleBinding") == 0)
            check_report(check->input, check->target, RA210, subject->origin, check->object,
                         "a subject of kind ServiceAccount needs a namespace in a ClusterRoleBinding")
                ->severity = check->target->found ? SEVERITY_ERROR : SEVERITY_NOTE; /* an overlay may add it */
        else if (!absent)
            check_name(check, "ServiceAccount", namespace->text, node_find(subject, "name"));
    }
}

static void check_webhooks(const struct subject_check *check)
{
    const struct node *list = node_find(check->object->root, "webhooks");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *service = node_find(node_find(list->items[i], "clientConfig"), "service");
        const char *namespace = node_text(node_find(service, "namespace"));
        if (namespace)
            check_name(check, "Service", namespace, node_find(service, "name"));
    }
}

/* A named port of a policy is one of the pods'. */
static bool has_port(struct arena *arena, const struct neighbours *pods, const struct node *selector, const char *name)
{
    bool any = false;
    for (size_t i = 0; i < pods->count; i++) {
        size_t count;
        if (!selector_matches(selector, pods->items[i]->labels))
            continue;
        any = true;
        struct container *containers = find_containers(arena, pods->items[i]->pod, &count);
        for (size_t k = 0; k < count; k++) {
            const struct node *ports = node_find(containers[k].node, "ports");
            for (uint32_t n = 0; node_is_list(ports) && n < ports->count; n++)
                if (node_equals(node_find(ports->items[n], "name"), name))
                    return true;
        }
    }
    return !any; /* they are elsewhere */
}

static void check_policy(const struct subject_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec"), *list = node_find(spec, "ingress"),
                      *selector = node_find(spec, "podSelector");
    const struct neighbours *pods =
        find_neighbours(check->input, check->input->workloads, check->target, check->object);
    for (uint32_t i = 0; pods->count && node_is_list(list) && i < list->count; i++) {
        const struct node *ports = node_find(list->items[i], "ports");
        for (uint32_t k = 0; node_is_list(ports) && k < ports->count; k++) {
            const struct node *port = node_find(ports->items[k], "port");
            if (node_text(port) && node_tag(port) == TAG_STRING && strspn(port->text, "0123456789") == 0 &&
                !has_port(check->input->arena, pods, selector, port->text))
                check_report(check->input, check->target, RA303, port->origin, check->object,
                             "NetworkPolicy '%s' names the port '%s', which no pod that it selects has",
                             check->object->name, port->text)
                    ->severity = SEVERITY_WARNING;
        }
    }
}

static void check_subjects(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct subject_check check = {input, &input->targets[i], &input->targets[i].objects[j]};
            const char *kind = check.object->kind, *group = check.object->group;
            if (strcmp(group, "rbac.authorization.k8s.io") == 0)
                check_binding(&check);
            else if (strcmp(group, "admissionregistration.k8s.io") == 0)
                check_webhooks(&check);
            else if (strcmp(kind, "NetworkPolicy") == 0 && strcmp(group, "networking.k8s.io") == 0)
                check_policy(&check);
        }
}

static const enum rule_id ids[] = {RA210, RA303, RA304, RULE_COUNT};
const struct check subjects_check = {"subjects", ids, check_subjects};
