/* hosts.c: hosts, paths and ports of the nodes that two Applications of one cluster claim. */
#include <string.h>

#include "base/map.h"
#include "check/workloads.h"

struct claim {
    const struct check_target *target;
    const struct check_object *object;
    origin at;
};

struct claims {
    struct check_input *input;
    struct map *by_text;
};

static void claim_one(struct claims *claims, const struct check_target *target, const struct check_object *object,
                      origin at, const char *what)
{
    struct arena *arena = claims->input->arena;
    const char *key = arena_format(arena, "%s%s", cluster_namespace_key(arena, target, ""), what);
    void **slot = map_slot(claims->by_text, key, strlen(key));
    const struct claim *first = *slot;
    if (!first) {
        struct claim *claim = ARENA_NEW(arena, struct claim);
        *claim = (struct claim){target, object, at};
        *slot = claim;
    } else if (first->target != target) {
        struct finding *finding =
            check_report(claims->input, target, RA306, at, object, "%s is claimed by %s '%s' of %s, too", what,
                         first->object->kind, first->object->name, first->target->name);
        struct span place = check_place(first->target, first->at, first->object);
        if (place.file && !finding->related_count)
            finding_add_related(claims->input->findings, finding, place, "the other claim");
    }
}

/* A canary shares its host on purpose. */
static bool is_canary(const struct check_object *object)
{
    const struct node *annotations = node_find(node_find(object->root, "metadata"), "annotations");
    return node_equals(node_find(annotations, "nginx.ingress.kubernetes.io/canary"), "true");
}

static void claim_ingress_rule(struct claims *claims, const struct check_target *target,
                               const struct check_object *object, const struct node *rule)
{
    const struct node *host = node_find(rule, "host"), *paths = node_find(node_find(rule, "http"), "paths");
    for (uint32_t i = 0; node_text(host) && node_is_list(paths) && i < paths->count; i++) {
        const struct node *path = node_find(paths->items[i], "path");
        claim_one(claims, target, object, host->origin,
                  arena_format(claims->input->arena, "the host %s with the path %s", host->text,
                               node_text(path) ? path->text : "/"));
    }
}

static void claim_ingress(struct claims *claims, const struct check_target *target, const struct check_object *object)
{
    const struct node *rules_of = node_find(node_find(object->root, "spec"), "rules");
    for (uint32_t i = 0; !is_canary(object) && node_is_list(rules_of) && i < rules_of->count; i++)
        claim_ingress_rule(claims, target, object, rules_of->items[i]);
}

/* Routes of one gateway; those that look at headers or queries share a path on purpose. */
static void claim_match(struct claims *claims, const struct check_target *target, const struct check_object *object,
                        const struct node *host, const char *gateway, const struct node *match)
{
    const struct node *path = node_find(match, "path"), *value = node_find(path, "value");
    if (node_find(match, "headers") || node_find(match, "queryParams") || node_find(match, "method"))
        return;
    claim_one(claims, target, object, host->origin,
              arena_format(claims->input->arena, "the host %s with the path %s at the gateway '%s'", host->text,
                           node_text(value) ? value->text : "/", gateway));
}

static void claim_route_rules(struct claims *claims, const struct check_target *target,
                              const struct check_object *object, const struct node *host, const char *gateway)
{
    const struct node *list = node_find(node_find(object->root, "spec"), "rules");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *matches = node_find(list->items[i], "matches");
        for (uint32_t k = 0; node_is_list(matches) && k < matches->count; k++)
            claim_match(claims, target, object, host, gateway, matches->items[k]);
        if (!node_is_list(matches) || !matches->count)
            claim_match(claims, target, object, host, gateway, NULL);
    }
}

static void claim_route(struct claims *claims, const struct check_target *target, const struct check_object *object)
{
    const struct node *spec = node_find(object->root, "spec"), *hosts = node_find(spec, "hostnames");
    const struct node *parents = node_find(spec, "parentRefs");
    for (uint32_t i = 0; node_is_list(parents) && i < parents->count; i++) {
        const char *namespace = node_text(node_find(parents->items[i], "namespace"));
        const char *name = node_text(node_find(parents->items[i], "name"));
        const char *gateway =
            arena_format(claims->input->arena, "%s/%s", namespace ? namespace : object->namespace, name ? name : "");
        for (uint32_t k = 0; node_is_list(hosts) && k < hosts->count; k++)
            if (node_text(hosts->items[k]))
                claim_route_rules(claims, target, object, hosts->items[k], gateway);
    }
}

static void claim_service(struct claims *claims, const struct check_target *target, const struct check_object *object)
{
    const struct node *spec = node_find(object->root, "spec"), *ports = node_find(spec, "ports");
    const struct node *address = node_find(spec, "loadBalancerIP");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++) {
        const struct node *port = node_find(ports->items[i], "nodePort");
        if (node_text(port) && !node_equals(port, "0"))
            claim_one(claims, target, object, port->origin,
                      arena_format(claims->input->arena, "the nodes' port %s", port->text));
    }
    if (node_text(address) && *address->text)
        claim_one(claims, target, object, address->origin,
                  arena_format(claims->input->arena, "the address %s", address->text));
}

static void check_hosts(struct check_input *input)
{
    struct claims claims = {input, map_new(input->arena)};
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; target->found && j < target->object_count; j++) {
            if (strcmp(target->objects[j].kind, "Ingress") == 0)
                claim_ingress(&claims, target, &target->objects[j]);
            else if (strcmp(target->objects[j].kind, "HTTPRoute") == 0)
                claim_route(&claims, target, &target->objects[j]);
            else if (strcmp(target->objects[j].kind, "Service") == 0 && !*target->objects[j].group)
                claim_service(&claims, target, &target->objects[j]);
        }
    }
}

static const enum rule_id ids[] = {RA306, RULE_COUNT};
const struct check hosts_check = {"hosts", ids, check_hosts};
