/* kustomization.c: the fields of a kustomization file, and the reading of one.
 *
 * Names and nesting are those of kustomize's api/types; the type names are Go's, since its messages use them. */
#include "kustomize/kustomization/kustomization.h"

#include <string.h>

#include "kustomize/kustomization/path_fields.h"

#define TYPE(struct_name, go_name, table)                                                   \
    {                                                                                       \
        go_name, sizeof(struct struct_name), table, (int)offsetof(struct struct_name, node) \
    }

static const struct field object_meta_fields[] = {
    FIELD_STRING(struct object_meta, name, "name"),
    FIELD_STRING(struct object_meta, namespace, "namespace"),
    FIELD_STRING_MAP(struct object_meta, labels, "labels"),
    FIELD_STRING_MAP(struct object_meta, annotations, "annotations"),
    FIELD_END,
};
const struct struct_type object_meta_type = TYPE(object_meta, "ObjectMeta", object_meta_fields);

static const struct field selector_field_table[] = {
    FIELD_STRING(struct selector_fields, group, "group"),
    FIELD_STRING(struct selector_fields, version, "version"),
    FIELD_STRING(struct selector_fields, kind, "kind"),
    FIELD_STRING(struct selector_fields, name, "name"),
    FIELD_STRING(struct selector_fields, namespace, "namespace"),
    FIELD_STRING(struct selector_fields, annotation_selector, "annotationSelector"),
    FIELD_STRING(struct selector_fields, label_selector, "labelSelector"),
    FIELD_END,
};
const struct struct_type selector_type = TYPE(selector_fields, "Selector", selector_field_table);

static const struct field patch_option_fields[] = {
    FIELD_BOOL(struct patch_options, allow_name_change, "allowNameChange"),
    FIELD_BOOL(struct patch_options, allow_kind_change, "allowKindChange"),
    FIELD_END,
};
const struct struct_type patch_options_type = TYPE(patch_options, "PatchArgs", patch_option_fields);

static const struct field patch_fields[] = {
    FIELD_PATH(struct patch, path, "path"),
    FIELD_STRING(struct patch, patch, "patch"),
    FIELD_POINTER(struct patch, target, "target", &selector_type),
    FIELD_POINTER(struct patch, options, "options", &patch_options_type),
    FIELD_END,
};
static const struct struct_type patch_type = TYPE(patch, "Patch", patch_fields);

static const struct field image_fields[] = {
    FIELD_STRING(struct image, name, "name"),
    FIELD_STRING(struct image, new_name, "newName"),
    FIELD_STRING(struct image, tag_suffix, "tagSuffix"),
    FIELD_STRING(struct image, new_tag, "newTag"),
    FIELD_STRING(struct image, digest, "digest"),
    FIELD_END,
};
const struct struct_type image_type = TYPE(image, "Image", image_fields);

static const struct field replica_fields[] = {
    FIELD_STRING(struct replica, name, "name"),
    FIELD_INT(struct replica, count, "count"),
    FIELD_END,
};
const struct struct_type replica_type = TYPE(replica, "Replica", replica_fields);

static const struct field field_spec_table[] = {
    FIELD_STRING(struct field_spec_fields, group, "group"), FIELD_STRING(struct field_spec_fields, version, "version"),
    FIELD_STRING(struct field_spec_fields, kind, "kind"),   FIELD_STRING(struct field_spec_fields, path, "path"),
    FIELD_BOOL(struct field_spec_fields, create, "create"), FIELD_END,
};
const struct struct_type field_spec_type = TYPE(field_spec_fields, "FieldSpec", field_spec_table);

static const struct field label_fields[] = {
    FIELD_STRING_MAP(struct label, pairs, "pairs"),
    FIELD_BOOL(struct label, include_selectors, "includeSelectors"),
    FIELD_BOOL(struct label, include_templates, "includeTemplates"),
    FIELD_BOOL(struct label, include_volume_claim_templates, "includeVolumeClaimTemplates"),
    FIELD_LIST(struct label, fields, "fields", &field_spec_type),
    FIELD_END,
};
static const struct struct_type label_type = TYPE(label, "Label", label_fields);

static const struct field generator_option_fields[] = {
    FIELD_STRING_MAP(struct generator_options, labels, "labels"),
    FIELD_STRING_MAP(struct generator_options, annotations, "annotations"),
    FIELD_BOOL(struct generator_options, disable_name_suffix_hash, "disableNameSuffixHash"),
    FIELD_BOOL(struct generator_options, immutable, "immutable"),
    FIELD_END,
};
static const struct struct_type generator_options_type =
    TYPE(generator_options, "GeneratorOptions", generator_option_fields);

#define GENERATOR_FIELDS                                                                                           \
    FIELD_STRING(struct generator_arguments, namespace, "namespace"),                                              \
        FIELD_STRING(struct generator_arguments, name, "name"),                                                    \
        FIELD_STRING(struct generator_arguments, behavior, "behavior"),                                            \
        FIELD_TEXTS(struct generator_arguments, literals, "literals"),                                             \
        FIELD_KEYED_PATHS(struct generator_arguments, files, "files"),                                             \
        FIELD_PATHS(struct generator_arguments, envs, "envs"), FIELD_PATH(struct generator_arguments, env, "env"), \
        FIELD_POINTER(struct generator_arguments, options, "options", &generator_options_type)

static const struct field config_map_fields[] = {GENERATOR_FIELDS, FIELD_END};
const struct struct_type config_map_arguments_type = TYPE(generator_arguments, "ConfigMapArgs", config_map_fields);

static const struct field secret_fields[] = {
    GENERATOR_FIELDS,
    FIELD_STRING(struct generator_arguments, type, "type"),
    FIELD_END,
};
const struct struct_type secret_arguments_type = TYPE(generator_arguments, "SecretArgs", secret_fields);

static const struct field field_option_table[] = {
    FIELD_STRING(struct field_options, delimiter, "delimiter"),
    FIELD_INT(struct field_options, index, "index"),
    FIELD_STRING(struct field_options, encoding, "encoding"),
    FIELD_BOOL(struct field_options, create, "create"),
    FIELD_END,
};
static const struct struct_type field_options_type = TYPE(field_options, "FieldOptions", field_option_table);

static const struct field replacement_source_fields[] = {
    FIELD_STRING(struct replacement_source, group, "group"),
    FIELD_STRING(struct replacement_source, version, "version"),
    FIELD_STRING(struct replacement_source, kind, "kind"),
    FIELD_STRING(struct replacement_source, name, "name"),
    FIELD_STRING(struct replacement_source, namespace, "namespace"),
    FIELD_STRING(struct replacement_source, field_path, "fieldPath"),
    FIELD_POINTER(struct replacement_source, options, "options", &field_options_type),
    FIELD_END,
};
static const struct struct_type replacement_source_type =
    TYPE(replacement_source, "SourceSelector", replacement_source_fields);

static const struct field replacement_target_fields[] = {
    FIELD_POINTER(struct replacement_target, select, "select", &selector_type),
    FIELD_LIST(struct replacement_target, reject, "reject", &selector_type),
    FIELD_STRINGS(struct replacement_target, field_paths, "fieldPaths"),
    FIELD_POINTER(struct replacement_target, options, "options", &field_options_type),
    FIELD_END,
};
static const struct struct_type replacement_target_type =
    TYPE(replacement_target, "TargetSelector", replacement_target_fields);

static const struct field replacement_fields[] = {
    FIELD_POINTER(struct replacement, source, "source", &replacement_source_type),
    FIELD_LIST(struct replacement, targets, "targets", &replacement_target_type),
    FIELD_STRING(struct replacement, source_value, "sourceValue"),
    FIELD_PATH(struct replacement, path, "path"),
    FIELD_END,
};
const struct struct_type replacement_type = TYPE(replacement, "ReplacementField", replacement_fields);

static const struct field var_target_fields[] = {
    FIELD_STRING(struct var_target, api_version, "apiVersion"),
    FIELD_STRING(struct var_target, group, "group"),
    FIELD_STRING(struct var_target, version, "version"),
    FIELD_STRING(struct var_target, kind, "kind"),
    FIELD_STRING(struct var_target, name, "name"),
    FIELD_STRING(struct var_target, namespace, "namespace"),
    FIELD_END,
};
static const struct struct_type var_target_type = TYPE(var_target, "Target", var_target_fields);

static const struct field field_reference_fields[] = {
    FIELD_STRING(struct field_reference, field_path, "fieldPath"),
    FIELD_END,
};
static const struct struct_type field_reference_type = TYPE(field_reference, "FieldSelector", field_reference_fields);

static const struct field var_fields[] = {
    FIELD_STRING(struct var, name, "name"),
    FIELD_STRUCT(struct var, object, "objref", &var_target_type),
    FIELD_STRUCT(struct var, field, "fieldref", &field_reference_type),
    FIELD_END,
};
static const struct struct_type var_type = TYPE(var, "Var", var_fields);

static const struct field legacy_sort_fields[] = {
    FIELD_STRINGS(struct legacy_sort_options, order_first, "orderFirst"),
    FIELD_STRINGS(struct legacy_sort_options, order_last, "orderLast"),
    FIELD_END,
};
static const struct struct_type legacy_sort_type = TYPE(legacy_sort_options, "LegacySortOptions", legacy_sort_fields);

static const struct field sort_fields[] = {
    FIELD_STRING(struct sort_options, order, "order"),
    FIELD_POINTER(struct sort_options, legacy, "legacySortOptions", &legacy_sort_type),
    FIELD_END,
};
static const struct struct_type sort_type = TYPE(sort_options, "SortOptions", sort_fields);

static const struct field kustomization_fields[] = {
    FIELD_STRING(struct kustomization, kind, "kind"),
    FIELD_STRING(struct kustomization, api_version, "apiVersion"),
    FIELD_POINTER(struct kustomization, metadata, "metadata", &object_meta_type),
    FIELD_PATH_ENTRY(struct kustomization, openapi, "openapi"),
    FIELD_STRING(struct kustomization, name_prefix, "namePrefix"),
    FIELD_STRING(struct kustomization, name_suffix, "nameSuffix"),
    FIELD_STRING(struct kustomization, namespace, "namespace"),
    FIELD_STRING_MAP(struct kustomization, common_labels, "commonLabels"),
    FIELD_LIST(struct kustomization, labels, "labels", &label_type),
    FIELD_STRING_MAP(struct kustomization, common_annotations, "commonAnnotations"),
    FIELD_PATHS(struct kustomization, patches_strategic_merge, "patchesStrategicMerge"),
    FIELD_LIST(struct kustomization, patches_json6902, "patchesJson6902", &patch_type),
    FIELD_LIST(struct kustomization, patches, "patches", &patch_type),
    FIELD_LIST(struct kustomization, images, "images", &image_type),
    FIELD_LIST(struct kustomization, image_tags, "imageTags", &image_type),
    FIELD_LIST(struct kustomization, replacements, "replacements", &replacement_type),
    FIELD_LIST(struct kustomization, replicas, "replicas", &replica_type),
    FIELD_LIST(struct kustomization, vars, "vars", &var_type),
    FIELD_POINTER(struct kustomization, sort_options, "sortOptions", &sort_type),
    FIELD_PATHS(struct kustomization, resources, "resources"),
    FIELD_PATHS(struct kustomization, components, "components"),
    FIELD_PATHS(struct kustomization, crds, "crds"),
    FIELD_PATHS(struct kustomization, bases, "bases"),
    FIELD_LIST(struct kustomization, config_map_generator, "configMapGenerator", &config_map_arguments_type),
    FIELD_LIST(struct kustomization, secret_generator, "secretGenerator", &secret_arguments_type),
    FIELD_POINTER(struct kustomization, helm_globals, "helmGlobals", &helm_globals_type),
    FIELD_LIST(struct kustomization, helm_charts, "helmCharts", &helm_chart_type),
    FIELD_LIST(struct kustomization, helm_chart_inflation_generator, "helmChartInflationGenerator",
               &helm_chart_args_type),
    FIELD_POINTER(struct kustomization, generator_options, "generatorOptions", &generator_options_type),
    FIELD_PATHS(struct kustomization, configurations, "configurations"),
    FIELD_PATHS(struct kustomization, generators, "generators"),
    FIELD_PATHS(struct kustomization, transformers, "transformers"),
    FIELD_PATHS(struct kustomization, validators, "validators"),
    FIELD_STRINGS(struct kustomization, build_metadata, "buildMetadata"),
    FIELD_END,
};
const struct struct_type kustomization_type = TYPE(kustomization, "Kustomization", kustomization_fields);

/* Deprecated fields and their successors, in the order of kustomize's warnings. */
static const struct deprecation {
    size_t list; /* offset of the struct list */
    const char *name, *successor, *remark;
} deprecations[] = {
    {offsetof(struct kustomization, bases), "bases", "resources", ""},
    {offsetof(struct kustomization, common_labels), "commonLabels", "labels", ""},
    {offsetof(struct kustomization, image_tags), "imageTags", "images", ""},
    {offsetof(struct kustomization, patches_json6902), "patchesJson6902", "patches", ""},
    {offsetof(struct kustomization, patches_strategic_merge), "patchesStrategicMerge", "patches", ""},
    {offsetof(struct kustomization, vars), "vars", "replacements", "[EXPERIMENTAL] "},
};

static const struct list *list_at(const struct kustomization *kustomization, size_t offset)
{
    return (const struct list *)(const void *)((const char *)kustomization + offset);
}

const char *kustomization_successor(const char *field)
{
    for (size_t i = 0; i < sizeof deprecations / sizeof *deprecations; i++)
        if (strcmp(deprecations[i].name, field) == 0)
            return deprecations[i].successor;
    return NULL;
}

static void warn_of_deprecated(const struct kustomization *kustomization, struct text *warnings)
{
    for (size_t i = 0; i < sizeof deprecations / sizeof *deprecations; i++)
        if (list_at(kustomization, deprecations[i].list)->node)
            text_format(warnings,
                        "# Warning: '%s' is deprecated. Please use '%s' instead. %sRun 'kustomize edit fix' to update "
                        "your Kustomization automatically.\n",
                        deprecations[i].name, deprecations[i].successor, deprecations[i].remark);
}

static void append_list(struct arena *arena, struct list *list, struct list *more, size_t item_size)
{
    struct list empty = {0};
    if (more->count) {
        char *items = arena_alloc(arena, memory_product(list->count + more->count, item_size));
        if (list->count)
            memcpy(items, list->items, list->count * item_size);
        memcpy(items + list->count * item_size, more->items, more->count * item_size);
        list->items = items;
        list->count += more->count;
        if (!list->node)
            list->node = more->node;
    }
    *more = empty;
}

static void move_env(struct arena *arena, struct list *generators)
{
    struct generator_arguments *items = generators->items;
    for (size_t i = 0; i < generators->count; i++) {
        if (!items[i].env || !*items[i].env)
            continue;
        struct list one = {&items[i].env, 1, items[i].node};
        append_list(arena, &items[i].envs, &one, sizeof(const char *));
        items[i].env = NULL;
    }
}

/* A var may lack a name; it is then never replaced, and kustomize says so. */
static void name_vars(const struct list *vars)
{
    struct var *items = vars->items;
    for (size_t i = 0; i < vars->count; i++)
        if (!items[i].name)
            items[i].name = "";
}

static void move_deprecated(struct arena *arena, struct kustomization *kustomization)
{
    append_list(arena, &kustomization->resources, &kustomization->bases, sizeof(const char *));
    append_list(arena, &kustomization->images, &kustomization->image_tags, sizeof(struct image));
    move_env(arena, &kustomization->config_map_generator);
    move_env(arena, &kustomization->secret_generator);
    if (kustomization->helm_chart_inflation_generator.count)
        helm_convert_args(arena, &kustomization->helm_chart_inflation_generator, &kustomization->helm_charts,
                          &kustomization->helm_globals);
    kustomization->helm_chart_inflation_generator = (struct list){0};
    name_vars(&kustomization->vars);
}

static bool is_set(const struct kustomization *kustomization, const struct field *field)
{
    const void *value = (const char *)kustomization + field->offset;
    switch (field->kind) {
    case FIELD_IS_STRING:
        return *(const char *const *)value && **(const char *const *)value;
    case FIELD_IS_LIST:
    case FIELD_IS_STRING_MAP:
        return ((const struct list *)value)->node != NULL;
    default:
        return *(const void *const *)value != NULL;
    }
}

/* Nothing but kind and apiVersion: kustomize refuses that, but accepts `resources: []`. */
static bool is_empty(const struct kustomization *kustomization)
{
    for (const struct field *field = kustomization_fields; field->name; field++)
        if (strcmp(field->name, "kind") != 0 && strcmp(field->name, "apiVersion") != 0 && is_set(kustomization, field))
            return false;
    return true;
}

static bool check_type(const struct kustomization *kustomization, struct error *error)
{
    bool is_component = strcmp(kustomization->kind, "Component") == 0;
    if (!is_component && strcmp(kustomization->kind, "Kustomization") != 0)
        return error_at(error, field_origin(kustomization->node, "kind"),
                        "kind should be Kustomization or Component, not '%s'", kustomization->kind);
    const char *version = is_component ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
    if (strcmp(kustomization->api_version, version) != 0)
        return error_at(error, field_origin(kustomization->node, "apiVersion"),
                        "apiVersion for %s should be %s, not '%s'", kustomization->kind, version,
                        kustomization->api_version);
    return true;
}

static void set_defaults(struct kustomization *kustomization)
{
    if (!kustomization->kind || !*kustomization->kind)
        kustomization->kind = "Kustomization";
    if (!kustomization->api_version || !*kustomization->api_version)
        kustomization->api_version = strcmp(kustomization->kind, "Component") == 0 ? "kustomize.config.k8s.io/v1alpha1"
                                                                                   : "kustomize.config.k8s.io/v1beta1";
}

bool kustomization_parse(struct tree *tree, const struct yaml_text *text, struct node **root, struct error *error)
{
    if (parse_yaml11(tree, text, root, error))
        return true;
    error_wrap(error, "invalid Kustomization");
    return false;
}

const struct kustomization *kustomization_read(struct tree *tree, const char *file, const struct node *root,
                                               struct text *warnings, struct error *error)
{
    struct kustomization *kustomization = ARENA_NEW(tree->arena, struct kustomization);
    if (root && !node_is_null(root) && !decode(tree, root, &kustomization_type, DECODE_AS_GO, kustomization, error)) {
        error_wrap(error, "invalid Kustomization");
        return NULL;
    }
    warn_of_deprecated(kustomization, warnings);
    set_defaults(kustomization);
    move_deprecated(tree->arena, kustomization);
    if (is_empty(kustomization)) {
        error_in(error, (struct place){file, 1, 1}, "kustomization.yaml is empty: expected a field such as resources");
        return NULL;
    }
    return check_type(kustomization, error) ? kustomization : NULL;
}

struct field_specs field_specs_from(struct arena *arena, const struct list *decoded)
{
    struct field_spec *specs = ARENA_ARRAY(arena, decoded->count, struct field_spec);
    for (size_t i = 0; i < decoded->count; i++) {
        const struct field_spec_fields *from = (const struct field_spec_fields *)decoded->items + i;
        specs[i] = (struct field_spec){
            {from->group ? from->group : "", from->version ? from->version : "", from->kind ? from->kind : ""},
            from->path ? from->path : "",
            from->create,
        };
    }
    return (struct field_specs){specs, decoded->count};
}
