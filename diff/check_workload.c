/* check_workload.c: how many pods run, and how they are replaced. */
#include <stdlib.h>
#include <string.h>

#include "diff/judge.h"

static const char *const workload_kinds[] = {"Deployment", "StatefulSet", "ReplicaSet", "Rollout", NULL};

/* The number that a text says; what is not set is 1. */
static long replicas_of(const struct node *resource)
{
    const char *text = node_text(AT(resource, "spec", "replicas"));
    return text ? strtol(text, NULL, 10) : 1;
}

static bool is_last_environment(const struct judge *judge)
{
    const char *const *names = judge->report->last_environments;
    const char *last = NULL;
    for (; names && *names; names++)
        last = *names;
    return judge->application && text_is(judge->application->environment, last);
}

static void check_replicas(struct judge *judge, const struct resource_change *change, const struct field_change *field)
{
    long before = replicas_of(change->base), after = replicas_of(change->head);
    if (before > 0 && after == 0)
        risk_add_as(judge, RISK_REPLICAS_ZERO, is_last_environment(judge) ? RISK_DANGER : RISK_WARNING, field,
                    "%s %s: no pod runs any more", change->id.kind, change->id.name);
    else if (after < before && (after * 2 < before || after == 1))
        risk_add(judge, RISK_REPLICAS_DROP, field, "%s %s: %ld replicas, and had %ld", change->id.kind, change->id.name,
                 after, before);
}

static bool is_whole(const struct node *value)
{
    return node_equals(value, "100%");
}

static void check_strategy(struct judge *judge, const struct resource_change *change, const struct field_change *field)
{
    const struct node *strategy = AT(change->head, "spec", "strategy");
    bool recreates = path_begins(field->path, "spec.strategy") &&
                     node_equals(node_find(strategy, "type"), "Recreate") &&
                     !node_equals(AT(change->base, "spec", "strategy", "type"), "Recreate");
    if (recreates)
        risk_add(judge, RISK_DOWNTIME, field, "%s %s: all pods end before the first new one starts", change->id.kind,
                 change->id.name);
    else if (path_ends(field->path, "maxUnavailable") && is_whole(field->new))
        risk_add(judge, RISK_DOWNTIME, field, "%s %s: all pods may be unavailable at once", change->id.kind,
                 change->id.name);
    else if (text_is(field->path, "spec.minReadySeconds") && (!field->new || node_equals(field->new, "0")))
        risk_add(judge, RISK_DOWNTIME, field, "%s %s: a pod counts as available at once", change->id.kind,
                 change->id.name);
}

void check_workload(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    if (!is_listed(change->id.kind, workload_kinds) || !change->base || !change->head)
        return;
    for (size_t i = 0; i < change->count; i++) {
        const struct field_change *field = &change->fields[i];
        if (text_is(field->path, "spec.replicas"))
            check_replicas(judge, change, field);
        else
            check_strategy(judge, change, field);
    }
}
