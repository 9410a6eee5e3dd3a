/* refused_services.c: Services and routes with fields that do not go with their type, and hosts and paths that are
 * none.
 *
 * Source: k8s.io/kubernetes pkg/apis/core/validation ValidateService, pkg/apis/networking/validation */
#include <ctype.h>
#include <string.h>

#include "check/workloads.h"

struct service_check {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
};

static struct finding *tell(const struct service_check *check, const struct node *node, const char *message)
{
    return check_report(check->input, check->target, RA210, node->origin, check->object, "%s", message);
}

static bool has_type(const struct node *spec, const char *one, const char *other)
{
    const struct node *type = node_find(spec, "type");
    return node_equals(type, one) || node_equals(type, other);
}

static void check_service(const struct service_check *check)
{
    enum { FIRST = 30000, LAST = 32767 };
    struct arena *arena = check->input->arena;
    const struct node *spec = node_find(check->object->root, "spec"), *ports = node_find(spec, "ports");
    const struct node *policy = node_find(spec, "externalTrafficPolicy");
    bool outside = has_type(spec, "NodePort", "LoadBalancer");
    if (node_text(policy) && *policy->text && !outside && node_is_empty(node_find(spec, "externalIPs")))
        tell(check, policy, "externalTrafficPolicy is for Services of type NodePort and LoadBalancer");
    for (uint32_t i = 0; node_is_list(ports) && i < ports->count; i++) {
        const struct node *port = node_find(ports->items[i], "nodePort");
        long number;
        if (!node_number(port, &number) || !number)
            continue;
        if (!outside)
            tell(check, port, "nodePort is for Services of type NodePort and LoadBalancer");
        else if (number < FIRST || number > LAST)
            tell(check, port,
                 arena_format(arena, "the nodePort %ld is not from %d to %d, as clusters have them by default", number,
                              FIRST, LAST))
                ->severity = SEVERITY_WARNING;
    }
}

/* Labels with points between them; the first may be `*`. */
static bool is_host(const char *text)
{
    const char *at = strncmp(text, "*.", 2) == 0 ? text + 2 : text;
    for (;; at++) {
        size_t size = strcspn(at, ".");
        for (size_t i = 0; i < size; i++)
            if (!(islower((unsigned char)at[i]) || isdigit((unsigned char)at[i]) || at[i] == '-'))
                return false;
        if (!size || at[0] == '-' || at[size - 1] == '-')
            return false;
        at += size;
        if (!*at)
            return true;
    }
}

static void check_host(const struct service_check *check, const struct node *host)
{
    const char *text = node_text(host);
    if (text && *text && !strpbrk(text, "{}<>$()") && !is_host(text))
        tell(check, host,
             arena_format(check->input->arena,
                          "'%s' is no host: small letters, digits, '-' and '.', without a scheme, a port or a path",
                          text));
}

static void check_ingress(const struct service_check *check)
{
    const struct node *list = node_find(node_find(check->object->root, "spec"), "rules");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const struct node *paths = node_find(node_find(list->items[i], "http"), "paths");
        check_host(check, node_find(list->items[i], "host"));
        for (uint32_t k = 0; node_is_list(paths) && k < paths->count; k++) {
            const struct node *path = node_find(paths->items[k], "path");
            if (node_text(path) && *path->text && *path->text != '/' && !strpbrk(path->text, "{}<$"))
                tell(check, path,
                     arena_format(check->input->arena, "the path '%s' does not begin with '/'", path->text));
        }
    }
}

static void check_claim(const struct service_check *check)
{
    static const char *const modes[] = {"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"};
    const struct node *spec = node_find(check->object->root, "spec"), *list = node_find(spec, "accessModes");
    const struct node *size = node_find(node_find(node_find(spec, "resources"), "requests"), "storage");
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof modes / sizeof *modes; k++)
            known = known || node_equals(list->items[i], modes[k]);
        if (node_text(list->items[i]) && !known && !strpbrk(list->items[i]->text, "{}<>$"))
            tell(check, list->items[i],
                 arena_format(check->input->arena,
                              "'%s' is no access mode: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod",
                              list->items[i]->text));
    }
    if (node_is_map(spec) && !size)
        tell(check, spec, "a claim needs a size: spec.resources.requests.storage");
}

static void check_refused_services(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct service_check check = {input, &input->targets[i], &input->targets[i].objects[j]};
            if (check_is_kind(check.object, "", "Service"))
                check_service(&check);
            else if (check_is_kind(check.object, "networking.k8s.io", "Ingress"))
                check_ingress(&check);
            else if (check_is_kind(check.object, "", "PersistentVolumeClaim"))
                check_claim(&check);
        }
}

static const enum rule_id ids[] = {RA210, RULE_COUNT};
const struct check refused_services_check = {"refused_services", ids, check_refused_services};
