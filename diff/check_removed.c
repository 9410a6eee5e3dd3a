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
    {"StatefulSet", RISK_REMOVED_DATA, "its claims stay"},
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

static const struct removal *find_removal(const char *kind)
{
    for (size_t i = 0; i < sizeof removals / sizeof *removals; i++)
        if (text_is(removals[i].kind, kind))
            return &removals[i];
    return NULL;
}

static enum risk_level level_of(const struct removal *removal, const struct node *resource, enum pruning pruning)
{
    if (pruning == PRUNING_KEPT || pruning == PRUNING_MANUAL)
        return RISK_NOTE;
    if (text_is(removal->kind, "Service") && node_equals(AT(resource, "spec", "type"), "LoadBalancer"))
        return RISK_DANGER;
    return risk_rules[removal->rule].level;
}

static const char *effect_of(const struct removal *removal, const struct node *resource, enum pruning pruning)
{
    if (pruning == PRUNING_KEPT)
        return "Argo CD keeps it, since it says so";
    if (pruning == PRUNING_MANUAL)
        return "it stays, and its Application is OutOfSync, until somebody prunes it by hand";
    if (text_is(removal->kind, "StatefulSet") &&
        node_equals(AT(resource, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"), "Delete"))
        return "its claims, and what they hold, are deleted with it";
    return removal->effect;
}

static void check_removal(struct judge *judge, const struct resource_change *change)
{
    const struct removal *removal = find_removal(change->id.kind);
    if (!removal)
        return;
    enum pruning pruning = pruning_of(judge->report, judge->application, change);
    risk_add_as(judge, removal->rule, level_of(removal, change->base, pruning), NULL, "%s %s is removed: %s",
                removal->kind, change->id.name, effect_of(removal, change->base, pruning));
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
