/* Field specs: which fields of which kinds the transformers touch (kustomize's TransformerConfig).
 *
 * The builtin ones are const tables (kustomize/specs/field_specs.c); a kustomization's `configurations` and `crds` add
 * to them. */
#ifndef KUSTOMIZE_CONFIG_H
#define KUSTOMIZE_CONFIG_H

#include "base/error.h"
#include "kustomize/resource/resource.h"

/* A path through maps, lists being passed through: spec/template/spec/containers/image. `\/` is a slash within a name,
 * a name that ends with [] must be a list. Empty group, version or kind match any. */
struct field_spec {
    struct gvk gvk;
    const char *path;
    bool create;
};

struct field_specs {
    const struct field_spec *items;
    size_t count;
};

/* Which fields refer to resources of one kind by name. */
struct name_reference {
    struct gvk referred;
    struct field_specs referrers;
};

struct name_references {
    const struct name_reference *items;
    size_t count;
};

struct config {
    struct field_specs name_prefix, name_suffix, namespace, common_labels, labels, template_labels,
        volume_claim_template_labels, common_annotations, images, replicas, var_references;
    struct name_references name_references;
};

/* kustomize's defaults, sorted as it sorts them. */
const struct config *config_builtin(void);

/* Whether this is one of its lists, and not a merged one. */
bool config_is_builtin_list(const void *items);

/* Adds all of `other` that `config` does not have, sorted; the same path with another `create` is an error:
 * "conflicting fieldspecs". Both are sorted. The result may be one of them. */
const struct config *config_merge(struct tree *tree, const struct config *config, const struct config *other,
                                  struct error *error);

/* The same for one list, in order and not sorted. A spec that selects more than one that is there counts as there. */
bool field_specs_merge(struct tree *tree, struct field_specs specs, struct field_specs more, struct field_specs *out,
                       struct error *error);

/* Adds `more` to the fields that refer to one kind. */
bool name_references_merge(struct tree *tree, struct name_references references, struct name_references more,
                           struct name_references *out, struct error *error);

/* Puts every list of a config in kustomize's order; what is equal keeps its order. */
void config_sort(struct arena *arena, struct config *config);

#endif
