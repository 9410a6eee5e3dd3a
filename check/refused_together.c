/* refused_together.c: fields and elements that the API server takes one by one and refuses together.
 *
 * Source: k8s.io/kubernetes pkg/apis/core/validation, pkg/apis/policy/validation, pkg/apis/networking/validation */
#include <string.h>

#include "check/workloads.h"

struct pair_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

static void tell(const struct pair_check *check, origin at, const char *field, const char *message)
{
    check_report(check->input, check->target, RA210, at, check->object, "%s", message)->field = field;
}

static const char *text_or(const struct node *node, const char *otherwise)
{
    const char *text = node_text(node);
    return text && *text ? text : otherwise;
}

/* Services. */

static bool same_port(const struct node *one, const struct node *other)
{
    const char *port = node_text(node_find(one, "port"));
    return port && node_equals(node_find(other, "port"), port) &&
           strcmp(text_or(node_find(one, "protocol"), "TCP"), text_or(node_find(other, "protocol"), "TCP")) == 0;
}

static void check_service(const struct pair_check *check)
{
    struct arena *arena = check->input->arena;
    const struct node *ports = node_find(node_find(check->object->root, "spec"), "ports");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++) {
        const struct node *port = ports->items[i];
        bool twice = false;
        for (uint32_t k = 0; !twice && k < i; k++)
            twice = same_port(ports->items[k], port);
        if (twice)
            tell(check, port->origin, "spec.ports",
                 arena_format(arena, "Service '%s' has the port %s twice", check->object->name,
                              node_text(node_find(port, "port"))));
        else if (ports->count > 1 && !node_text(node_find(port, "name")))
            tell(check, port->origin, "spec.ports",
                 arena_format(arena, "Service '%s' has several ports: each needs a name, and %s has none",
                              check->object->name, text_or(node_find(port, "port"), "one")));
    }
}

/* Pods. */

static void check_mounts(const struct pair_check *check, const struct container *container)
{
    const struct node *mounts = node_find(container->node, "volumeMounts");
    for (uint32_t i = 1; node_is_list(mounts) && i < mounts->count; i++) {
        const struct node *path = node_find(mounts->items[i], "mountPath");
        for (uint32_t k = 0; node_text(path) && k < i; k++)
            if (node_equals(node_find(mounts->items[k], "mountPath"), path->text)) {
                tell(check, path->origin, "volumeMounts.mountPath",
                     arena_format(check->input->arena, "container '%s' mounts two volumes at '%s'", container->name,
                                  path->text));
                break;
            }
    }
}

/* The server takes it, and tools that merge by number and protocol lose one. */
static void check_ports(const struct pair_check *check, const struct container *container)
{
    const struct node *ports = node_find(container->node, "ports");
    for (uint32_t i = 1; node_is_list(ports) && i < ports->count; i++) {
        const struct node *number = node_find(ports->items[i], "containerPort");
        const char *protocol = text_or(node_find(ports->items[i], "protocol"), "TCP");
        for (uint32_t k = 0; node_text(number) && k < i; k++)
            if (node_equals(node_find(ports->items[k], "containerPort"), number->text) &&
                strcmp(text_or(node_find(ports->items[k], "protocol"), "TCP"), protocol) == 0) {
                check_report(check->input, check->target, RA208, number->origin, check->object,
                             "the port %s of container '%s' stands twice, both times for %s", number->text,
                             container->name, protocol)
                    ->field = "containers.ports";
                break;
            }
    }
}

static void check_liveness(const struct pair_check *check, const struct container *container)
{
    static const char *const probes[] = {"livenessProbe", "startupProbe"};
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        const struct node *threshold = node_find(node_find(container->node, probes[i]), "successThreshold");
        long value;
        if (node_number(threshold, &value) && value != 1)
            tell(check, threshold->origin, "successThreshold",
                 arena_format(check->input->arena, "the successThreshold of a %s must be 1", probes[i]));
    }
}

/* A patch that misspells the name of a container adds one that has nothing else. */
static void check_image(const struct pair_check *check, const struct workload *workload,
                        const struct container *container)
{
    const struct node *image = node_find(container->node, "image");
    bool own_kind = strcmp(check->object->group, "argoproj.io") != 0;
    (void)workload;
    if (own_kind && (!image || (node_is_scalar(image) && !image->count)))
        tell(check, image && image->origin ? image->origin : container_origin(container), "containers.image",
             arena_format(check->input->arena,
                          "container '%s' has no image: if a patch is meant to change another container, its name is "
                          "misspelt",
                          container->name));
}

static void check_pod(const struct pair_check *check, const struct workload *workload)
{
    size_t count;
    struct container *containers = find_containers(check->input->arena, workload->pod, &count);
    for (size_t i = 0; i < count; i++) {
        check_mounts(check, &containers[i]);
        check_ports(check, &containers[i]);
        check_liveness(check, &containers[i]);
        check_image(check, workload, &containers[i]);
    }
}

/* Others. */

static void check_budget(const struct pair_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec"), *least = node_find(spec, "minAvailable");
    if (least && node_find(spec, "maxUnavailable"))
        tell(check, least->origin, "spec.minAvailable", "a budget has minAvailable or maxUnavailable, not both");
}

/* Refused when it is made; one that is there already keeps both. Equal ones are taken. */
static void check_class(const struct pair_check *check)
{
    const struct node *annotations = node_find(node_find(check->object->root, "metadata"), "annotations");
    const struct node *old = node_find(annotations, "kubernetes.io/ingress.class");
    const struct node *own = node_find(node_find(check->object->root, "spec"), "ingressClassName");
    if (node_text(old) && node_text(own) && strcmp(old->text, own->text) != 0)
        tell(check, old->origin, "metadata.annotations",
             arena_format(check->input->arena,
                          "the annotation kubernetes.io/ingress.class says '%s', and ingressClassName '%s'", old->text,
                          own->text));
}

static void check_refused_together(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct pair_check check = {input, &input->targets[i], &input->targets[i].objects[j]};
            if (check_is_kind(check.object, "", "Service"))
                check_service(&check);
            else if (check_is_kind(check.object, "policy", "PodDisruptionBudget"))
                check_budget(&check);
            else if (check_is_kind(check.object, "networking.k8s.io", "Ingress"))
                check_class(&check);
        }
    for (size_t i = 0; i < input->workloads->count; i++) {
        const struct workload *workload = &input->workloads->items[i];
        check_pod(&(struct pair_check){input, workload->target, workload->object}, workload);
    }
}

static const enum rule_id ids[] = {RA208, RA210, RULE_COUNT};
const struct check refused_together_check = {"refused_together", ids, check_refused_together};
