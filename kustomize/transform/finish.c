/* finish.c: the last steps of a render: local-config resources go, build metadata is written or removed. */
#include <string.h>

#include "kustomize/field/field_path.h"
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/options.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/resource/history.h"
#include "yaml/written.h"

static bool is_local(const struct resource *resource)
{
    const struct node *annotations = node_get(node_get(resource->root, &key_metadata), &key_annotations);
    const struct node *value = node_last(annotations, "config.kubernetes.io/local-config");
    return value && !node_equals(value, "false");
}

bool drop_local_config(struct kust_target *target, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    size_t kept = 0;
    for (size_t i = 0; i < resources->count; i++) {
        if (!check_metadata(resources->items[i]->root, error))
            return false;
        resources->items[i]->dropped = is_local(resources->items[i]);
        if (!resources->items[i]->dropped)
            resources->items[kept++] = resources->items[i];
    }
    resources->count = kept;
    return true;
}

static bool asks_for(const struct kustomization *kustomization, const char *option)
{
    const char *const *items = kustomization->build_metadata.items;
    for (size_t i = 0; i < kustomization->build_metadata.count; i++)
        if (strcmp(items[i], option) == 0)
            return true;
    return false;
}

static const char managed_by_label[] = "app.kubernetes.io/managed-by";

/* A label that kustomize has added to several maps at once is one value: all of them change. */
static bool add_managed_by(struct tree *tree, struct resource *resource, struct error *error)
{
    struct node *metadata = tree_demand_map(tree, tree_own(tree, &resource->root), &key_metadata);
    struct node *labels = metadata ? tree_demand_map(tree, metadata, &key_labels) : NULL;
    const struct node *old = node_get(metadata, &key_labels);
    if (!labels)
        return !old || demand_kind(old, NODE_MAP, error);
    static const struct writer_part part = {.size = WHOLE_VALUE, .computed = "buildMetadata asks for managedByLabel"};
    struct node *value = tree_string(tree, "kustomize-" KUSTOMIZE_VERSION);
    written_new(tree, value, "buildMetadata", &part, 1);
    const struct node *before = node_find(labels, managed_by_label);
    value->twins = node_is_scalar(before) ? before->twins : 0;
    tree_set_named(tree, labels, managed_by_label, value);
    tree_write_twins(tree, &resource->root, value);
    return true;
}

bool finish_metadata(struct kust_target *target, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct tree *tree = target->render->tree;
    bool origins = asks_for(target->kustomization, "originAnnotations");
    bool transformations = asks_for(target->kustomization, "transformerAnnotations");
    bool managed_by = target->render->options->managed_by_label || asks_for(target->kustomization, "managedByLabel");
    bool refuse = target->render->options->refuse_build_annotations;
    for (size_t i = 0; i < resources->count; i++) {
        if (refuse && !history_check(resources->items[i], error))
            return false;
        if (managed_by && !add_managed_by(tree, resources->items[i], error))
            return false;
        notice_joined_annotations(target->render, resources->items[i]);
        finish_annotations(tree, resources->items[i], origins, transformations);
    }
    return true;
}
