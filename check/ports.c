/* ports.c: ports that Services, probes, Ingresses and Prometheus name, against those that containers have. */
#include <stdlib.h>
#include <string.h>

#include "check/workloads.h"
#include "kubernetes/selector.h"

/* The ports of a pod's containers: of the named ones the name, of all the number. */
static bool has_port(const struct container *container, const struct node *wanted, bool *declares_any)
{
    const struct node *ports = node_find(container->node, "ports");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++) {
        const char *name = node_text(node_find(ports->items[i], "name"));
        const char *number = node_text(node_find(ports->items[i], "containerPort"));
        *declares_any = true;
        if ((name && node_equals(wanted, name)) || (number && node_equals(wanted, number)))
            return true;
    }
    return false;
}

static bool pod_has_port(struct arena *arena, const struct workload *workload, const struct node *wanted)
{
    bool ignored = false;
    size_t count;
    struct container *containers = find_containers(arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++)
        if (has_port(&containers[i], wanted, &ignored))
            return true;
    return false;
}

static bool is_name(const struct node *port)
{
    return node_is_scalar(port) && node_tag(port) == TAG_STRING && !strspn(port->text, "0123456789");
}

/* Named ports of a Service have to be there in some pod that it selects; numbers need not be declared. */
static void check_service_port(struct check_input *input, const struct check_target *target,
                               const struct check_object *object, const struct neighbours *near,
                               const struct node *port)
{
    const struct node *wanted = node_find(port, "targetPort");
    const struct node *selector = node_find(node_find(object->root, "spec"), "selector");
    size_t selected = 0;
    for (size_t i = 0; i < near->count && is_name(wanted); i++) {
        if (!labels_match(selector, near->items[i]->labels))
            continue;
        selected++;
        if (pod_has_port(input->arena, near->items[i], wanted))
            return;
    }
    if (selected) {
        struct finding *finding =
            check_report(input, target, RA303, wanted->origin, object,
                         "no container behind Service '%s' has a port named '%s'", object->name, wanted->text);
        finding->field = "spec.ports.targetPort";
    }
}

static void check_service(struct check_input *input, const struct workload_list *workloads,
                          const struct check_target *target, const struct check_object *object)
{
    const struct node *spec = node_find(object->root, "spec"), *ports = node_find(spec, "ports");
    const struct neighbours *near = find_neighbours(input, workloads, target, object);
    if (strcmp(object->kind, "Service") != 0 || *object->group || !node_is_map(node_find(spec, "selector")))
        return;
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++)
        check_service_port(input, target, object, near, ports->items[i]);
}

/* Probes and lifecycle hooks name ports of their own container. */
static void check_probe(struct check_input *input, const struct workload *workload, const struct container *container,
                        const char *field)
{
    static const char *const handlers[] = {"httpGet", "tcpSocket"};
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        const struct node *probe = node_find(container->node, field);
        const struct node *port = node_find(node_find(probe, handlers[i]), "port");
        bool ignored = false;
        if (!is_name(port) || has_port(container, port, &ignored))
            continue;
        struct finding *finding = check_report(input, workload->target, RA303, port->origin, workload->object,
                                               "container '%s' has no port named '%s', which its %s asks",
                                               container->name, port->text, field);
        finding->field = arena_format(input->findings->arena, "%s.%s.port", field, handlers[i]);
    }
}

static void check_probes(struct check_input *input, const struct workload *workload)
{
    static const char *const probes[] = {"readinessProbe", "livenessProbe", "startupProbe"};
    size_t count;
    struct container *containers = find_containers(input->arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < sizeof probes / sizeof *probes; j++)
            check_probe(input, workload, &containers[i], probes[j]);
}

/* The annotations by which Prometheus finds pods are on the pods' template. */
static void check_scrape(struct check_input *input, const struct workload *workload, const struct node *annotations)
{
    const struct node *port = node_find(annotations, "prometheus.io/port");
    if (!node_equals(node_find(annotations, "prometheus.io/scrape"), "true") || !port ||
        pod_has_port(input->arena, workload, port))
        return;
    struct finding *finding =
        check_report(input, workload->target, RA601, port->origin, workload->object,
                     "the pods of %s '%s' have no port %s, which prometheus.io/port names", workload->object->kind,
                     workload->object->name, node_is_scalar(port) ? port->text : "of that kind");
    finding->field = "prometheus.io/port";
}

static const struct node *pod_annotations(const struct workload *workload)
{
    static const char *const template[] = {"spec", "template", "metadata", "annotations", NULL};
    static const char *const pod[] = {"metadata", "annotations", NULL};
    return node_path(workload->object->root, strcmp(workload->object->kind, "Pod") == 0 ? pod : template);
}

static void check_ports(struct check_input *input)
{
    const struct workload_list *workloads = input->workloads;
    for (size_t i = 0; i < workloads->count; i++) {
        check_probes(input, &workloads->items[i]);
        check_scrape(input, &workloads->items[i], pod_annotations(&workloads->items[i]));
    }
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++)
            check_service(input, workloads, &input->targets[i], &input->targets[i].objects[j]);
}

static const enum rule_id ids[] = {RA303, RA601, RULE_COUNT};
const struct check ports_check = {"ports", ids, check_ports};
