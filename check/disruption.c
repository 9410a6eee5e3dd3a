/* disruption.c: what keeps rollouts, drains and autoscalers from doing their work. */
#include <stdlib.h>
#include <string.h>

#include "check/workloads.h"
#include "kubernetes/selector.h"

static const struct node *spec_of(const struct check_object *object)
{
    return node_find(object->root, "spec");
}

/* Autoscalers. */

static const struct node *scale_target(const struct check_object *object)
{
    bool scales = strcmp(object->kind, "HorizontalPodAutoscaler") == 0 || strcmp(object->kind, "ScaledObject") == 0;
    return scales ? node_find(spec_of(object), "scaleTargetRef") : NULL;
}

static const struct workload *find_scaled(const struct neighbours *near, const struct node *reference)
{
    const char *kind = node_text(node_find(reference, "kind"));
    for (size_t i = 0; i < near->count; i++)
        if (node_equals(node_find(reference, "name"), near->items[i]->object->name) &&
            strcmp(kind ? kind : "Deployment", near->items[i]->object->kind) == 0)
            return near->items[i];
    return NULL;
}

/* Autoscalers of kinds that an operator brings scale what no manifest shows. */
static bool is_own_kind(const struct node *reference)
{
    const char *kind = node_text(node_find(reference, "kind"));
    return !kind || strcmp(kind, "Deployment") == 0 || strcmp(kind, "StatefulSet") == 0;
}

static void check_autoscaler(struct check_input *input, const struct check_target *target,
                             const struct check_object *object, const struct neighbours *near)
{
    const struct node *reference = scale_target(object), *name = node_find(reference, "name");
    const struct workload *scaled = find_scaled(near, reference);
    if (!node_text(name) || !is_own_kind(reference))
        return;
    const struct node *replicas = scaled ? node_find(spec_of(scaled->object), "replicas") : NULL;
    if (!scaled) {
        struct finding *finding =
            check_report(input, target, RA307, name->origin, object, "%s '%s' scales '%s', which is not there",
                         object->kind, object->name, name->text);
        bool is_part = !target->found && !input->workloads->count; /* what it scales is elsewhere */
        finding->severity = is_part ? SEVERITY_NOTE : SEVERITY_ERROR;
    } else if (replicas) {
        struct finding *finding = check_report(input, scaled->target, RA307, replicas->origin, scaled->object,
                                               "%s '%s' scales %s '%s', and each sync sets replicas back to %s",
                                               object->kind, object->name, scaled->object->kind, scaled->object->name,
                                               node_is_scalar(replicas) ? replicas->text : "this");
        finding->field = "spec.replicas";
    }
}

/* Budgets. */

static long least_replicas(const struct workload *workload, const struct neighbours *near,
                           const struct check_target *target)
{
    long count = 1;
    node_number(node_find(spec_of(workload->object), "replicas"), &count);
    for (size_t i = 0; i < target->object_count; i++) {
        const struct node *reference = scale_target(&target->objects[i]);
        long least = 1;
        if (reference && find_scaled(near, reference) == workload) {
            node_number(node_find(spec_of(&target->objects[i]), "minReplicas"), &least);
            return least;
        }
    }
    return count;
}

/* A count or a percentage of the replicas, rounded up as the controller does. False: it is neither. */
static bool scaled_value(const struct node *node, long replicas, long *out)
{
    const char *text = node_text(node);
    char *end;
    if (node_number(node, out))
        return true;
    if (!text)
        return false;
    long percent = strtol(text, &end, 10);
    *out = (percent * replicas + 99) / 100;
    return end != text && strcmp(end, "%") == 0 && percent >= 0 && percent <= 100;
}

static bool blocks_drain(const struct node *spec, long replicas, const struct node **at)
{
    long value;
    *at = node_find(spec, "maxUnavailable");
    if (*at)
        return scaled_value(*at, replicas, &value) && value <= 0;
    *at = node_find(spec, "minAvailable");
    return *at && scaled_value(*at, replicas, &value) && value >= replicas;
}

static void check_budget(struct check_input *input, const struct check_target *target,
                         const struct check_object *object, const struct neighbours *near)
{
    const struct node *selector = node_find(spec_of(object), "selector"), *at;
    for (size_t i = 0; i < near->count; i++) {
        const struct workload *workload = near->items[i];
        bool is_replicated =
            strcmp(workload->object->kind, "Deployment") == 0 || strcmp(workload->object->kind, "StatefulSet") == 0;
        if (!is_replicated || !selector_matches(selector, workload->labels))
            continue;
        long replicas = least_replicas(workload, near, workload->target);
        if (replicas > 0 && blocks_drain(spec_of(object), replicas, &at)) {
            check_report(input, target, RA308, at->origin, object,
                         "PodDisruptionBudget '%s' permits none of the %ld pods of %s '%s' to be moved: no node that "
                         "runs one can be drained",
                         object->name, replicas, workload->object->kind, workload->object->name);
            return;
        }
    }
}

/* Rollouts. */

static const struct check_object *find_claim(const struct check_target *target, const char *namespace, const char *name)
{
    for (size_t i = 0; i < target->object_count; i++)
        if (check_is_kind(&target->objects[i], "", "PersistentVolumeClaim") &&
            strcmp(target->objects[i].name, name) == 0 && strcmp(target->objects[i].namespace, namespace) == 0)
            return &target->objects[i];
    return NULL;
}

static bool mounts_once(const struct check_object *claim)
{
    const struct node *modes = node_find(spec_of(claim), "accessModes");
    for (uint32_t i = 0; node_is_list(modes) && i < modes->count; i++)
        if (!node_equals(modes->items[i], "ReadWriteOnce") && !node_equals(modes->items[i], "ReadWriteOncePod"))
            return false;
    return node_is_list(modes) && modes->count;
}

static bool surges_only(const struct check_object *deployment)
{
    const struct node *strategy = node_find(spec_of(deployment), "strategy");
    const struct node *surge = node_find(node_find(strategy, "rollingUpdate"), "maxSurge");
    return !node_equals(node_find(strategy, "type"), "Recreate") && !node_equals(surge, "0") &&
           !node_equals(surge, "0%");
}

static void check_rollout(struct check_input *input, const struct workload *workload)
{
    const struct node *volumes = node_find(workload->pod, "volumes");
    if (!check_is_kind(workload->object, "apps", "Deployment") || !surges_only(workload->object))
        return;
    for (uint32_t i = 0; node_is_list(volumes) && i < volumes->count; i++) {
        const struct node *name = node_find(node_find(volumes->items[i], "persistentVolumeClaim"), "claimName");
        const struct check_object *claim =
            node_text(name) ? find_claim(workload->target, workload->object->namespace, name->text) : NULL;
        if (claim && mounts_once(claim))
            check_report(input, workload->target, RA310, name->origin, workload->object,
                         "the new pod of Deployment '%s' waits for the volume '%s', which only one node can mount: "
                         "set strategy.type to Recreate",
                         workload->object->name, name->text);
    }
}

static void check_disruption(struct check_input *input)
{
    const struct workload_list *workloads = input->workloads;
    for (size_t i = 0; i < workloads->count; i++)
        check_rollout(input, &workloads->items[i]);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_target *target = &input->targets[i];
            const struct check_object *object = &target->objects[j];
            const struct neighbours *near = find_neighbours(input, workloads, target, object);
            if (scale_target(object))
                check_autoscaler(input, target, object, near);
            else if (check_is_kind(object, "policy", "PodDisruptionBudget"))
                check_budget(input, target, object, near);
        }
}

static const enum rule_id ids[] = {RA307, RA308, RA310, RULE_COUNT};
const struct check disruption_check = {"disruption", ids, check_disruption};
