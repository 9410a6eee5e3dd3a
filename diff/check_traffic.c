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

/* Whether a pod that a Service selects has a port of this name. */
static bool has_port(const struct diff_side *side, const struct node *selector, const char *name)
{
    for (size_t i = 0; node_is_map(selector) && i < side->count; i++) {
        const struct node *pod = pod_spec(side->items[i]), *containers = node_find(pod, "containers");
        if (!matches_labels(selector, AT(side->items[i], "spec", "template", "metadata", "labels")))
            continue;
        for (size_t k = 0; node_is_list(containers) && k < containers->count; k++) {
            const struct node *ports = node_find(containers->items[k], "ports");
            for (size_t port = 0; node_is_list(ports) && port < ports->count; port++)
                if (node_equals(node_get(ports->items[port], &key_name), name))
                    return true;
        }
    }
    return false;
}

static void check_target_ports(struct judge *judge, const struct node *service)
{
    const struct application *application = judge->application;
    const struct node *ports = AT(service, "spec", "ports"), *selector = selector_of(service);
    const char *name = node_text(node_get(node_get(service, &key_metadata), &key_name));
    const struct node *before = name ? find_object(&application->base, "Service", name) : NULL;
    for (size_t i = 0; before && node_is_list(ports) && i < ports->count; i++) {
        const char *target = node_text(node_find(ports->items[i], "targetPort"));
        if (target && strspn(target, "0123456789") != strlen(target) &&
            has_port(&application->base, selector_of(before), target) && selects_pods(&application->head, selector) &&
            !has_port(&application->head, selector, target))
            risk_add_as(judge, RISK_SELECTOR_NOTHING, RISK_WARNING, NULL,
                        "Service %s sends to the port '%s', which no container of its pods has any more", name, target);
    }
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
        if (text_is(kind, "Service"))
            check_target_ports(judge, resource);
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

/* The fewest pods that a workload has: its autoscaler's, or its own. */
static long fewest_replicas(const struct diff_side *side, const struct node *workload)
{
    const char *name = node_text(node_get(node_get(workload, &key_metadata), &key_name));
    const char *own = node_text(AT(workload, "spec", "replicas"));
    for (size_t i = 0; name && i < side->count; i++) {
        const struct node *scaler = side->items[i];
        if (node_equals(node_get(scaler, &key_kind), "HorizontalPodAutoscaler") &&
            node_equals(AT(scaler, "spec", "scaleTargetRef", "name"), name)) {
            const char *least = node_text(AT(scaler, "spec", "minReplicas"));
            return least ? strtol(least, NULL, 10) : 1;
        }
    }
    return own ? strtol(own, NULL, 10) : 1;
}

/* Whether a budget wants at least as many pods as the workload that it selects has. */
static bool wants_all(const struct diff_side *side, const struct node *budget, const char *least)
{
    const struct node *selector = selector_of(budget);
    for (size_t i = 0; least && !strchr(least, '%') && node_is_map(selector) && i < side->count; i++) {
        const struct node *workload = side->items[i];
        if (matches_labels(selector, AT(workload, "spec", "template", "metadata", "labels")))
            return strtol(least, NULL, 10) >= fewest_replicas(side, workload);
    }
    return false;
}

static void check_budget(struct judge *judge, const struct resource_change *change)
{
    const char *most = node_text(AT(change->head, "spec", "maxUnavailable"));
    const char *least = node_text(AT(change->head, "spec", "minAvailable"));
    if (text_is(most, "0") || text_is(most, "0%") || text_is(least, "100%") ||
        wants_all(&judge->application->head, change->head, least))
        risk_add(judge, RISK_PDB_BLOCKS, NULL, "PodDisruptionBudget %s permits no eviction: nodes cannot be drained",
                 change->id.name);
}

static bool has_host(const struct node *resource, const char *host)
{
    const struct node *rules = AT(resource, "spec", "rules"), *names = AT(resource, "spec", "hostnames");
    for (size_t i = 0; node_is_list(rules) && i < rules->count; i++)
        if (node_equals(node_find(rules->items[i], "host"), host))
            return true;
    for (size_t i = 0; node_is_list(names) && i < names->count; i++)
        if (node_equals(names->items[i], host))
            return true;
    return false;
}

static void check_host(struct judge *judge, const struct resource_change *change, const struct node *host)
{
    const struct diff_side *head = &judge->application->head;
    const char *name = node_text(host);
    for (size_t i = 0; name && i < head->count; i++)
        if (has_host(head->items[i], name))
            return;
    if (name)
        risk_add(judge, RISK_REMOVED_TRAFFIC, NULL,
                 "%s %s no longer answers for %s, and nothing else in this "
                 "Application does",
                 change->id.kind, change->id.name, name);
}

/* Hosts of an Ingress or a route that stays. */
static void check_hosts(struct judge *judge, const struct resource_change *change)
{
    const struct node *rules = AT(change->base, "spec", "rules"), *names = AT(change->base, "spec", "hostnames");
    for (size_t i = 0; node_is_list(rules) && i < rules->count; i++)
        check_host(judge, change, node_find(rules->items[i], "host"));
    for (size_t i = 0; node_is_list(names) && i < names->count; i++)
        check_host(judge, change, names->items[i]);
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
    else if (change->base && (text_is(change->id.kind, "Ingress") || text_is(change->id.kind, "HTTPRoute")))
        check_hosts(judge, change);
}
