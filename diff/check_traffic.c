/* check_traffic.c: selectors that match nothing any more, and hosts that nothing answers for. */
#include <string.h>

#include "diff/judge.h"
#include "kubernetes/selector.h"

/* Whether a resource's selector matches these labels. A Service without one matches nothing. */
static bool selects_labels(const struct node *resource, const struct node *labels)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    const struct node *spec = node_get(resource, &key_spec);
    if (text_is(kind, "Service"))
        return !node_is_empty(node_find(spec, "selector")) && labels_match(node_find(spec, "selector"), labels);
    const struct node *selector = node_find(spec, text_is(kind, "NetworkPolicy") ? "podSelector" : "selector");
    return selector && labels && selector_matches(selector, labels);
}

static const struct node *pod_labels(const struct node *resource)
{
    bool pod = node_equals(node_get(resource, &key_kind), "Pod");
    return pod ? AT(resource, "metadata", "labels") : AT(resource, "spec", "template", "metadata", "labels");
}

static bool selects_any(const struct diff_side *side, const struct node *resource)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct node *labels = pod_labels(side->items[i]);
        if (labels && selects_labels(resource, labels))
            return true;
    }
    return false;
}

/* Whether a pod that a Service selects has a port of this name. */
static bool has_port(const struct diff_side *side, const struct node *service, const char *name)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct node *pod = pod_spec(side->items[i]), *containers = node_find(pod, "containers");
        if (!pod_labels(side->items[i]) || !selects_labels(service, pod_labels(side->items[i])))
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
    const struct node *ports = AT(service, "spec", "ports");
    const char *name = node_text(node_get(node_get(service, &key_metadata), &key_name));
    const struct node *before = name ? find_object(&application->base, "Service", name) : NULL;
    for (size_t i = 0; before && node_is_list(ports) && i < ports->count; i++) {
        const char *target = node_text(node_find(ports->items[i], "targetPort"));
        if (target && strspn(target, "0123456789") != strlen(target) && has_port(&application->base, before, target) &&
            selects_any(&application->head, service) && !has_port(&application->head, service, target))
            risk_add_as(judge, RISK_SELECTOR_NOTHING, RISK_WARNING, NULL,
                        "Service %s sends to the port '%s', which no container of its pods has any more", name, target);
    }
}

static struct place head_place(const struct application *application, const struct node *resource)
{
    const struct origins *origins = application->head.origins;
    return origins ? origins_place(origins, resource->origin) : (struct place){0};
}

/* Of all resources on head, since it may be the pods' labels that change. */
static void check_selectors(struct judge *judge)
{
    static const char *const kinds[] = {"Service", "PodDisruptionBudget", "NetworkPolicy", NULL};
    const struct application *application = judge->application;
    for (size_t i = 0; i < application->head.count; i++) {
        const struct node *resource = application->head.items[i];
        const char *kind = node_text(node_get(resource, &key_kind));
        const char *name = node_text(node_get(node_get(resource, &key_metadata), &key_name));
        const struct node *before = name && is_listed(kind, kinds) ? find_object(&application->base, kind, name) : NULL;
        if (before && selects_any(&application->base, before) && !selects_any(&application->head, resource))
            risk_add_at(judge, RISK_SELECTOR_NOTHING, head_place(application, resource),
                        "%s %s matched pods of this Application, and matches none", kind, name);
        if (text_is(kind, "Service"))
            check_target_ports(judge, resource);
    }
}

static bool has_host(const struct node *resource, const char *host)
{
    const struct node *list = AT(resource, "spec", "rules"), *names = AT(resource, "spec", "hostnames");
    for (size_t i = 0; node_is_list(list) && i < list->count; i++)
        if (node_equals(node_find(list->items[i], "host"), host))
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
    const struct node *list = AT(change->base, "spec", "rules"), *names = AT(change->base, "spec", "hostnames");
    for (size_t i = 0; node_is_list(list) && i < list->count; i++)
        check_host(judge, change, node_find(list->items[i], "host"));
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
    if (change->head && change->base && (text_is(change->id.kind, "Ingress") || text_is(change->id.kind, "HTTPRoute")))
        check_hosts(judge, change);
}
