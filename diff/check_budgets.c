/* check_budgets.c: autoscalers and disruption budgets that do not fit what they are for. What was so on base is not
 * told. */
#include <stdlib.h>
#include <string.h>

#include "diff/judge.h"
#include "kubernetes/selector.h"

static const char *const scaler_kinds[] = {"HorizontalPodAutoscaler", "ScaledObject", NULL};

/* What is wrong with an autoscaler. */
enum scaling { SCALING_GOOD, SCALING_OF_NOTHING, SCALING_TOO_FEW, SCALING_TWICE };

struct scaler {
    const char *name, *kind, *target, *most, *least;
    const struct node *workload;
    const char *replicas; /* of its own; NULL: none */
};

static const char *kind_of(const struct node *resource)
{
    return node_text(node_get(resource, &key_kind));
}

static const char *name_of(const struct node *resource)
{
    return node_text(node_get(node_get(resource, &key_metadata), &key_name));
}

static struct scaler read_scaler(const struct diff_side *side, const struct node *resource)
{
    const struct node *spec = node_get(resource, &key_spec), *target = node_find(spec, "scaleTargetRef");
    bool keda = text_is(kind_of(resource), "ScaledObject");
    const char *kind = node_text(node_get(target, &key_kind));
    struct scaler scaler = {.name = name_of(resource),
                            .kind = kind ? kind : "Deployment",
                            .target = node_text(node_get(target, &key_name)),
                            .most = node_text(node_find(spec, keda ? "maxReplicaCount" : "maxReplicas")),
                            .least = node_text(node_find(spec, keda ? "minReplicaCount" : "minReplicas"))};
    if (scaler.target)
        scaler.workload = find_object(side, scaler.kind, scaler.target);
    scaler.replicas = node_text(AT(scaler.workload, "spec", "replicas"));
    return scaler;
}

static enum scaling judge_scaler(const struct scaler *scaler)
{
    if (scaler->target && !scaler->workload && !strstr(scaler->target, "{"))
        return SCALING_OF_NOTHING;
    if (!scaler->replicas)
        return SCALING_GOOD;
    bool few = scaler->most && strtol(scaler->most, NULL, 10) < strtol(scaler->replicas, NULL, 10);
    return few ? SCALING_TOO_FEW : SCALING_TWICE;
}

static struct place place_of(const struct judge *judge, const struct node *resource)
{
    const struct origins *origins = judge->application->head.origins;
    return origins ? origins_place(origins, resource->origin) : (struct place){0};
}

static void check_scaler(struct judge *judge, const struct node *resource, const struct node *before)
{
    struct scaler scaler = read_scaler(&judge->application->head, resource);
    struct scaler old = before ? read_scaler(&judge->application->base, before) : (struct scaler){0};
    enum scaling found = judge_scaler(&scaler);
    struct place place = place_of(judge, resource);
    if (before && judge_scaler(&old) == found)
        return;
    if (found == SCALING_OF_NOTHING)
        risk_add_at(judge, RISK_HPA_REPLICAS, place, "%s %s: there is no %s %s", kind_of(resource), scaler.name,
                    scaler.kind, scaler.target);
    else if (found == SCALING_TOO_FEW)
        risk_add_at(judge, RISK_HPA_REPLICAS, place, "%s %s permits %s replicas, and %s %s has %s", kind_of(resource),
                    scaler.name, scaler.most, scaler.kind, scaler.target, scaler.replicas);
    else if (found == SCALING_TWICE)
        risk_add_at(
            judge, RISK_HPA_REPLICAS, place,
            "%s %s sets the replicas of %s, which has `replicas` of its own: each synchronization sets them back",
            kind_of(resource), scaler.name, scaler.target);
}

/* The fewest pods that a workload has: its autoscaler's, or its own. */
static long fewest_replicas(const struct diff_side *side, const struct node *workload)
{
    const char *own = node_text(AT(workload, "spec", "replicas"));
    for (size_t i = 0; i < side->count; i++) {
        if (!is_listed(kind_of(side->items[i]), scaler_kinds))
            continue;
        struct scaler scaler = read_scaler(side, side->items[i]);
        if (scaler.workload == workload)
            return scaler.least ? strtol(scaler.least, NULL, 10) : 1;
    }
    return own ? strtol(own, NULL, 10) : 1;
}

/* Whether a budget wants at least as many pods as the workload that it selects has. */
static bool wants_all(const struct diff_side *side, const struct node *budget, const char *least)
{
    const struct node *selector = AT(budget, "spec", "selector");
    for (size_t i = 0; least && !strchr(least, '%') && selector && i < side->count; i++) {
        const struct node *labels = AT(side->items[i], "spec", "template", "metadata", "labels");
        if (labels && selector_matches(selector, labels))
            return strtol(least, NULL, 10) >= fewest_replicas(side, side->items[i]);
    }
    return false;
}

static bool permits_nothing(const struct diff_side *side, const struct node *budget)
{
    const char *most = node_text(AT(budget, "spec", "maxUnavailable"));
    const char *least = node_text(AT(budget, "spec", "minAvailable"));
    return text_is(most, "0") || text_is(most, "0%") || text_is(least, "100%") || wants_all(side, budget, least);
}

static void check_budget(struct judge *judge, const struct node *budget, const struct node *before)
{
    if (permits_nothing(&judge->application->head, budget) &&
        !(before && permits_nothing(&judge->application->base, before)))
        risk_add_at(judge, RISK_PDB_BLOCKS, place_of(judge, budget),
                    "PodDisruptionBudget %s permits no eviction: nodes cannot be drained", name_of(budget));
}

void check_budgets(struct judge *judge)
{
    const struct application *application = judge->application;
    for (size_t i = 0; i < application->head.count; i++) {
        const struct node *resource = application->head.items[i];
        const char *kind = kind_of(resource), *name = name_of(resource);
        bool scaler = is_listed(kind, scaler_kinds);
        if (!name || (!scaler && !text_is(kind, "PodDisruptionBudget")))
            continue;
        const struct node *before = find_object(&application->base, kind, name);
        if (scaler)
            check_scaler(judge, resource, before);
        else
            check_budget(judge, resource, before);
    }
}
