/* builtins.c: the builtin plugins, as resources under `generators`, `transformers` and `validators` configure them.
 *
 * Source: api/internal/target/kusttarget.go, api/internal/plugins/loader, api/internal/plugins/builtinhelpers */
#include <string.h>

#include "base/nearest.h"
#include "kustomize/accumulate.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/program/exec_function.h"
#include "kustomize/resource/json_document.h"
#include "kustomize/transform/affix.h"

static bool prefix_suffix_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    return add_configured_affix(target, config, false, error) && add_configured_affix(target, config, true, error) &&
           kust_target_transformed(target, "PrefixSuffixTransformer", error);
}

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct plugin {
    const char *kind;
    plugin_function *generate, *transform; /* one of them */
};

/* What a resource of apiVersion `builtin` may be. kustomize leaves out the sort order on purpose. */
static const struct plugin plugins[] = {
    {"AnnotationsTransformer", NULL, annotations_transformer},
    {"ConfigMapGenerator", config_map_generator, NULL},
    {"HashTransformer", NULL, hash_transformer},
    {"HelmChartInflationGenerator", helm_chart_inflation_generator, NULL},
    {"IAMPolicyGenerator", iam_policy_generator, NULL},
    {"ImageTagTransformer", NULL, image_tag_transformer},
    {"LabelTransformer", NULL, label_transformer},
    {"NamespaceTransformer", NULL, namespace_transformer},
    {"PatchJson6902Transformer", NULL, patch_json6902_transformer},
    {"PatchStrategicMergeTransformer", NULL, patch_strategic_merge_transformer},
    {"PatchTransformer", NULL, patch_transformer},
    {"PrefixSuffixTransformer", NULL, prefix_suffix_transformer},
    {"PrefixTransformer", NULL, prefix_transformer},
    {"ReplacementTransformer", NULL, replacement_transformer},
    {"ReplicaCountTransformer", NULL, replica_count_transformer},
    {"SecretGenerator", secret_generator, NULL},
    {"SuffixTransformer", NULL, suffix_transformer},
    {"ValueAddTransformer", NULL, value_add_transformer},
};

static const struct plugin *plugin_of_kind(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(plugins); i++)
        if (strcmp(plugins[i].kind, kind) == 0)
            return &plugins[i];
    return NULL;
}

static void unknown_plugin(const struct resource *config, struct error *error)
{
    const char *names[COUNT_OF(plugins) + 1];
    const char *kind = config->id.gvk.kind;
    for (size_t i = 0; i < COUNT_OF(plugins); i++)
        names[i] = plugins[i].kind;
    names[COUNT_OF(plugins)] = NULL;
    const char *near = nearest_name(kind, names);
    error_at(error, field_origin(config->root, "kind"), "unable to load builtin %s.builtin.[noGrp]" DID_YOU_MEAN, kind,
             MEANT(near));
}

/* The plugin that a resource configures, if it is a generator or else a transformer. */
static plugin_function *find_plugin(const struct kust_target *target, const struct resource *config, bool generator,
                                    struct error *error)
{
    const struct gvk *gvk = &config->id.gvk;
    origin at = field_origin(config->root, "kind");
    bool builtin = !*gvk->group && strcmp(gvk->version, "builtin") == 0;
    if (!builtin && target->render->options->functions.plugins)
        return generator ? external_generator : external_transformer;
    if (!builtin) {
        error_at(error, at,
                 "external plugins disabled; unable to load external plugin '%s': only those of apiVersion builtin run",
                 gvk->kind);
        return NULL;
    }
    const struct plugin *plugin = plugin_of_kind(gvk->kind);
    if (!plugin) {
        unknown_plugin(config, error);
        return NULL;
    }
    plugin_function *function = generator ? plugin->generate : plugin->transform;
    if (!function)
        error_at(error, at, "plugin %s.builtin.[noGrp]/%s is not a %s", gvk->kind, config->id.name,
                 generator ? "generator" : "transformer");
    return function;
}

static bool run_plugin(const struct kust_target *target, const struct resource *config, plugin_function *function,
                       struct error *error)
{
    struct kust_target run = *target;
    struct node *document = json_document(target->render->tree, config->root, error); /* a plugin is given a text */
    run.plugin = config;
    return document && function(&run, document, error);
}

/* Items of a field: resources written into the kustomization itself, and paths. */

struct items {
    struct kust_target *target; /* whose accumulator takes the resources */
    const struct list *list;
    struct list paths; /* of const char * */
    struct node places;
};

static bool append_inline(struct kust_target *target, const struct resource_matches *found, struct error *error)
{
    for (size_t i = 0; i < found->count; i++) {
        if (target->render->track_origins)
            annotate_inline_origin(target, found->items[i]);
        if (!resources_append(kust_target_resources(target), found->items[i], error))
            return false;
    }
    return true;
}

/* As kustomize does: what parses as resources is one, all else is a path. A path has one line. */
static bool read_item(struct items *items, size_t index, struct error *error)
{
    struct kust_target *target = items->target;
    const char *text = ((const char *const *)items->list->items)[index];
    struct resource_matches found = {0};
    struct error cause = {0};
    const struct yaml_text item =
        kust_target_inline_text(target, text, strlen(text), items->list->node->items[index]->origin);
    if (kust_target_parse_resources(target, &item, &found, &cause))
        return append_inline(target, &found, error);
    if (strchr(text, '\n')) {
        *error = cause;
        return false;
    }
    error_free(&cause);
    ((const char **)items->paths.items)[items->paths.count++] = text;
    items->places.items[items->places.count++] = items->list->node->items[index];
    return true;
}

/* The resources that a field lists, in an accumulator of their own: inline ones come first. */
static bool read_configs(const struct kust_target *target, const struct list *list, struct resources *out,
                         struct error *error)
{
    struct arena *arena = target->render->arena;
    struct accumulator own = {.config = ARENA_NEW(arena, struct config)};
    struct kust_target loader = *target;
    loader.accumulator = &own;
    resources_init(&own.resources, arena, target->render->origins);
    struct items items = {.target = &loader, .list = list, .places = *list->node};
    items.paths.items = ARENA_ARRAY(arena, list->count, const char *);
    items.paths.node = &items.places;
    items.places.items = ARENA_ARRAY(arena, list->count, struct node *);
    items.places.count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!read_item(&items, i, error))
            return false;
    if (!accumulate_paths(&loader, &items.paths, error))
        return false;
    *out = own.resources;
    return true;
}

/* Generators. */

static const struct generator_kind *callers_kind(const struct kust_target *target, const struct resource *config)
{
    const struct engine_options *options = target->render->options;
    for (size_t i = 0; i < options->generator_kind_count; i++)
        if (strcmp(options->generator_kinds[i].api_version, config->group_version) == 0 &&
            strcmp(options->generator_kinds[i].kind, config->id.gvk.kind) == 0)
            return &options->generator_kinds[i];
    return NULL;
}

static bool run_callers_kind(struct kust_target *target, const struct resource *config,
                             const struct generator_kind *kind, struct error *error)
{
    struct node_array made = {0};
    struct kust_target run = *target;
    run.plugin = config;
    if (!kind->generate(kind->context, target->render->tree, target->directory, config->root, &made, error))
        return false;
    for (size_t i = 0; i < made.count; i++) {
        struct resource *resource = resource_new(target->render->arena, made.items[i]);
        annotate_generator(&run, resource, kind->kind);
        if (!absorb_generated(target, resource, error))
            return false;
    }
    return true;
}

bool run_generators(struct kust_target *target, struct error *error)
{
    const struct list *list = &target->kustomization->generators;
    struct resources configs;
    if (!list->count)
        return true;
    if (!read_configs(target, list, &configs, error))
        return error_wrap(error, "loading generator plugins");
    for (size_t i = 0; i < configs.count; i++) {
        const struct resource *config = configs.items[i];
        const struct generator_kind *kind = callers_kind(target, config);
        plugin_function *function = kind ? NULL : find_plugin(target, config, true, error);
        if (!kind && !function)
            return error_wrap(error, "loading generator plugins: failed to load generator");
        if (kind ? !run_callers_kind(target, config, kind, error) : !run_plugin(target, config, function, error))
            return false;
    }
    return true;
}

/* Transformers. */

static bool run_all(struct kust_target *target, const struct list *list, struct error *error)
{
    struct resources configs;
    if (!read_configs(target, list, &configs, error))
        return false;
    for (size_t i = 0; i < configs.count; i++) {
        plugin_function *function = find_plugin(target, configs.items[i], false, error);
        if (!function || !run_plugin(target, configs.items[i], function, error))
            return false;
    }
    return true;
}

bool run_transformers(struct kust_target *target, struct error *error)
{
    const struct list *list = &target->kustomization->transformers;
    return !list->count || run_all(target, list, error);
}

/* Validators are transformers that may add the label validated-by, and nothing else. */

static struct node *without_mark(struct tree *tree, const struct node *root)
{
    static const char mark[] = "validated-by";
    struct node *copy = tree_copy(tree, root);
    struct node *metadata = node_get(copy, &key_metadata), *labels = node_get(metadata, &key_labels);
    if (node_find(labels, mark) && tree_remove(labels, intern_string(tree->keys, mark)) && !labels->count)
        tree_remove(metadata, &key_labels);
    return copy;
}

struct resource_snapshot {
    struct resource **items;
    struct node **roots;
    size_t count;
};

static struct resource_snapshot take_snapshot(struct tree *tree, const struct resources *resources)
{
    struct resource_snapshot snapshot = {ARENA_ARRAY(tree->arena, resources->count, struct resource *),
                                         ARENA_ARRAY(tree->arena, resources->count, struct node *), resources->count};
    for (size_t i = 0; i < resources->count; i++) {
        snapshot.items[i] = resources->items[i];
        snapshot.roots[i] = without_mark(tree, resources->items[i]->root);
    }
    return snapshot;
}

static bool check_unchanged(struct tree *tree, const struct resource_snapshot *before, const struct resources *after,
                            struct error *error)
{
    for (size_t i = 0; i < after->count && i < before->count; i++)
        if (after->items[i] != before->items[i] ||
            !node_same(before->roots[i], without_mark(tree, after->items[i]->root)))
            return error_at(error, after->items[i]->root->origin,
                            "validator shouldn't modify the resource map: it changed %s",
                            id_text(tree->arena, &after->items[i]->id));
    if (after->count != before->count)
        return error_set(error, "validator shouldn't modify the resource map: lists have different number of entries");
    for (size_t i = 0; i < after->count; i++) {
        const struct resource *resource = after->items[i];
        size_t alike = resources_by_current_id(after, &resource->id).count;
        if (alike != 1)
            return error_at(error, resource->root->origin, "validator: %zu resources have the id %s", alike,
                            id_text(tree->arena, &resource->id));
    }
    return true;
}

bool run_validators(struct kust_target *target, struct error *error)
{
    const struct list *list = &target->kustomization->validators;
    struct render quiet = *target->render;
    struct kust_target run = *target;
    if (!list->count)
        return true;
    quiet.track_origins = false;
    run.render = &quiet;
    struct resource_snapshot before = take_snapshot(target->render->tree, kust_target_resources(target));
    return run_all(&run, list, error) &&
           check_unchanged(target->render->tree, &before, kust_target_resources(target), error);
}
