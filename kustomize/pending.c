/* pending.c: fields that are not there yet are refused by name. A transformer that lands takes its line out. */
#include "kustomize/transformers.h"

static bool refuse(bool asked, const struct target *target, const char *field, struct error *error)
{
    if (!asked)
        return true;
    return error_at(error, field_origin(target->kustomization->node, field), "%s is not supported yet", field);
}

#define PENDING(function, member, field)                                    \
    bool function(struct target *target, struct error *error)               \
    {                                                                       \
        return refuse(target->kustomization->member, target, field, error); \
    }

PENDING(patch_strategic_merge, patches_strategic_merge.count, "patchesStrategicMerge")
PENDING(patch_targets, patches.count, "patches")
PENDING(patch_json6902, patches_json6902.count, "patchesJson6902")

#define PENDING_PLUGIN(function)                                                         \
    bool function(struct target *target, const struct node *config, struct error *error) \
    {                                                                                    \
        (void)target;                                                                    \
        return error_at(error, config->origin, "this plugin is not supported yet");      \
    }

PENDING_PLUGIN(patch_strategic_merge_transformer)
PENDING_PLUGIN(patch_transformer)
PENDING_PLUGIN(patch_json6902_transformer)
