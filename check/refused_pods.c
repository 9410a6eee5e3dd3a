/* refused_pods.c: what the API server's own validation refuses in pods, beyond their structure.
 *
 * Source: k8s.io/kubernetes pkg/apis/core/validation/validation.go, in all supported versions */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check/api_names.h"
#include "check/quantity.h"
#include "check/workloads.h"

struct pod_check {
    struct check_input *input;
    const struct workload *workload;
};

static void tell_field(const struct pod_check *check, origin at, const char *field, const char *message)
{
    struct finding *finding =
        check_report(check->input, check->workload->target, RA210, at, check->workload->object, "%s", message);
    finding->field = field;
}

/* Resources. */

/* Names without a domain are Kubernetes' own. */
static bool is_resource(const char *name)
{
    static const char *const own[] = {"cpu", "memory", "ephemeral-storage", NULL};
    return strchr(name, '/') || strncmp(name, "hugepages-", 10) == 0 || string_in(own, name);
}

static void check_amount(const struct pod_check *check, const struct entry *entry, const char *field)
{
    struct arena *arena = check->input->arena;
    double amount;
    const char *text = node_text(entry->value);
    if (!is_resource(entry->key->text))
        tell_field(
            check, entry->origin, field,
            arena_format(arena,
                         "'%s' is not the name of a resource: cpu, memory, ephemeral-storage, or one with a domain",
                         entry->key->text));
    else if (text && !quantity_read(text, &amount))
        tell_field(check, entry->value->origin, field,
                   arena_format(arena, "'%s' is not a quantity: 100m, 0.5, 64Mi", text));
    else if (text && amount < 0)
        tell_field(check, entry->value->origin, field, arena_format(arena, "'%s' is less than nothing", text));
}

static void check_pair(const struct pod_check *check, const struct entry *request, const struct node *limits)
{
    double asked, most;
    const char *limit = node_text(node_get(limits, request->key)), *text = node_text(request->value);
    if (limit && text && quantity_read(text, &asked) && quantity_read(limit, &most) && asked > most)
        tell_field(check, request->value->origin, "resources.requests",
                   arena_format(check->input->arena, "the request of %s for %s is more than its limit, %s", text,
                                request->key->text, limit));
}

static void check_resources(const struct pod_check *check, const struct container *container)
{
    const struct node *resources = node_find(container->node, "resources");
    const struct node *requests = node_find(resources, "requests"), *limits = node_find(resources, "limits");
    for (uint32_t i = 0; node_is_map(requests) && i < requests->count; i++) {
        check_amount(check, &requests->entries[i], "resources.requests");
        check_pair(check, &requests->entries[i], limits);
    }
    for (uint32_t i = 0; node_is_map(limits) && i < limits->count; i++)
        check_amount(check, &limits->entries[i], "resources.limits");
}

/* Ports. */

static void check_port(const struct pod_check *check, const struct node *port)
{
    const struct node *name = node_find(port, "name"), *number = node_find(port, "containerPort");
    long value;
    if (node_text(name) && *name->text && !is_port_name(name->text))
        tell_field(
            check, name->origin, "ports.name",
            arena_format(check->input->arena,
                         "'%s' is not a name for a port: at most 15 small letters, digits and '-', with a letter",
                         name->text));
    if (node_number(number, &value) && (value < 1 || value > 65535))
        tell_field(check, number->origin, "ports.containerPort", "a port is from 1 to 65535");
}

static void check_ports(const struct pod_check *check, const struct container *container)
{
    const struct node *ports = node_find(container->node, "ports");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++)
        check_port(check, ports->items[i]);
}

/* Probes. */

static void check_probe(const struct pod_check *check, const struct container *container, const char *field)
{
    static const char *const handlers[] = {"exec", "httpGet", "tcpSocket", "grpc"};
    const struct node *probe = node_find(container->node, field);
    size_t count = 0;
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        count += node_find(probe, handlers[i]) != NULL;
    if (node_is_map(probe) && count != 1)
        tell_field(check, probe->origin, field,
                   arena_format(check->input->arena,
                                count ? "the %s of container '%s' asks in two ways, and may in one"
                                      : "the %s of container '%s' says nothing about how to ask",
                                field, container->name));
}

static void check_probes(const struct pod_check *check, const struct container *container)
{
    check_probe(check, container, "readinessProbe");
    check_probe(check, container, "livenessProbe");
    check_probe(check, container, "startupProbe");
}

/* Names within a pod. */

static const struct node *find_named(const struct node *list, const char *name, uint32_t before)
{
    for (uint32_t i = 0; node_is_list(list) && i < list->count && i < before; i++)
        if (node_equals(node_find(list->items[i], "name"), name))
            return list->items[i];
    return NULL;
}

static void check_repeated(const struct pod_check *check, const struct node *list, const char *field, const char *what)
{
    for (uint32_t i = 1; node_is_list(list) && i < list->count; i++) {
        const struct node *name = node_find(list->items[i], "name");
        if (node_text(name) && find_named(list, name->text, i))
            tell_field(check, name->origin, field,
                       arena_format(check->input->arena, "two %s have the name '%s'", what, name->text));
    }
}

/* A StatefulSet's claims are volumes of its pods, too. */
static bool is_volume(const struct workload *workload, const char *name)
{
    const struct node *claims = node_find(node_find(workload->object->root, "spec"), "volumeClaimTemplates");
    for (uint32_t i = 0; node_is_list(claims) && i < claims->count; i++)
        if (node_equals(node_find(node_find(claims->items[i], "metadata"), "name"), name))
            return true;
    return find_named(node_find(workload->pod, "volumes"), name, UINT32_MAX) != NULL;
}

static void check_mounts(const struct pod_check *check, const struct container *container)
{
    const struct node *mounts = node_find(container->node, "volumeMounts");
    for (uint32_t i = 0; node_is_list(mounts) && i < mounts->count; i++) {
        const struct node *name = node_find(mounts->items[i], "name");
        if (node_text(name) && !is_volume(check->workload, name->text))
            tell_field(check, name->origin, "volumeMounts.name",
                       arena_format(check->input->arena,
                                    "container '%s' mounts the volume '%s', which the pod does not have",
                                    container->name, name->text));
    }
}

/* The server takes it, and the second one counts. */
static void check_variables(const struct pod_check *check, const struct container *container)
{
    const struct node *env = node_find(container->node, "env");
    for (uint32_t i = 1; node_is_list(env) && i < env->count; i++) {
        const struct node *name = node_find(env->items[i], "name");
        if (node_text(name) && find_named(env, name->text, i))
            check_report(check->input, check->workload->target, RA208, name->origin, check->workload->object,
                         "the variable '%s' of container '%s' stands twice: the last one counts", name->text,
                         container->name);
    }
}

static void check_pod(const struct pod_check *check)
{
    const struct node *pod = check->workload->pod;
    size_t count;
    struct container *containers = find_containers(check->input->arena, pod, &count);
    for (size_t i = 0; i < count; i++) {
        check_resources(check, &containers[i]);
        check_ports(check, &containers[i]);
        check_probes(check, &containers[i]);
        check_mounts(check, &containers[i]);
        check_variables(check, &containers[i]);
    }
    const struct node *main = node_find(pod, "containers");
    if (node_is_list(main) && !main->count)
        tell_field(check, main->origin ? main->origin : pod->origin, "containers", "a pod needs a container");
    check_repeated(check, main, "containers.name", "containers");
    check_repeated(check, node_find(pod, "volumes"), "volumes.name", "volumes");
}

static void check_refused_pods(struct check_input *input)
{
    const struct workload_list *workloads = input->workloads;
    for (size_t i = 0; i < workloads->count; i++)
        check_pod(&(struct pod_check){input, &workloads->items[i]});
}

static const enum rule_id ids[] = {RA208, RA210, RULE_COUNT};
const struct check refused_pods_check = {"refused_pods", ids, check_refused_pods};
