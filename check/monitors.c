/* monitors.c: ServiceMonitors and PodMonitors that select nothing, or ask a port that is not there. */
#include <string.h>

#include "check/workloads.h"
#include "kubernetes/selector.h"

struct monitor {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
    const struct node *spec;
};

static const struct node *labels_of(const struct check_object *object)
{
    return node_find(node_find(object->root, "metadata"), "labels");
}

static bool is_service(const struct check_object *object)
{
    return strcmp(object->kind, "Service") == 0 && !*object->group;
}

/* What it selects lies elsewhere, or may. */
static bool looks_elsewhere(const struct monitor *monitor)
{
    return !node_is_empty(node_find(monitor->spec, "namespaceSelector")) ||
           may_have_operator(monitor->target, "monitoring.coreos.com");
}

static bool has_service(const struct monitor *monitor)
{
    for (size_t i = 0; i < monitor->target->object_count; i++)
        if (is_service(&monitor->target->objects[i]))
            return true;
    return false;
}

static const struct check_object *find_service(const struct monitor *monitor)
{
    const struct node *selector = node_find(monitor->spec, "selector");
    for (size_t i = 0; i < monitor->input->target_count; i++)
        for (size_t j = 0; j < monitor->input->targets[i].object_count; j++) {
            const struct check_object *object = &monitor->input->targets[i].objects[j];
            if (is_service(object) && strcmp(object->namespace, monitor->object->namespace) == 0 &&
                selector_matches(selector, labels_of(object)))
                return object;
        }
    return NULL;
}

static const struct node *find_port(const struct check_object *service, const char *name)
{
    const struct node *ports = node_find(node_find(service->root, "spec"), "ports");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++)
        if (node_equals(node_find(ports->items[i], "name"), name))
            return ports->items[i];
    return NULL;
}

static void check_ports(const struct monitor *monitor, const struct check_object *service)
{
    const struct node *endpoints = node_find(monitor->spec, "endpoints");
    for (uint32_t i = 0; node_is_list(endpoints) && i < endpoints->count; i++) {
        const struct node *port = node_find(endpoints->items[i], "port");
        if (node_text(port) && *port->text && !find_port(service, port->text))
            check_report(monitor->input, monitor->target, RA303, port->origin, monitor->object,
                         "Service '%s', which ServiceMonitor '%s' selects, has no port named '%s'", service->name,
                         monitor->object->name, port->text)
                ->field = "spec.endpoints.port";
    }
}

static origin selector_origin(const struct monitor *monitor)
{
    const struct node *selector = node_find(monitor->spec, "selector"), *labels = node_find(selector, "matchLabels");
    return node_is_map(labels) && labels->count ? labels->entries[0].value->origin : selector->origin;
}

static void check_service_monitor(const struct monitor *monitor)
{
    const struct check_object *service = looks_elsewhere(monitor) ? NULL : find_service(monitor);
    if (service)
        check_ports(monitor, service);
    else if (!looks_elsewhere(monitor) && has_service(monitor))
        check_report(monitor->input, monitor->target, RA309, selector_origin(monitor), monitor->object,
                     "the selector of ServiceMonitor '%s' matches the labels of no Service", monitor->object->name)
            ->field = "spec.selector";
}

static void check_pod_monitor(const struct monitor *monitor)
{
    const struct neighbours *pods =
        find_neighbours(monitor->input, monitor->input->workloads, monitor->target, monitor->object);
    const struct node *selector = node_find(monitor->spec, "selector");
    bool any = looks_elsewhere(monitor) || !pods->count;
    for (size_t i = 0; !any && i < pods->count; i++)
        any = selector_matches(selector, pods->items[i]->labels);
    if (!any)
        check_report(monitor->input, monitor->target, RA309, selector_origin(monitor), monitor->object,
                     "the selector of PodMonitor '%s' matches no pod", monitor->object->name)
            ->field = "spec.selector";
}

static void check_monitors(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            const struct monitor monitor = {input, &input->targets[i], object, node_find(object->root, "spec")};
            if (strcmp(object->group, "monitoring.coreos.com") != 0 ||
                node_is_empty(node_find(monitor.spec, "selector")))
                continue;
            if (strcmp(object->kind, "ServiceMonitor") == 0)
                check_service_monitor(&monitor);
            else if (strcmp(object->kind, "PodMonitor") == 0)
                check_pod_monitor(&monitor);
        }
}

static const enum rule_id ids[] = {RA303, RA309, RULE_COUNT};
const struct check monitors_check = {"monitors", ids, check_monitors};
