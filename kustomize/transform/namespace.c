/* namespace.c: puts resources into the `namespace`.
 *
 * Source: api/internal/builtins/NamespaceTransformer.go, api/filters/namespace */
#include "kustomize/transform/namespace.h"

#include <string.h>

#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/transformers.h"

/* Both are handled apart from the field specs. */
static const char namespace_path[] = "metadata/namespace", name_path[] = "metadata/name";

struct setter {
    struct kust_target *target;
    const struct namespace_settings *settings;
    struct field_paths *own, *subjects; /* metadata.namespace; subjects */
    struct field_paths *core, *other;   /* the specs for resources of apiVersion v1, and for all others */
};

static bool is_role_binding(const char *kind)
{
    return strcmp(kind, "RoleBinding") == 0 || strcmp(kind, "ClusterRoleBinding") == 0;
}

static bool is_left_alone(const struct node *node, const struct namespace_settings *settings)
{
    return settings->unset_only && node->kind == NODE_SCALAR && !node_is_null(node) && node->count;
}

static struct new_scalar new_namespace(const struct namespace_settings *settings)
{
    return (struct new_scalar){.text = settings->namespace,
                               .size = strlen(settings->namespace),
                               .tag = TAG_STRING,
                               .step = "namespace",
                               .from = settings->origin};
}

static bool set_field(void *context, const struct found_field *field, struct error *error)
{
    const struct namespace_settings *settings = ((const struct setter *)context)->settings;
    if (is_left_alone(field->node, settings))
        return true;
    const struct new_scalar value = new_namespace(settings);
    return set_found_scalar(field, &value, error);
}

/* Whether the namespace of a subject follows: by its name or by its kind, as the mode says. */
static bool is_chosen(const struct node *subject, const struct namespace_settings *settings, bool *chosen,
                      struct error *error)
{
    bool by_kind = settings->subjects == SUBJECTS_ACCOUNTS;
    const struct node *value = node_get(subject, by_kind ? &key_kind : &key_name);
    *chosen = false;
    if (node_is_null(subject))
        return true;
    if (!demand_kind(subject, NODE_MAP, error))
        return false;
    if (!value || node_is_null(value))
        return true;
    if (!demand_kind(value, NODE_SCALAR, error))
        return false;
    *chosen = node_equals(value, by_kind ? "ServiceAccount" : "default");
    return true;
}

static bool set_subject(struct tree *tree, struct node *subject, const struct namespace_settings *settings,
                        struct error *error)
{
    struct node *value = tree_own_value(tree, subject, &key_namespace);
    if (!value) {
        value = tree_plain(tree, "");
        value->origin = subject->origin;
        tree_set(tree, subject, &key_namespace, value);
    }
    if (is_left_alone(value, settings))
        return true;
    const struct new_scalar wanted = new_namespace(settings);
    return set_owned_scalar(tree, value, &wanted, error);
}

/* Users and groups have no namespace, but kustomize chooses by the name alone. */
static void notice_account(struct render *render, const struct node *subject)
{
    const struct node *kind = node_get(subject, &key_kind);
    if (wants_notices(render) && kind && node_is_scalar(kind) && !node_equals(kind, "ServiceAccount"))
        render_notice(render, RA733, field_origin(subject, "name"),
                      "the subject '%s' of kind %s gets a namespace, because its name is that of the default account",
                      node_text(node_get(subject, &key_name)), kind->text);
}

/* Whether anything of this build is or was in a namespace. */
static bool has_namespace(const struct resources *resources, const char *namespace)
{
    for (size_t i = 0; i < resources->count; i++) {
        const struct resource *resource = resources->items[i];
        if (strcmp(resource->id.namespace, namespace) == 0)
            return true;
        for (size_t k = 0; k < resource->past_count; k++)
            if (strcmp(resource->past[k].namespace, namespace) == 0)
                return true;
    }
    return false;
}

/* Every account with the name `default` is taken for one of the build. */
static void notice_stranger(const struct setter *setter, const struct node *subject)
{
    struct render *render = setter->target->render;
    const struct node *value = node_get(subject, &key_namespace);
    if (!wants_notices(render) || !node_is_scalar(value) || node_is_null(value) || !value->count ||
        strcmp(value->text, setter->settings->namespace) == 0 || is_left_alone(value, setter->settings) ||
        has_namespace(kust_target_resources(setter->target), value->text))
        return;
    render_notice(render, RA734, value->origin,
                  "the subject '%s' is taken out of namespace '%s', of which this build has nothing, and into '%s'",
                  node_text(node_get(subject, &key_name)), value->text, setter->settings->namespace);
}

static bool set_subjects(void *context, const struct found_field *field, struct error *error)
{
    const struct namespace_settings *settings = ((const struct setter *)context)->settings;
    if (node_is_null(field->node))
        return true;
    if (!demand_kind(field->node, NODE_LIST, error))
        return false;
    for (uint32_t i = 0; i < field->node->count; i++) {
        bool chosen;
        if (!is_chosen(field->node->items[i], settings, &chosen, error))
            return false;
        if (!chosen)
            continue;
        notice_account(((const struct setter *)context)->target->render, field->node->items[i]);
        notice_stranger(context, field->node->items[i]);
        struct node *list = trail_own(field->tree, field->trail);
        if (!set_subject(field->tree, tree_own_item(field->tree, list, i), settings, error))
            return false;
    }
    return true;
}

static bool set_in_resource(struct setter *setter, struct resource *resource, struct error *error)
{
    bool core = strcmp(resource->group_version, "v1") == 0;
    if (!resource->cluster_scoped &&
        !field_paths_visit(setter->own, resource, CREATE_UNTAGGED, set_field, setter, error))
        return false;
    if (is_role_binding(resource->id.gvk.kind) && setter->settings->subjects != SUBJECTS_NONE &&
        !field_paths_visit(setter->subjects, resource, CREATE_NOTHING, set_subjects, setter, error))
        return error_wrap(error, "setting namespace on (cluster)role binding subjects");
    if (!field_paths_visit(core ? setter->core : setter->other, resource, CREATE_STRING, set_field, setter, error))
        return error_wrap(error, "namespace transformation failed");
    resources_refresh(kust_target_resources(setter->target), resource);
    return true;
}

/* What the specs are for, less what is handled apart. */
static struct field_specs remaining_specs(struct arena *arena, struct field_specs specs, bool core)
{
    struct field_spec *kept = ARENA_ARRAY(arena, specs.count, struct field_spec);
    size_t count = 0;
    for (size_t i = 0; i < specs.count; i++) {
        const char *path = specs.items[i].path;
        if (strcmp(path, namespace_path) == 0 || (!core && strcmp(path, name_path) == 0) ||
            (is_role_binding(specs.items[i].gvk.kind) && strcmp(path, "subjects/namespace") == 0))
            continue;
        kept[count++] = specs.items[i];
    }
    return (struct field_specs){kept, count};
}

static struct setter setter_for(struct kust_target *target, const struct namespace_settings *settings)
{
    static const struct field_spec own = {{"", "", ""}, "metadata/namespace", true};
    static const struct field_spec subjects = {{"", "", ""}, "subjects", false};
    struct tree *tree = target->render->tree;
    return (struct setter){
        .target = target,
        .settings = settings,
        .own = field_paths_compile(tree, (struct field_specs){&own, 1}),
        .subjects = field_paths_compile(tree, (struct field_specs){&subjects, 1}),
        .core = field_paths_compile(tree, remaining_specs(tree->arena, settings->specs, true)),
        .other = field_paths_compile(tree, remaining_specs(tree->arena, settings->specs, false)),
    };
}

bool set_namespace_of(struct kust_target *target, struct resource *const *items, size_t count,
                      const struct namespace_settings *settings, struct error *error)
{
    struct setter setter = setter_for(target, settings);
    for (size_t i = 0; i < count; i++)
        if (!set_in_resource(&setter, items[i], error))
            return false;
    return true;
}

/* What a resource was before the last change of its id, if there was any. */
static struct resource_id last_id(const struct resource *resource)
{
    return resource->past_count ? resource_past_id(resource, resource->past_count - 1) : resource->id;
}

static bool report_conflict(const struct resource *resource, const struct resource_matches *matches,
                            struct error *error)
{
    struct text ids = {0};
    for (size_t i = 0; i < matches->count; i++) {
        if (i)
            text_byte(&ids, ' ');
        struct resource_id before = last_id(matches->items[i]);
        id_write(&before, &ids);
    }
    error_at(error, resource->root->origin,
             "namespace transformation produces ID conflict: [%s] would be the same in namespace '%s'",
             text_content(&ids), resource->id.namespace);
    text_free(&ids);
    return false;
}

/* helm was given the namespace and has put it where it belongs. */
static bool is_from_helm(const struct resource *resource)
{
    const char *mark = resource_annotation(resource, "internal.config.kubernetes.io/helm-generated");
    return mark && strcmp(mark, "true") == 0;
}

/* Ids are checked one by one, while the resources behind are still where they were. */
static bool set_everywhere(struct kust_target *target, const struct namespace_settings *settings, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct setter setter = setter_for(target, settings);
    for (size_t i = 0; *settings->namespace && i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        if (node_is_empty(resource->root) || is_from_helm(resource))
            continue;
        resource_store_past_id(target->render->arena, resource);
        if (!set_in_resource(&setter, resource, error))
            return false;
        struct resource_matches matches = resources_by_current_id(resources, &resource->id);
        if (matches.count != 1)
            return report_conflict(resource, &matches, error);
    }
    return kust_target_transformed(target, "NamespaceTransformer", error);
}

bool set_namespace(struct kust_target *target, struct error *error)
{
    const char *namespace = target->kustomization->namespace;
    if (!namespace || !*namespace)
        return true;
    struct namespace_settings settings = {.namespace = namespace,
                                          .origin = field_origin(target->kustomization->node, "namespace"),
                                          .specs = target->accumulator->config->namespace};
    return set_everywhere(target, &settings, error);
}

struct namespace_fields {
    struct object_meta metadata;
    struct list field_specs; /* of struct field_spec_fields */
    bool unset_only;
    const char *subjects;
};

static const struct field plugin_fields[] = {
    FIELD_STRUCT(struct namespace_fields, metadata, "metadata", &object_meta_type),
    FIELD_LIST(struct namespace_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_BOOL(struct namespace_fields, unset_only, "unsetOnly"),
    FIELD_STRING(struct namespace_fields, subjects, "setRoleBindingSubjects"),
    FIELD_END,
};
static const struct struct_type plugin_type = {"NamespaceTransformerPlugin", sizeof(struct namespace_fields),
                                               plugin_fields, -1};

static bool read_mode(const struct node *config, const char *text, enum subject_mode *mode, struct error *error)
{
    static const char *const names[] = {
        [SUBJECTS_DEFAULT] = "defaultOnly", [SUBJECTS_NONE] = "none", [SUBJECTS_ACCOUNTS] = "allServiceAccounts"};
    *mode = SUBJECTS_DEFAULT;
    if (!text || !*text)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        *mode = (enum subject_mode)i;
        if (strcmp(text, names[i]) == 0)
            return true;
    }
    return error_at(error, field_origin(config, "setRoleBindingSubjects"),
                    "invalid value \"%s\" for setRoleBindingSubjects: must be one of \"defaultOnly\", \"none\" or "
                    "\"allServiceAccounts\"",
                    text);
}

bool namespace_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct namespace_fields fields = {0};
    struct namespace_settings settings = {0};
    if (!plugin_decode(target, config, &plugin_type, &fields, error) ||
        !read_mode(config, fields.subjects, &settings.subjects, error))
        return false;
    settings.namespace = fields.metadata.namespace ? fields.metadata.namespace : "";
    settings.origin = field_origin(node_get(config, &key_metadata), "namespace");
    settings.specs = field_specs_from(target->render->arena, &fields.field_specs);
    settings.unset_only = fields.unset_only;
    return set_everywhere(target, &settings, error);
}
