/* pod_ends.c: pods that never start because of their user, or are killed while they still wait to stop. */
#include <stdlib.h>
#include <string.h>

#include "check/workloads.h"

/* The container's own setting, else the pod's. */
static const struct node *setting(const struct workload *workload, const struct container *container, const char *field)
{
    const struct node *own = node_find(node_find(container->node, "securityContext"), field);
    return own ? own : node_find(node_find(workload->pod, "securityContext"), field);
}

static void check_user(struct check_input *input, const struct workload *workload, const struct container *container)
{
    const struct node *user = setting(workload, container, "runAsUser");
    if (node_equals(setting(workload, container, "runAsNonRoot"), "true") && node_equals(user, "0"))
        check_report(input, workload->target, RA414, user->origin, workload->object,
                     "container '%s' has runAsNonRoot and runAsUser: 0, which is root: it never starts",
                     container->name)
            ->field = "securityContext.runAsUser";
}

/* Seconds of `sleep: {seconds: N}`, of `exec: [sleep, N]` or of a shell that begins with it; 0: it does not say. */
static long sleep_of(const struct node *hook, const struct node **at)
{
    const struct node *seconds = node_find(node_find(hook, "sleep"), "seconds");
    const struct node *command = node_find(node_find(hook, "exec"), "command");
    long value = 0;
    *at = seconds;
    if (node_number(seconds, &value) || !node_is_list(command))
        return value;
    for (uint32_t i = 0; i < command->count; i++) {
        const char *text = node_text(command->items[i]), *found = text ? strstr(text, "sleep") : NULL;
        const char *number = found ? found + 5 + strspn(found + 5, " ") : NULL;
        if (found && !*number && i + 1 < command->count)
            number = node_text(command->items[i + 1]);
        *at = command->items[i];
        if (number && *number >= '0' && *number <= '9')
            return strtol(number, NULL, 10);
    }
    return 0;
}

static void check_stop(struct check_input *input, const struct workload *workload, const struct container *container)
{
    enum { BY_DEFAULT = 30 };
    const struct node *at, *hook = node_find(node_find(container->node, "lifecycle"), "preStop");
    long sleeps = sleep_of(hook, &at), grace = BY_DEFAULT;
    node_number(node_find(workload->pod, "terminationGracePeriodSeconds"), &grace);
    if (sleeps && sleeps >= grace)
        check_report(input, workload->target, RA415, at->origin, workload->object,
                     "the preStop of container '%s' sleeps for %ld seconds, and the pod is killed after %ld: raise "
                     "terminationGracePeriodSeconds",
                     container->name, sleeps, grace)
            ->field = "lifecycle.preStop";
}

static void check_pod_ends(struct check_input *input)
{
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        size_t count;
        struct container *containers = find_containers(input->arena, workload->pod, &count);
        for (size_t k = 0; k < count; k++) {
            check_user(input, workload, &containers[k]);
            check_stop(input, workload, &containers[k]);
        }
    }
}

static const enum rule_id ids[] = {RA414, RA415, RULE_COUNT};
const struct check pod_ends_check = {"pod_ends", ids, check_pod_ends};
