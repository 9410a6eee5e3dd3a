/* refused_counts.c: counts and settings of workloads that contradict each other.
 *
 * Source: k8s.io/kubernetes pkg/apis/apps/validation, pkg/apis/autoscaling/validation, pkg/apis/core/validation */
#include <string.h>

#include "check/workloads.h"
#include "kubernetes/selector.h"

struct count_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

static void tell(const struct count_check *check, const struct node *node, const char *message)
{
    check_report(check->input, check->target, RA210, node->origin, check->object, "%s", message);
}

static bool is_zero(const struct node *node)
{
    return node_equals(node, "0") || node_equals(node, "0%");
}

static void check_rollout(const struct count_check *check)
{
    const struct node *rolling =
        node_find(node_find(node_find(check->object->root, "spec"), "strategy"), "rollingUpdate");
    const struct node *fewer = node_find(rolling, "maxUnavailable");
    if (strcmp(check->object->group, "apps") == 0 && is_zero(fewer) && is_zero(node_find(rolling, "maxSurge")))
        tell(check, fewer, "maxUnavailable and maxSurge may not both be 0: nothing could be exchanged");
}

static void check_scaler(const struct count_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec"), *least = node_find(spec, "minReplicas"),
                      *most = node_find(spec, "maxReplicas");
    long fewest, largest;
    if (node_number(least, &fewest) && node_number(most, &largest) && fewest > largest)
        tell(check, least,
             arena_format(check->input->arena, "minReplicas is %ld, and maxReplicas %ld", fewest, largest));
}

static void check_tolerations(const struct count_check *check, const struct node *pod)
{
    const struct node *list = node_find(pod, "tolerations");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *value = node_find(list->items[i], "value");
        if (node_equals(node_find(list->items[i], "operator"), "Exists") && node_text(value) && *value->text)
            tell(check, value, "a toleration with the operator Exists has no value");
    }
}

/* A constraint that does not count the pods that it is for spreads nothing. */
static void check_spread(const struct count_check *check, const struct workload *workload)
{
    const struct node *list = node_find(workload->pod, "topologySpreadConstraints");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *selector = node_find(list->items[i], "labelSelector"),
                          *labels = node_find(selector, "matchLabels");
        if (!node_is_empty(selector) && workload->labels && !selector_matches(selector, workload->labels))
            check_report(check->input, check->target, RA309,
                         node_is_map(labels) && labels->count ? labels->entries[0].value->origin : selector->origin,
                         check->object, "the spread constraint of %s '%s' does not count its own pods",
                         check->object->kind, check->object->name)
                ->field = "topologySpreadConstraints";
    }
}

static void check_refused_counts(struct check_input *input)
{
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        const struct count_check check = {input, workload->target, workload->object};
        check_rollout(&check);
        check_tolerations(&check, workload->pod);
        check_spread(&check, workload);
    }
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "HorizontalPodAutoscaler") == 0 && strcmp(object->group, "autoscaling") == 0)
                check_scaler(&(struct count_check){input, &input->targets[i], object});
        }
}

static const enum rule_id ids[] = {RA210, RA309, RULE_COUNT};
const struct check refused_counts_check = {"refused_counts", ids, check_refused_counts};
