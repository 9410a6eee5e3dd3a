/* labels.c: sets `labels` and commonLabels, in metadata and, where asked, in templates and selectors.
 *
 * Source: api/internal/target/kusttarget_configplugin.go, api/internal/builtins/LabelTransformer.go,
 * api/filters/labels */
#include <string.h>

#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/transformers.h"

/* The fields of one item: its own, those that `configurations` add to all labels, then what it includes. */
static bool fields_of(struct kust_target *target, const struct label *label, struct field_specs *out,
                      struct error *error)
{
    static const struct field_spec metadata = {{"", "", ""}, "metadata/labels", true};
    struct tree *tree = target->render->tree;
    const struct config *config = target->accumulator->config;
    *out = field_specs_from(tree->arena, &label->fields);
    if (!field_specs_merge(tree, *out, config->labels, out, error))
        return false;
    if (label->include_selectors)
        return field_specs_merge(tree, *out, config->common_labels, out, error);
    if (label->include_templates && !field_specs_merge(tree, *out, config->template_labels, out, error))
        return error_wrap(error, "failed to merge template fieldSpec");
    if (label->include_volume_claim_templates &&
        !field_specs_merge(tree, *out, config->volume_claim_template_labels, out, error))
        return error_wrap(error, "failed to merge volumeClaimTemplate fieldSpec");
    return field_specs_merge(tree, *out, (struct field_specs){&metadata, 1}, out, error);
}

static bool set_item(struct kust_target *target, const struct label *label, struct error *error)
{
    struct field_specs specs;
    struct error cause = {0};
    if (fields_of(target, label, &specs, &cause))
        return set_entries(target, &label->pairs, specs, "LabelTransformer", error);
    error_at(error, label->node->origin, "failed to merge labels: %s", cause.message);
    error_free(&cause);
    return false;
}

/* A selector cannot be changed once its workload is there, and a version changes with each release. */
static void notice_versions(struct render *render, const struct list *pairs)
{
    static const char *const words[] = {"version", "commit",  "revision", "release-date",
                                        "build",   "git-sha", "image-tag"};
    const struct pair *items = pairs->items;
    for (size_t i = 0; wants_notices(render) && i < pairs->count; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (strstr(items[i].key, words[k])) {
                render_notice(render, RA736, field_origin(pairs->node, items[i].key),
                              "the label '%s' goes into selectors, which cannot be changed: the next value is refused",
                              items[i].key);
                break;
            }
}

/* The claims of a StatefulSet's pods cannot be changed either. */
static void notice_claims(struct kust_target *target, const struct list *pairs)
{
    const struct resources *resources = kust_target_resources(target);
    bool any = false;
    for (size_t i = 0; wants_notices(target->render) && !any && i < resources->count; i++)
        any = strcmp(resources->items[i]->id.gvk.kind, "StatefulSet") == 0 &&
              !node_is_empty(node_find(node_get(resources->items[i]->root, &key_spec), "volumeClaimTemplates"));
    if (any)
        notice_versions(target->render, pairs);
}

static const struct node *selector_of(const struct resource *resource)
{
    const struct node *selector = node_find(node_get(resource->root, &key_spec), "selector");
    const struct node *labels = node_find(selector, "matchLabels");
    return node_is_map(labels) ? labels : strcmp(resource->id.gvk.kind, "Service") == 0 ? selector : NULL;
}

/* A selector that had a value of its own for a label. */
static void notice_replaced(struct kust_target *target, const struct list *pairs)
{
    const struct resources *resources = kust_target_resources(target);
    const struct pair *items = pairs->items;
    for (size_t i = 0; wants_notices(target->render) && i < pairs->count; i++)
        for (size_t k = 0; items[i].value && k < resources->count && notice_may(target->render, 1, 1); k++) {
            const char *old = node_text(node_find(selector_of(resources->items[k]), items[i].key));
            if (!old || strcmp(old, items[i].value) == 0)
                continue;
            struct finding *finding =
                render_notice(target->render, RA736, field_origin(pairs->node, items[i].key),
                              "the label '%s' replaces '%s' in the selectors of %s '%s': what is deployed is refused",
                              items[i].key, old, resources->items[k]->id.gvk.kind, resources->items[k]->id.name);
            notice_about(target->render, finding, resources->items[k], "spec.selector");
            if (finding)
                finding->severity = SEVERITY_NOTE;
            break;
        }
}

static bool has_labels(const struct node *labels, const struct node *wanted)
{
    for (uint32_t i = 0; i < wanted->count; i++) {
        const char *text = node_text(node_get(labels, wanted->entries[i].key));
        if (!text ||
            strcmp(text, wanted->entries[i].value->kind == NODE_SCALAR ? wanted->entries[i].value->text : "") != 0)
            return false;
    }
    return true;
}

/* Whether a selector means pods of this kustomization, which get the label as well. */
static bool selects_own(const struct resources *resources, const struct node *selector)
{
    for (size_t i = 0; i < resources->count; i++) {
        const struct node *spec = node_get(resources->items[i]->root, &key_spec);
        const struct node *metadata = node_get(node_find(spec, "template"), &key_metadata);
        if (metadata && has_labels(node_get(metadata, &key_labels), selector))
            return true;
    }
    return false;
}

/* The peers of a NetworkPolicy are other pods. */
static void notice_peers(struct kust_target *target, const struct resource *resource, const struct node *entries,
                         const char *direction, const char *label)
{
    struct render *render = target->render;
    for (uint32_t i = 0; node_is_list(entries) && i < entries->count; i++) {
        const struct node *peers = node_find(entries->items[i], direction);
        for (uint32_t k = 0; node_is_list(peers) && k < peers->count; k++) {
            const struct node *labels = node_find(node_find(peers->items[k], "podSelector"), "matchLabels");
            if (node_is_map(labels) && labels->count && !selects_own(kust_target_resources(target), labels))
                notice_about(render,
                             render_notice(render, RA738, labels->entries[0].origin,
                                           "the label '%s' is added to this selector of other pods: they match only if "
                                           "they have it, too",
                                           label),
                             resource, "podSelector");
        }
    }
}

static void notice_narrowed(struct kust_target *target, const struct list *pairs)
{
    const struct resources *resources = kust_target_resources(target);
    const struct pair *items = pairs->items;
    for (size_t i = 0; wants_notices(target->render) && pairs->count && i < resources->count; i++) {
        const struct resource *resource = resources->items[i];
        const struct node *spec = node_get(resource->root, &key_spec);
        if (strcmp(resource->id.gvk.kind, "NetworkPolicy") != 0)
            continue;
        notice_peers(target, resource, node_find(spec, "ingress"), "from", items[0].key);
        notice_peers(target, resource, node_find(spec, "egress"), "to", items[0].key);
    }
}

bool add_labels(struct kust_target *target, struct error *error)
{
    const struct kustomization *kustomization = target->kustomization;
    const struct label *labels = kustomization->labels.items;
    if (!kustomization->labels.count && !kustomization->common_labels.count)
        return true;
    notice_versions(target->render, &kustomization->common_labels);
    notice_narrowed(target, &kustomization->common_labels);
    notice_replaced(target, &kustomization->common_labels);
    for (size_t i = 0; i < kustomization->labels.count; i++)
        if (labels[i].include_selectors) {
            notice_versions(target->render, &labels[i].pairs);
            notice_narrowed(target, &labels[i].pairs);
            notice_replaced(target, &labels[i].pairs);
        } else if (labels[i].include_volume_claim_templates) {
            notice_claims(target, &labels[i].pairs);
        }
    for (size_t i = 0; i < kustomization->labels.count; i++)
        if (!set_item(target, &labels[i], error))
            return false;
    return set_entries(target, &kustomization->common_labels, target->accumulator->config->common_labels,
                       "LabelTransformer", error);
}

struct label_fields {
    struct list labels;      /* of struct pair */
    struct list field_specs; /* of struct field_spec_fields */
};

static const struct field plugin_fields[] = {
    FIELD_STRING_MAP(struct label_fields, labels, "labels"),
    FIELD_LIST(struct label_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"LabelTransformerPlugin", sizeof(struct label_fields), plugin_fields,
                                               -1};

bool label_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct label_fields fields = {0};
    if (!plugin_decode(target, config, &plugin_type, &fields, error))
        return false;
    return set_entries(target, &fields.labels, field_specs_from(target->render->arena, &fields.field_specs),
                       "LabelTransformer", error);
}
