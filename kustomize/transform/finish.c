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

/* Whether `buildMetadata` lists an option; `at` is where. */
static bool asks_for(const struct kustomization *kustomization, const char *option, origin *at)
{
    const char *const *items = kustomization->build_metadata.items;
    *at = 0;
    for (size_t i = 0; i < kustomization->build_metadata.count; i++)
        if (strcmp(items[i], option) == 0) {
            *at = list_origin(&kustomization->build_metadata, i);
            return true;
        }
    return false;
}

static const char managed_by_label[] = "app.kubernetes.io/managed-by";

/* `at`: where it is asked for. A label that kustomize has added to several maps at once is one value: all of them
 * change. */
static bool add_managed_by(struct tree *tree, struct resource *resource, origin at, struct error *error)
{
    struct node *metadata = tree_demand_map(tree, tree_own(tree, &resource->root), &key_metadata);
    struct node *labels = metadata ? tree_demand_map(tree, metadata, &key_labels) : NULL;
    const struct node *old = node_get(metadata, &key_labels);
    if (!labels)
        return !old || demand_kind(old, NODE_MAP, error);
    const struct writer_part part = {
        .size = WHOLE_VALUE, .from = at, .computed = "buildMetadata asks for managedByLabel"};
    struct node *value = tree_string(tree, "kustomize-" KUSTOMIZE_VERSION);
    written_new(tree, value, "buildMetadata", &part, 1);
    const struct node *before = node_find(labels, managed_by_label);
    value->twins = node_is_scalar(before) ? before->twins : 0;
    tree_set_named(tree, labels, managed_by_label, value);
    tree_write_twins(tree, &resource->root, value);
    return true;
}

static void note_annotation(struct tree *tree, struct node *annotations, const char *name, origin at)
{
    for (uint32_t i = 0; at && node_is_map(annotations) && i < annotations->count; i++) {
        struct entry *entry = &annotations->entries[i];
        if (strcmp(entry->key->text, name) != 0 || entry->value->kind != NODE_SCALAR || entry->value->origin)
            continue;
        tree_own(tree, &entry->value);
        written_computed(tree, entry->value, "buildMetadata", at, "buildMetadata asks for it");
    }
}

/* Says of the annotations that kustomize has made who asks for them. */
static void note_annotations(struct tree *tree, struct resource *resource, origin origins_at, origin transformations_at)
{
    struct node *annotations = resource_own_annotations(tree, resource);
    note_annotation(tree, annotations, "config.kubernetes.io/origin", origins_at);
    note_annotation(tree, annotations, "alpha.config.kubernetes.io/transformations", transformations_at);
}

bool finish_metadata(struct kust_target *target, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct tree *tree = target->render->tree;
    const struct kustomization *kustomization = target->kustomization;
    origin origins_at, transformations_at, managed_by_at;
    bool origins = asks_for(kustomization, "originAnnotations", &origins_at);
    bool transformations = asks_for(kustomization, "transformerAnnotations", &transformations_at);
    bool managed_by = asks_for(kustomization, "managedByLabel", &managed_by_at);
    managed_by = managed_by || target->render->options->managed_by_label;
    bool refuse = target->render->options->refuse_build_annotations;
    for (size_t i = 0; i < resources->count; i++) {
        if (refuse && !history_check(resources->items[i], error))
            return false;
        if (managed_by && !add_managed_by(tree, resources->items[i], managed_by_at, error))
            return false;
        notice_joined_annotations(target->render, resources->items[i]);
        finish_annotations(tree, resources->items[i], origins, transformations);
        if (tree->writers && (origins || transformations))
            note_annotations(tree, resources->items[i], origins_at, transformations_at);
    }
    return true;
}
