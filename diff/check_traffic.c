/* check_traffic.c: selectors that match nothing any more, and autoscalers and budgets that are in the way. */
#include <stdlib.h>
#include <string.h>

#include "diff/judge.h"

static bool matches_labels(const struct node *selector, const struct node *labels)
{
    for (size_t i = 0; i < selector->count; i++) {
        const char *wanted = node_text(selector->entries[i].value);
        const struct key *key = selector->entries[i].key;
        if (!key || !text_is(node_text(node_find(labels, key->text)), wanted))
            return false;
    }
    return selector->count > 0;
}

static bool selects_pods(const struct diff_side *side, const struct node *selector)
{
    for (size_t i = 0; node_is_map(selector) && i < side->count; i++) {
        const struct node *resource = side->items[i];
        const struct node *labels = node_equals(node_get(resource, &key_kind), "Pod")
                                        ? AT(resource, "metadata", "labels")
                                        : AT(resource, "spec", "template", "metadata", "labels");
        if (matches_labels(selector, labels))
            return true;
    }
    return false;
}

static const struct node *selector_of(const struct node *resource)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    if (text_is(kind, "Service"))
        return AT(resource, "spec", "selector");
    if (text_is(kind, "PodDisruptionBudget"))
        return AT(resource, "spec", "selector", "matchLabels");
    return text_is(kind, "NetworkPolicy") ? AT(resource, "spec", "podSelector", "matchLabels") : NULL;
}

/* Of all resources on head, since it may be the pods' labels that change. */
static void check_selectors(struct judge *judge)
{
    const struct application *application = judge->application;
    for (size_t i = 0; i < application->head.count; i++) {
        const struct node *resource = application->head.items[i], *selector = selector_of(resource);
        const char *kind = node_text(node_get(resource, &key_kind));
        const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
        const struct node *before = name ? find_object(&application->base, kind, name) : NULL;
        if (selector && before && selects_pods(&application->base, selector_of(before)) &&
            !selects_pods(&application->head, selector))
            risk_add(judge, RISK_SELECTOR_NOTHING, NULL, "%s %s matched pods of this Application, and matches none",
                     kind, name);
    }
}

static void check_autoscaler(struct judge *judge, const struct resource_change *change)
{
    const char *target = node_text(AT(change->head, "spec", "scaleTargetRef", "name"));
    const char *kind = node_text(AT(change->head, "spec", "scaleTargetRef", "kind"));
    const struct node *workload =
        target ? find_object(&judge->application->head, kind ? kind : "Deployment", target) : NULL;
    const char *most = node_text(AT(change->head, "spec", "maxReplicas"));
    const char *replicas = node_text(AT(workload, "spec", "replicas"));
    if (replicas && most && strtol(most, NULL, 10) < strtol(replicas, NULL, 10))
        risk_add(judge, RISK_HPA_REPLICAS, NULL, "%s %s permits %s replicas, and %s %s has %s", change->id.kind,
                 change->id.name, most, kind ? kind : "Deployment", target, replicas);
    else if (replicas && change->change == CHANGE_ADDED)
        risk_add(judge, RISK_HPA_REPLICAS, NULL,
                 "%s %s sets the replicas of %s, which has `replicas` of its own: each "
                 "synchronization sets them back",
                 change->id.kind, change->id.name, target);
    else if (target && !workload && !strstr(target, "{"))
        risk_add(judge, RISK_HPA_REPLICAS, NULL, "%s %s: there is no %s %s", change->id.kind, change->id.name,
                 kind ? kind : "Deployment", target);
}

static void check_budget(struct judge *judge, const struct resource_change *change)
{
    const char *most = node_text(AT(change->head, "spec", "maxUnavailable"));
    const char *least = node_text(AT(change->head, "spec", "minAvailable"));
    if (text_is(most, "0") || text_is(most, "0%") || text_is(least, "100%"))
        risk_add(judge, RISK_PDB_BLOCKS, NULL, "PodDisruptionBudget %s permits no eviction: nodes cannot be drained",
                 change->id.name);
}

/* Once for an Application, with its first change. */
static bool is_first(const struct judge *judge)
{
    return judge->resource == judge->application->resources.items;
}

void check_traffic(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    if (is_first(judge)) {
        judge->resource = NULL;
        check_selectors(judge);
        judge->resource = change;
    }
    if (!change->head)
        return;
    if (text_is(change->id.kind, "HorizontalPodAutoscaler") || text_is(change->id.kind, "ScaledObject"))
        check_autoscaler(judge, change);
    else if (text_is(change->id.kind, "PodDisruptionBudget"))
        check_budget(judge, change);
}
