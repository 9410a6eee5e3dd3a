/* check_storage.c: volumes that get smaller, addresses that are given up, and plain Secrets. */
#include <string.h>

#include "diff/judge.h"
#include "diff/quantity.h"

static void check_volume(struct judge *judge, const struct resource_change *change)
{
    for (size_t i = 0; i < change->count; i++) {
        const struct field_change *field = &change->fields[i];
        double before, after;
        if (strstr(field->path, "resources.requests.storage") && quantity_parse(node_text(field->old), &before) &&
            quantity_parse(node_text(field->new), &after) && after < before)
            risk_add(judge, RISK_PVC_SHRINK, field, "%s %s: %s -> %s: a volume cannot get smaller", change->id.kind,
                     change->id.name, node_text(field->old), node_text(field->new));
    }
}

static void check_address(struct judge *judge, const struct resource_change *change)
{
    static const char *const fields[] = {"spec.type", "spec.loadBalancerIP", "spec.loadBalancerClass", NULL};
    if (!node_equals(AT(change->base, "spec", "type"), "LoadBalancer"))
        return;
    for (size_t i = 0; i < change->count; i++)
        if (is_listed(change->fields[i].path, fields))
            risk_add(judge, RISK_LOAD_BALANCER, &change->fields[i], "Service %s: %s changes: its address may be lost",
                     change->id.name, change->fields[i].path);
}

static bool has_values(const struct node *secret)
{
    return !node_is_empty(node_get(secret, &key_data)) || !node_is_empty(node_get(secret, &key_stringData));
}

static void check_secret(struct judge *judge, const struct resource_change *change)
{
    if (has_values(change->head) && !has_values(change->base))
        risk_add(judge, RISK_PLAIN_SECRET, NULL, "Secret %s: its values can be read in the repository",
                 change->id.name);
}

void check_storage(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    const char *kind = change->id.kind;
    if (text_is(kind, "PersistentVolumeClaim") || text_is(kind, "StatefulSet"))
        check_volume(judge, change);
    else if (text_is(kind, "Service"))
        check_address(judge, change);
    else if (text_is(kind, "Secret") && !*change->id.group)
        check_secret(judge, change);
}
