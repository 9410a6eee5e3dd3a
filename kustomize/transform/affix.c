/* affix.c: adds a prefix or a suffix to names.
 *
 * Source: api/internal/builtins/PrefixTransformer.go, SuffixTransformer.go, api/filters/prefix, api/filters/suffix */
#include "kustomize/transform/affix.h"

#include <string.h>

#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/transformers.h"

/* Kinds whose names others rely on. */
static const struct gvk skipped_kinds[] = {
    {"", "", "CustomResourceDefinition"},
    {"apiregistration.k8s.io", "", "APIService"},
    {"", "", "Namespace"},
};

static bool is_skipped(const struct gvk *gvk)
{
    for (size_t i = 0; i < sizeof skipped_kinds / sizeof *skipped_kinds; i++)
        if (gvk_selected_by(gvk, &skipped_kinds[i]))
            return true;
    return false;
}

/* The old name from where it stood, and the affix from the kustomization. */
static void note_parts(const struct affix *affix, const struct node *name, struct writer_part parts[2])
{
    size_t size = strlen(affix->text);
    const struct writer_part affixed = {
        .start = affix->suffix ? name->count : 0, .size = size, .from = affix->origin, .from_size = size};
    const struct writer_part kept = {
        .start = affix->suffix ? 0 : size, .size = name->count, .from = name->origin, .from_size = name->count};
    parts[0] = affix->suffix ? kept : affixed;
    parts[1] = affix->suffix ? affixed : kept;
}

static bool join_affix(void *context, const struct found_field *field, struct error *error)
{
    const struct affix *affix = context;
    if (!demand_kind(field->node, NODE_SCALAR, error))
        return false;
    struct text joined = {0};
    text_string(&joined, affix->suffix ? "" : affix->text);
    text_bytes(&joined, field->node->text, field->node->count);
    text_string(&joined, affix->suffix ? affix->text : "");
    struct writer_part parts[2];
    struct new_scalar value = {
        text_content(&joined), joined.size, TAG_NONE, affix->suffix ? "nameSuffix" : "namePrefix", 0, parts, 2};
    if (field->tree->writers)
        note_parts(affix, field->node, parts);
    bool ok = set_found_scalar(field, &value, error);
    text_free(&joined);
    return ok;
}

static void note_affix(struct arena *arena, struct resource *resource, const struct affix *affix)
{
    if (!*affix->text)
        return;
    string_list_add(arena, affix->suffix ? &resource->suffixes : &resource->prefixes, affix->text);
    resource_store_past_id(arena, resource);
}

/* One resource; `paths` holds each spec compiled by itself, because a name's old id is noted spec by spec. */
static bool add_to_resource(struct kust_target *target, struct resource *resource, const struct affix *affix,
                            struct field_paths **paths, struct error *error)
{
    struct resource_id original = resource_original_id(resource);
    if (is_skipped(&original.gvk))
        return true;
    if (!tree_count_steps(target->render->tree, affix->specs.count / 4, error))
        return false;
    for (size_t i = 0; i < affix->specs.count; i++) {
        const struct field_spec *spec = &affix->specs.items[i];
        if (!gvk_selected_by(&original.gvk, &spec->gvk))
            continue;
        if (strcmp(spec->path, "metadata/name") == 0)
            note_affix(target->render->arena, resource, affix);
        if (!field_paths_visit(paths[i], resource, CREATE_STRING, join_affix, (void *)(uintptr_t)affix, error))
            return false;
        resources_refresh(kust_target_resources(target), resource);
    }
    return true;
}

bool add_affix(struct kust_target *target, const struct affix *affix, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct tree *tree = target->render->tree;
    struct field_paths **paths = ARENA_ARRAY(tree->arena, affix->specs.count, struct field_paths *);
    for (size_t i = 0; i < affix->specs.count; i++)
        paths[i] = field_paths_compile(tree, (struct field_specs){&affix->specs.items[i], 1});
    for (size_t i = 0; i < resources->count; i++)
        if (!add_to_resource(target, resources->items[i], affix, paths, error))
            return false;
    return true;
}

struct affix_fields {
    const char *text;
    struct list field_specs; /* of struct field_spec_fields */
};

static const struct field prefix_fields[] = {
    FIELD_STRING(struct affix_fields, text, "prefix"),
    FIELD_LIST(struct affix_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type prefix_type = {"PrefixTransformerPlugin", sizeof(struct affix_fields), prefix_fields,
                                               -1};

static const struct field suffix_fields[] = {
    FIELD_STRING(struct affix_fields, text, "suffix"),
    FIELD_LIST(struct affix_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type suffix_type = {"SuffixTransformerPlugin", sizeof(struct affix_fields), suffix_fields,
                                               -1};

bool add_configured_affix(struct kust_target *target, const struct node *config, bool suffix, struct error *error)
{
    struct affix_fields fields = {0};
    struct tree *tree = target->render->tree;
    if (!decode(tree, config, suffix ? &suffix_type : &prefix_type, DECODE_AS_GO_LENIENT, &fields, error))
        return false;
    if (!fields.field_specs.node)
        return error_at(error, config->origin, "fieldSpecs is not expected to be nil");
    struct affix affix = {fields.text ? fields.text : "", suffix, field_origin(config, suffix ? "suffix" : "prefix"),
                          field_specs_from(tree->arena, &fields.field_specs)};
    return add_affix(target, &affix, error);
}
