/* pipeline.c: the order of a kustomization's steps. */
#include "kustomize/accumulate.h"
#include "kustomize/kustomization/transformers.h"

struct step {
    const char *field;
    step_function *apply;
};

/* The steps of one kustomization, in the order that kustomize applies them.
 * Source: api/internal/target/kusttarget.go accumulateTarget and kusttarget_configplugin.go */
static const struct step steps[] = {
    {"resources", accumulate_resources},
    {"configurations", merge_configurations},
    {"configMapGenerator", generate_config_maps},
    {"secretGenerator", generate_secrets},
    {"helmCharts", inflate_helm_charts},
    {"generators", run_generators},
    {"components", accumulate_components},
    {"patchesStrategicMerge", patch_strategic_merge},
    {"patches", patch_targets},
    {"namespace", set_namespace},
    {"namePrefix", add_name_prefix},
    {"nameSuffix", add_name_suffix},
    {"labels", add_labels},
    {"commonAnnotations", add_annotations},
    {"patchesJson6902", patch_json6902},
    {"replicas", set_replicas},
    {"images", set_images},
    {"replacements", apply_replacements},
    {"transformers", run_transformers},
    {"validators", run_validators},
    {"vars", collect_vars},
};

/* What only the root does, once everything is accumulated.
 * Source: kusttarget.go makeCustomizedResMap and api/krusty/kustomizer.go Run */
static const struct step root_steps[] = {
    {"hashes of generated names", add_hashes},
    {"name references", fix_name_references},
    {"vars", resolve_vars},
    {"findings", notice_references},
    {"local-config resources", drop_local_config},
    {"sortOptions", sort_resources},
    {"buildMetadata", finish_metadata},
};

static bool run_table(const struct step *table, size_t count, struct kust_target *target, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!table[i].apply(target, error))
            return false;
    return true;
}

bool run_steps(struct kust_target *target, struct error *error)
{
    return run_table(steps, sizeof steps / sizeof *steps, target, error);
}

bool run_root_steps(struct kust_target *target, struct error *error)
{
    return run_table(root_steps, sizeof root_steps / sizeof *root_steps, target, error);
}
