/* tls_hosts.c: certificates of an Ingress for hosts that it does not have. */
#include <string.h>

#include "base/nearest.h"
#include "check/check.h"

/* *.example.com is for one name before the point. */
static bool covers(const char *certificate, const char *host)
{
    if (strncmp(certificate, "*.", 2) != 0)
        return strcmp(certificate, host) == 0;
    const char *point = strchr(host, '.');
    return point && strcmp(certificate + 1, point) == 0;
}

struct hosts {
    const char **items; /* ends with NULL */
    size_t count;
};

static struct hosts hosts_of(struct arena *arena, const struct node *list)
{
    size_t room = node_is_list(list) ? list->count : 0;
    struct hosts hosts = {ARENA_ARRAY(arena, room + 1, const char *), 0};
    for (uint32_t i = 0; i < room; i++) {
        const char *host = node_text(node_find(list->items[i], "host"));
        if (host && *host)
            hosts.items[hosts.count++] = host;
    }
    return hosts;
}

static void check_host(struct check_input *input, const struct check_target *target, const struct check_object *ingress,
                       const struct hosts *hosts, const struct node *host)
{
    const char *text = node_text(host);
    for (size_t i = 0; text && i < hosts->count; i++)
        if (covers(text, hosts->items[i]) || covers(hosts->items[i], text))
            return;
    const char *near = text ? nearest_name(text, hosts->items) : NULL;
    if (text)
        check_report(input, target, RA313, host->origin, ingress,
                     "Ingress '%s' has a certificate for '%s', and no rule for this host" DID_YOU_MEAN, ingress->name,
                     text, MEANT(near))
            ->field = "spec.tls.hosts";
}

static void check_ingress(struct check_input *input, const struct check_target *target,
                          const struct check_object *ingress)
{
    const struct node *spec = node_find(ingress->root, "spec"), *tls = node_find(spec, "tls"),
                      *list = node_find(spec, "rules");
    const struct hosts hosts = hosts_of(input->arena, list);
    bool any_host = node_find(spec, "defaultBackend") || !node_is_list(list) || hosts.count < list->count;
    for (uint32_t i = 0; !any_host && node_is_list(tls) && i < tls->count; i++) {
        const struct node *names = node_find(tls->items[i], "hosts");
        for (uint32_t k = 0; node_is_list(names) && k < names->count; k++)
            check_host(input, target, ingress, &hosts, names->items[k]);
    }
}

static void check_tls_hosts(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            if (strcmp(object->kind, "Ingress") == 0 && strcmp(object->group, "networking.k8s.io") == 0)
                check_ingress(input, &input->targets[i], object);
        }
}

static const enum rule_id ids[] = {RA313, RULE_COUNT};
const struct check tls_hosts_check = {"tls_hosts", ids, check_tls_hosts};
