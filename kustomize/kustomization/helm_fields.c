/* helm_fields.c: reads helmCharts, helmGlobals and helmChartInflationGenerator. */
#include "kustomize/kustomization/helm_fields.h"

#include <string.h>

#include "kustomize/kustomization/path_fields.h"

static const struct field globals_fields[] = {
    FIELD_PATH(struct helm_globals, chart_home, "chartHome"),
    FIELD_PATH(struct helm_globals, config_home, "configHome"),
    FIELD_END,
};
const struct struct_type helm_globals_type = {"HelmGlobals", sizeof(struct helm_globals), globals_fields,
                                              offsetof(struct helm_globals, node)};

static const struct field chart_fields[] = {
    FIELD_STRING(struct helm_chart, name, "name"),
    FIELD_STRING(struct helm_chart, version, "version"),
    FIELD_STRING(struct helm_chart, repo, "repo"),
    FIELD_STRING(struct helm_chart, release_name, "releaseName"),
    FIELD_STRING(struct helm_chart, namespace, "namespace"),
    FIELD_PATHS(struct helm_chart, additional_values_files, "additionalValuesFiles"),
    FIELD_PATH(struct helm_chart, values_file, "valuesFile"),
    FIELD_NODE(struct helm_chart, values_inline, "valuesInline"),
    FIELD_STRING(struct helm_chart, values_merge, "valuesMerge"),
    FIELD_BOOL(struct helm_chart, include_crds, "includeCRDs"),
    FIELD_BOOL(struct helm_chart, skip_hooks, "skipHooks"),
    FIELD_STRINGS(struct helm_chart, api_versions, "apiVersions"),
    FIELD_STRING(struct helm_chart, kube_version, "kubeVersion"),
    FIELD_STRING(struct helm_chart, name_template, "nameTemplate"),
    FIELD_BOOL(struct helm_chart, skip_tests, "skipTests"),
    FIELD_BOOL(struct helm_chart, debug, "debug"),
    FIELD_BOOL(struct helm_chart, devel, "devel"),
    FIELD_END,
};
const struct struct_type helm_chart_type = {"HelmChart", sizeof(struct helm_chart), chart_fields,
                                            offsetof(struct helm_chart, node)};

static const struct field args_fields[] = {
    FIELD_STRING(struct helm_chart_args, chart_name, "chartName"),
    FIELD_STRING(struct helm_chart_args, chart_version, "chartVersion"),
    FIELD_STRING(struct helm_chart_args, chart_repo_url, "chartRepoUrl"),
    FIELD_PATH(struct helm_chart_args, chart_home, "chartHome"),
    FIELD_STRING(struct helm_chart_args, chart_repo_name, "chartRepoName"),
    FIELD_STRING(struct helm_chart_args, helm_bin, "helmBin"),
    FIELD_PATH(struct helm_chart_args, helm_home, "helmHome"),
    FIELD_PATH(struct helm_chart_args, values, "values"),
    FIELD_NODE(struct helm_chart_args, values_local, "valuesLocal"),
    FIELD_STRING(struct helm_chart_args, values_merge, "valuesMerge"),
    FIELD_STRING(struct helm_chart_args, release_name, "releaseName"),
    FIELD_STRING(struct helm_chart_args, release_namespace, "releaseNamespace"),
    FIELD_STRINGS(struct helm_chart_args, extra_args, "extraArgs"),
    FIELD_END,
};
const struct struct_type helm_chart_args_type = {"HelmChartArgs", sizeof(struct helm_chart_args), args_fields,
                                                 offsetof(struct helm_chart_args, node)};

static struct helm_chart chart_from(const struct helm_chart_args *args)
{
    return (struct helm_chart){
        .node = args->node,
        .name = args->chart_name,
        .version = args->chart_version,
        .repo = args->chart_repo_url,
        .release_name = args->release_name,
        .values_file = args->values,
        .values_merge = args->values_merge,
        .values_inline = args->values_local,
    };
}

static const char *last_given(const char *before, const char *given)
{
    return given && *given ? given : before;
}

void helm_convert_args(struct arena *arena, const struct list *all, struct list *charts,
                       const struct helm_globals **globals)
{
    const struct helm_chart_args *args = all->items;
    struct helm_globals *homes = ARENA_NEW(arena, struct helm_globals);
    struct helm_chart *joined = ARENA_ARRAY(arena, charts->count + all->count, struct helm_chart);
    if (charts->count)
        memcpy(joined, charts->items, charts->count * sizeof *joined);
    for (size_t i = 0; i < all->count; i++) {
        joined[charts->count + i] = chart_from(&args[i]);
        homes->chart_home = last_given(homes->chart_home, args[i].chart_home);
        homes->config_home = last_given(homes->config_home, args[i].helm_home);
    }
    *charts = (struct list){joined, charts->count + all->count, charts->node ? charts->node : all->node};
    if (!*globals && (homes->chart_home || homes->config_home))
        *globals = homes;
}
