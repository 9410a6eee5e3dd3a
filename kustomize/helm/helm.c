/* helm.c: the field helmCharts and the builtin HelmChartInflationGenerator. */
#include "kustomize/helm/helm.h"

#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "kustomize/generate/generated.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/transformers.h"

static const char generator[] = "HelmChartInflationGenerator";

/* Tells the namespace transformer to let it be. Source: api/konfig/general.go HelmGeneratedAnnotation */
static const char generated_mark[] = "internal.config.kubernetes.io/helm-generated";

static bool check_merge(const struct helm_chart *chart, struct error *error)
{
    static const char *const legal[] = {"merge", "override", "replace"};
    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++)
        if (!string_is_given(chart->values_merge) || strcmp(chart->values_merge, legal[i]) == 0)
            return true;
    return error_at(error, field_origin(chart->node, "valuesMerge"),
                    "valuesMerge must be one of [merge override replace], not '%s'", chart->values_merge);
}

/* A name that looks like an option would be one to helm. */
static bool check_chart(const struct helm_chart *chart, struct error *error)
{
    const struct node *inline_values = chart->values_inline;
    if (!string_is_given(chart->name))
        return error_at(error, field_origin(chart->node, "name"), "chart name cannot be empty");
    if (string_is_given(chart->release_name) && *chart->release_name == '-')
        return error_at(error, field_origin(chart->node, "releaseName"),
                        "releaseName must not start with '-', got \"%s\"", chart->release_name);
    if (*chart->name == '-' || path_is_absolute(chart->name) || strstr(chart->name, "://"))
        return error_at(error, field_origin(chart->node, "name"),
                        "chart name must not start with '-', got \"%s\"; it is no path and no URL", chart->name);
    if (string_is_given(chart->repo) && *chart->repo == '-')
        return error_at(error, field_origin(chart->node, "repo"), "repo must not start with '-', got \"%s\"",
                        chart->repo);
    if (inline_values && !node_is_null(inline_values) && !node_is_map(inline_values))
        return error_at(error, inline_values->origin, "valuesInline: expected a map");
    return check_merge(chart, error);
}

/* helm runs plugins of its config home, so nobody but the user may choose one. */
static bool check_home(const struct inflation *inflation, struct error *error)
{
    if (!inflation->config_home || inflation->target->render->options->remote.access == REMOTE_ANYWHERE)
        return true;
    return error_set(error, "configHome '%s' is refused here: helm would run plugins from it", inflation->config_home);
}

/* What the command line says holds where the chart says nothing. */
static void add_defaults(const struct helm_options *options, struct helm_chart *chart)
{
    if (!string_is_given(chart->kube_version))
        chart->kube_version = options->kube_version;
    if (!chart->api_versions.count && options->api_version_count)
        chart->api_versions =
            (struct list){.items = (void *)(uintptr_t)options->api_versions, .count = options->api_version_count};
    chart->debug = chart->debug || options->debug;
    if (chart->values_inline && node_is_empty(chart->values_inline))
        chart->values_inline = NULL;
}

static void add_pair(struct arena *arena, struct string_list *words, const char *name, const char *value)
{
    if (!string_is_given(value))
        return;
    string_list_add(arena, words, name);
    string_list_add(arena, words, value);
}

/* Source: api/types/helmchartargs.go AsHelmArgs */
static struct string_list template_words(const struct inflation *inflation, const struct string_list *files)
{
    const struct helm_chart *chart = &inflation->chart;
    struct arena *arena = inflation->target->render->arena;
    struct string_list words = {0};
    const char *const *api_versions = chart->api_versions.items;
    const struct {
        bool given;
        const char *name;
    } switches[] = {{chart->include_crds, "--include-crds"},
                    {chart->skip_tests, "--skip-tests"},
                    {chart->skip_hooks, "--no-hooks"},
                    {chart->debug, "--debug"},
                    {chart->devel, "--devel"}};
    string_list_add(arena, &words, "template");
    string_list_add(arena, &words, string_is_given(chart->release_name) ? chart->release_name : "--generate-name");
    string_list_add(arena, &words, inflation->path);
    add_pair(arena, &words, "--namespace", chart->namespace);
    add_pair(arena, &words, "--name-template", chart->name_template);
    for (size_t i = 0; i < files->count; i++)
        add_pair(arena, &words, "-f", files->items[i]);
    for (size_t i = 0; i < chart->api_versions.count; i++)
        add_pair(arena, &words, "--api-versions", api_versions[i]);
    add_pair(arena, &words, "--kube-version", chart->kube_version);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (switches[i].given)
            string_list_add(arena, &words, switches[i].name);
    string_list_add(arena, &words, NULL);
    return words;
}

static bool run_template(const struct inflation *inflation, struct text *out, struct error *error)
{
    struct arena *arena = inflation->target->render->arena;
    struct string_list files = {0};
    if (!helm_values(inflation, &files, error))
        return false;
    struct string_list words = template_words(inflation, &files);
    const char *what = arena_format(arena, "helm template of chart '%s'", inflation->chart.name);
    return helm_run(inflation->helm, what, inflation->config_home, words.items, out, error);
}

static bool mark_namespace(struct tree *tree, struct node *root, struct error *error)
{
    struct node *metadata = tree_demand_map(tree, root, &key_metadata);
    struct node *annotations = metadata ? tree_demand_map(tree, metadata, &key_annotations) : NULL;
    if (!annotations)
        return error_at(error, root->origin, "failed to set helm annotation: metadata.annotations is no map");
    tree_set_named(tree, annotations, generated_mark, styled_string(tree, "true", 4));
    return true;
}

/* All of them first join a list of their own, where ids are checked. */
static bool absorb_resources(const struct inflation *inflation, const struct resource_matches *found,
                             struct error *error)
{
    struct kust_target *target = inflation->target;
    struct resources own;
    resources_init(&own, target->render->arena, target->render->origins);
    for (size_t i = 0; i < found->count; i++)
        if (!resources_append(&own, found->items[i], error))
            return false;
    for (size_t i = 0; i < found->count; i++) {
        struct resource *resource = found->items[i];
        if (!mark_namespace(target->render->tree, resource->root, error))
            return false;
        annotate_generator(target, resource, generator);
        if (!absorb_generated(target, resource, error))
            return false;
    }
    return true;
}

static bool take_output(const struct inflation *inflation, const struct text *output, struct error *error)
{
    struct kust_target *target = inflation->target;
    struct arena *arena = target->render->arena;
    const char *name = arena_format(arena, "the output of helm template for chart '%s'", inflation->chart.name);
    const char *copy = arena_copy(arena, text_content(output), output->size);
    struct resource_matches found = {0};
    const struct yaml_text text = {
        .file = name, .bytes = copy, .size = output->size, .origins = target->render->origins};
    return kust_target_parse_resources(target, &text, &found, error) && absorb_resources(inflation, &found, error);
}

static bool inflate_chart(struct kust_target *target, const struct helm_chart *chart,
                          const struct helm_globals *globals, struct error *error)
{
    struct render *render = target->render;
    struct inflation inflation = {.target = target, .helm = render->helm, .chart = *chart, .home = "charts"};
    struct text output = {0};
    if (globals && string_is_given(globals->chart_home))
        inflation.home = globals->chart_home;
    if (globals && string_is_given(globals->config_home))
        inflation.config_home = globals->config_home;
    add_defaults(&render->options->helm, &inflation.chart);
    bool good = helm_is_ready(render->helm, error) && check_chart(chart, error) && check_home(&inflation, error) &&
                helm_locate(&inflation, error) && run_template(&inflation, &output, error) &&
                take_output(&inflation, &output, error);
    text_free(&output);
    if (!good)
        error_locate_at(error, chart->node->origin);
    return good || error_wrap(error, "%s", generator);
}

/* The kustomization's own, or that of the nearest one above it. */
static const char *namespace_of(const struct kust_target *target)
{
    for (; target; target = target->parent)
        if (string_is_given(target->kustomization->namespace))
            return target->kustomization->namespace;
    return NULL;
}

bool inflate_helm_charts(struct kust_target *target, struct error *error)
{
    const struct list *charts = &target->kustomization->helm_charts;
    for (size_t i = 0; i < charts->count; i++) {
        struct helm_chart chart = ((const struct helm_chart *)charts->items)[i];
        if (!string_is_given(chart.namespace))
            chart.namespace = namespace_of(target);
        if (!inflate_chart(target, &chart, target->kustomization->helm_globals, error))
            return false;
    }
    return true;
}

bool helm_chart_inflation_generator(struct kust_target *target, const struct node *config, struct error *error)
{
    struct helm_chart chart = {0};
    struct helm_globals globals = {0};
    return decode(target->render->tree, config, &helm_chart_type, DECODE_AS_GO_LENIENT, &chart, error) &&
           decode(target->render->tree, config, &helm_globals_type, DECODE_AS_GO_LENIENT, &globals, error) &&
           inflate_chart(target, &chart, &globals, error);
}
