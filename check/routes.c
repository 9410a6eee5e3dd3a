/* routes.c: Ingresses and routes that lead to ports that no Service has, or nowhere. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "check/workloads.h"

struct route_check {
    struct check_input *input;
    struct map *services; /* place and name -> struct check_object */
    const struct check_target *target;
    const struct check_object *object;
};

static struct map *find_services(const struct check_input *input)
{
    struct map *services = map_new(input->arena);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "Service") != 0 || *object->group)
                continue;
            const char *key = namespaced_key(input->arena, &input->targets[i], object->namespace, object->name);
            *map_slot(services, key, strlen(key)) = (void *)object;
        }
    return services;
}

static bool has_port(const struct check_object *service, const struct node *port)
{
    const struct node *ports = node_find(node_find(service->root, "spec"), "ports");
    const char *field = node_tag(port) == TAG_INT ? "port" : "name";
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++)
        if (node_equals(node_find(ports->items[i], field), port->text))
            return true;
    return !node_is_list(ports);
}

static void check_port(const struct route_check *check, const struct node *name, const struct node *port)
{
    const char *text = node_text(name);
    if (!text || !node_text(port))
        return;
    const char *key = namespaced_key(check->input->arena, check->target, check->object->namespace, text);
    const struct check_object *service = map_get(check->services, key, strlen(key));
    if (service && !has_port(service, port))
        check_report(check->input, check->target, RA303, port->origin, check->object,
                     "%s '%s' leads to the port %s of Service '%s', which has none of that", check->object->kind,
                     check->object->name, port->text, text);
}

static void check_backend(const struct route_check *check, const struct node *backend)
{
    const struct node *service = node_find(backend, "service"), *port = node_find(service, "port");
    const struct node *number = node_find(port, "number");
    check_port(check, node_find(service, "name"), number ? number : node_find(port, "name"));
}

static void check_ingress(const struct route_check *check)
{
    const struct node *spec = node_find(check->object->root, "spec"), *rules_of = node_find(spec, "rules");
    check_backend(check, node_find(spec, "defaultBackend"));
    for (uint32_t i = 0; node_is_list(rules_of) && i < rules_of->count; i++) {
        const struct node *paths = node_find(node_find(rules_of->items[i], "http"), "paths");
        for (uint32_t k = 0; node_is_list(paths) && k < paths->count; k++)
            check_backend(check, node_find(paths->items[k], "backend"));
    }
}

/* A redirect answers by itself. */
static bool answers_itself(const struct node *rule)
{
    const struct node *filters = node_find(rule, "filters");
    for (uint32_t i = 0; node_is_list(filters) && i < filters->count; i++) {
        const char *type = node_text(node_find(filters->items[i], "type"));
        if (type && (strcmp(type, "RequestRedirect") == 0 || strcmp(type, "ExtensionRef") == 0))
            return true;
    }
    return false;
}

static void check_rule(const struct route_check *check, const struct node *rule)
{
    const struct node *backends = node_find(rule, "backendRefs");
    if (node_is_empty(backends) && node_is_map(rule) && !answers_itself(rule))
        check_report(check->input, check->target, RA309, rule->origin, check->object,
                     "this rule of %s '%s' leads nowhere: it is answered with the status 500", check->object->kind,
                     check->object->name);
    for (uint32_t i = 0; node_is_list(backends) && i < backends->count; i++) {
        const char *kind = node_text(node_find(backends->items[i], "kind"));
        if ((!kind || strcmp(kind, "Service") == 0) && !node_find(backends->items[i], "namespace"))
            check_port(check, node_find(backends->items[i], "name"), node_find(backends->items[i], "port"));
    }
}

static void check_route(const struct route_check *check)
{
    const struct node *rules_of = node_find(node_find(check->object->root, "spec"), "rules");
    for (uint32_t i = 0; node_is_list(rules_of) && i < rules_of->count; i++)
        check_rule(check, rules_of->items[i]);
}

static void check_routes(struct check_input *input)
{
    struct route_check check = {.input = input};
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            check.target = &input->targets[i];
            check.object = &check.target->objects[j];
            bool ingress = strcmp(check.object->kind, "Ingress") == 0;
            bool route = strcmp(check.object->group, "gateway.networking.k8s.io") == 0 &&
                         (strcmp(check.object->kind, "HTTPRoute") == 0 || strcmp(check.object->kind, "GRPCRoute") == 0);
            if ((ingress || route) && !check.services)
                check.services = find_services(input);
            if (ingress)
                check_ingress(&check);
            else if (route)
                check_route(&check);
        }
}

static const enum rule_id ids[] = {RA303, RA309, RULE_COUNT};
const struct check routes_check = {"routes", ids, check_routes};
