/* check_removed.c: resources that are deleted, or deleted and created again. */
#include "diff/judge.h"

/* What each kind's deletion means. */
static const struct removal {
    const char *kind;
    enum risk_number rule;
    const char *effect;
} removals[] = {
    {"PersistentVolumeClaim", RISK_REMOVED_DATA, "its data may go with it"},
    {"PersistentVolume", RISK_REMOVED_DATA, "its data may go with it"},
    {"StatefulSet", RISK_REMOVED_DATA, "its claims stay unless whenDeleted is Delete"},
    {"StorageClass", RISK_REMOVED_DATA, "no volume of this class can be made any more"},
    {"Namespace", RISK_REMOVED_DATA, "everything in it goes"},
    {"CustomResourceDefinition", RISK_REMOVED_DATA, "all objects of this kind go, in the whole cluster"},
    {"Service", RISK_REMOVED_TRAFFIC, "nothing finds these pods by its name"},
    {"Ingress", RISK_REMOVED_TRAFFIC, "its hosts are no longer served"},
    {"HTTPRoute", RISK_REMOVED_TRAFFIC, "its hosts are no longer served"},
    {"Gateway", RISK_REMOVED_TRAFFIC, "its listeners go"},
    {"NetworkPolicy", RISK_REMOVED_TRAFFIC, "what it forbids is permitted"},
    {"PodDisruptionBudget", RISK_REMOVED_TRAFFIC, "all pods may be evicted at once"},
    {"HorizontalPodAutoscaler", RISK_REMOVED_TRAFFIC, "the number of pods stays where it is"},
};

static bool is_kept(const struct node *resource)
{
    return has_sync_option(resource, "Prune=false") || has_sync_option(resource, "Delete=false");
}

static const struct removal *find_removal(const char *kind)
{
    for (size_t i = 0; i < sizeof removals / sizeof *removals; i++)
        if (text_is(removals[i].kind, kind))
            return &removals[i];
    return NULL;
}

static enum risk_level level_of(const struct removal *removal, const struct node *resource)
{
    if (is_kept(resource))
        return RISK_NOTE;
    if (text_is(removal->kind, "Service") && node_equals(AT(resource, "spec", "type"), "LoadBalancer"))
        return RISK_DANGER;
    return risk_rules[removal->rule].level;
}

static void check_removal(struct judge *judge, const struct resource_change *change)
{
    const struct removal *removal = find_removal(change->id.kind);
    if (!removal)
        return;
    risk_add_as(judge, removal->rule, level_of(removal, change->base), NULL, "%s %s is removed: %s", removal->kind,
                change->id.name, is_kept(change->base) ? "Argo CD keeps it, since it says so" : removal->effect);
}

static const char *const dear_kinds[] = {"StatefulSet", "PersistentVolumeClaim", "Namespace", NULL};

static void check_recreation(struct judge *judge, const struct resource_change *change)
{
    enum risk_level level = is_listed(change->from.kind, dear_kinds) ? RISK_DANGER : RISK_WARNING;
    risk_add_as(judge, RISK_RECREATED, level, NULL, "%s %s is deleted, and created again as %s %s%s%s",
                change->from.kind, change->from.name, change->id.kind, change->id.name,
                *change->id.namespace ? " in " : "", change->id.namespace);
}

void check_removed(struct judge *judge)
{
    const struct resource_change *change = judge->resource;
    if (change->change == CHANGE_REMOVED)
        check_removal(judge, change);
    else if (change->change == CHANGE_RENAMED || change->change == CHANGE_REPLACED)
        check_recreation(judge, change);
}
