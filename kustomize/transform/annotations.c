/* annotations.c: sets commonAnnotations.
 *
 * Source: api/internal/builtins/AnnotationsTransformer.go, api/filters/annotations */
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/transformers.h"

bool add_annotations(struct kust_target *target, struct error *error)
{
    const struct list *pairs = &target->kustomization->common_annotations;
    if (!pairs->count)
        return true;
    return set_entries(target, pairs, target->accumulator->config->common_annotations, "AnnotationsTransformer", error);
}

struct annotation_fields {
    struct list annotations; /* of struct pair */
    struct list field_specs; /* of struct field_spec_fields */
};

static const struct field plugin_fields[] = {
    FIELD_STRING_MAP(struct annotation_fields, annotations, "annotations"),
    FIELD_LIST(struct annotation_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"AnnotationsTransformerPlugin", sizeof(struct annotation_fields),
                                               plugin_fields, -1};

bool annotations_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct annotation_fields fields = {0};
    if (!plugin_decode(target, config, &plugin_type, &fields, error))
        return false;
    return set_entries(target, &fields.annotations, field_specs_from(target->render->arena, &fields.field_specs),
                       "AnnotationsTransformer", error);
}
