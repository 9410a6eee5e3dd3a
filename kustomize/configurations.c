/* configurations.c: reads the field specs that `configurations` and `crds` add to the builtin ones.
 *
 * Source: api/internal/plugins/builtinconfig/loaddefaultconfig.go */
#include <string.h>

#include "kustomize/accumulate.h"
#include "kustomize/crds.h"
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/transformers.h"

struct reference_fields {
    const char *group, *version, *kind;
    struct list field_specs; /* of struct field_spec_fields */
};

static const struct field reference_table[] = {
    FIELD_STRING(struct reference_fields, group, "group"),
    FIELD_STRING(struct reference_fields, version, "version"),
    FIELD_STRING(struct reference_fields, kind, "kind"),
    FIELD_LIST(struct reference_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type reference_type = {"NameBackReferences", sizeof(struct reference_fields),
                                                  reference_table, -1};

/* A configuration file. The lists, but for name_references, are in the order of `lists` below. */
struct config_file {
    struct list name_prefix, name_suffix, namespace, common_labels, labels, template_labels,
        volume_claim_template_labels, common_annotations, images, replicas, var_references; /* of field_spec_fields */
    struct list name_references; /* of struct reference_fields */
};

#define SPECS(member, name) FIELD_LIST(struct config_file, member, name, &field_spec_type)

static const struct field file_fields[] = {
    SPECS(name_prefix, "namePrefix"),
    SPECS(name_suffix, "nameSuffix"),
    SPECS(namespace, "namespace"),
    SPECS(common_labels, "commonLabels"),
    SPECS(labels, "labels"),
    SPECS(template_labels, "templateLabels"),
    SPECS(volume_claim_template_labels, "volumeClaimTemplateLabels"),
    SPECS(common_annotations, "commonAnnotations"),
    SPECS(images, "images"),
    SPECS(replicas, "replicas"),
    SPECS(var_references, "varReference"),
    FIELD_LIST(struct config_file, name_references, "nameReference", &reference_type),
    FIELD_END,
};
static const struct struct_type file_type = {"TransformerConfig", sizeof(struct config_file), file_fields, -1};

static struct name_references name_references_from(struct arena *arena, const struct list *decoded)
{
    struct name_reference *items = ARENA_ARRAY(arena, decoded->count, struct name_reference);
    for (size_t i = 0; i < decoded->count; i++) {
        const struct reference_fields *from = (const struct reference_fields *)decoded->items + i;
        items[i].referred = (struct gvk){from->group ? from->group : "", from->version ? from->version : "",
                                         from->kind ? from->kind : ""};
        items[i].referrers = field_specs_from(arena, &from->field_specs);
    }
    return (struct name_references){items, decoded->count};
}

static struct config config_from(struct arena *arena, const struct config_file *file)
{
    return (struct config){
        .name_prefix = field_specs_from(arena, &file->name_prefix),
        .name_suffix = field_specs_from(arena, &file->name_suffix),
        .namespace = field_specs_from(arena, &file->namespace),
        .common_labels = field_specs_from(arena, &file->common_labels),
        .labels = field_specs_from(arena, &file->labels),
        .template_labels = field_specs_from(arena, &file->template_labels),
        .volume_claim_template_labels = field_specs_from(arena, &file->volume_claim_template_labels),
        .common_annotations = field_specs_from(arena, &file->common_annotations),
        .images = field_specs_from(arena, &file->images),
        .replicas = field_specs_from(arena, &file->replicas),
        .var_references = field_specs_from(arena, &file->var_references),
        .name_references = name_references_from(arena, &file->name_references),
    };
}

typedef bool config_reader(struct render *render, const struct node *root, struct config *out, struct error *error);

static bool read_configuration(struct render *render, const struct node *root, struct config *out, struct error *error)
{
    struct config_file file = {0};
    if (!decode(render->tree, root, &file_type, DECODE_AS_GO, &file, error))
        return false;
    *out = config_from(render->arena, &file);
    config_sort(render->arena, out);
    return true;
}

/* kustomize reads configurations strictly (builtinconfig/loaddefaultconfig.go), and CRDs not. */
static bool has_unique_keys(struct render *render, const struct yaml_text *text, struct error *error)
{
    struct node *ignored = NULL;
    if (parse_first(render->tree, text, &ignored, error) || error->kind != ERROR_DUPLICATE_KEY) {
        error_free(error);
        return true;
    }
    return false;
}

static bool read_file(struct kust_target *target, const char *path, config_reader *reader, struct config *out,
                      struct error *error)
{
    struct render *render = target->render;
    struct yaml_text text;
    struct node *root;
    if (!kust_target_read_document(target, path, &text, &root, error) ||
        (reader == read_configuration && !has_unique_keys(render, &text, error)))
        return false;
    *out = (struct config){0};
    return !root || node_is_null(root) || reader(render, root, out, error);
}

/* All files of a field, merged in their order. */
static bool read_files(struct kust_target *target, const struct list *paths, config_reader *reader, struct config *out,
                       struct error *error)
{
    const char *const *items = paths->items;
    *out = (struct config){0};
    for (size_t i = 0; i < paths->count; i++) {
        struct config file;
        const struct config *merged = NULL;
        if (read_file(target, items[i], reader, &file, error))
            merged = config_merge(target->render->tree, out, &file, error);
        if (!merged) {
            error_locate_at(error, list_origin(paths, i));
            return false;
        }
        *out = *merged;
    }
    return true;
}

static bool accumulate_config(struct kust_target *target, const struct config *config, struct error *error)
{
    struct accumulator *accumulator = target->accumulator;
    accumulator->config = config_merge(target->render->tree, accumulator->config, config, error);
    return accumulator->config != NULL;
}

static bool failed_reading(struct kust_target *target, const char *field, const char *doing, struct error *error)
{
    error_wrap(error, "%s", doing);
    error_locate_at(error, field_origin(target->kustomization->node, field));
    return false;
}

bool merge_configurations(struct kust_target *target, struct error *error)
{
    const struct kustomization *kustomization = target->kustomization;
    const struct config *all = config_builtin();
    struct config custom, crds;
    if (!read_files(target, &kustomization->configurations, read_configuration, &custom, error))
        return failed_reading(target, "configurations", "configurations", error);
    all = config_merge(target->render->tree, all, &custom, error);
    if (!all || !accumulate_config(target, all, error))
        return failed_reading(target, "configurations", "merging configurations", error);
    if (!read_files(target, &kustomization->crds, read_crds, &crds, error))
        return failed_reading(target, "crds", "loading CRDs", error);
    return accumulate_config(target, &crds, error) || failed_reading(target, "crds", "merging CRDs", error);
}
