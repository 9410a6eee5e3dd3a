/* utilization.c: autoscalers that go by a share of requests which the pods do not have. */
#include <string.h>

#include "check/workloads.h"

/* A request that is not there is the limit. */
static bool requests(const struct container *container, const char *resource)
{
    const struct node *resources = node_find(container->node, "resources");
    return node_find(node_find(resources, "requests"), resource) || node_find(node_find(resources, "limits"), resource);
}

static const struct container *find_without(struct arena *arena, const struct workload *workload, const char *resource)
{
    size_t count;
    struct container *containers = find_containers(arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++)
        if (!containers[i].is_init && !requests(&containers[i], resource))
            return &containers[i];
    return NULL;
}

static const struct workload *find_scaled(const struct check_input *input, const struct check_target *target,
                                          const struct check_object *scaler)
{
    const struct node *wanted = node_find(node_find(scaler->root, "spec"), "scaleTargetRef");
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        if (workload->target == target && node_equals(node_find(wanted, "name"), workload->object->name) &&
            node_equals(node_find(wanted, "kind"), workload->object->kind) &&
            strcmp(workload->object->namespace, scaler->namespace) == 0)
            return workload;
    }
    return NULL;
}

static void check_share(struct check_input *input, const struct check_target *target, const struct check_object *scaler,
                        const struct node *share, const char *resource)
{
    const struct workload *scaled = share && resource ? find_scaled(input, target, scaler) : NULL;
    const struct container *without = scaled ? find_without(input->arena, scaled, resource) : NULL;
    if (!without)
        return;
    struct finding *finding =
        check_report(input, target, RA314, share->origin, scaler,
                     "HorizontalPodAutoscaler '%s' goes by a share of the requested %s, and container '%s' of %s '%s' "
                     "requests none: it never scales",
                     scaler->name, resource, without->name, scaled->object->kind, scaled->object->name);
    struct span place = check_place(target, container_origin(without), scaled->object);
    if (place.file && !finding->related_count)
        finding_add_related(input->findings, finding, place, "the container");
}

static void check_scaler(struct check_input *input, const struct check_target *target,
                         const struct check_object *scaler)
{
    const struct node *spec = node_find(scaler->root, "spec"), *metrics = node_find(spec, "metrics");
    check_share(input, target, scaler, node_find(spec, "targetCPUUtilizationPercentage"), "cpu");
    for (uint32_t i = 0; node_is_list(metrics) && i < metrics->count; i++) {
        const struct node *resource = node_find(metrics->items[i], "resource"), *aim = node_find(resource, "target");
        const struct node *share = node_find(aim, "averageUtilization");
        check_share(input, target, scaler, share ? share : node_find(resource, "targetAverageUtilization"),
                    node_text(node_find(resource, "name")));
    }
}

static void check_utilization(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "HorizontalPodAutoscaler") == 0 && strcmp(object->group, "autoscaling") == 0)
                check_scaler(input, &input->targets[i], object);
        }
}

static const enum rule_id ids[] = {RA314, RULE_COUNT};
const struct check utilization_check = {"utilization", ids, check_utilization};
