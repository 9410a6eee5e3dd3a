/* json_patch_apply.c: applies a JSON patch to the resources that a selector finds.
 *
 * Source: kustomize api/internal/builtins/PatchTransformer.go transformJson6902, api/filters/patchjson6902. */
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/selector.h"
#include "kustomize/patch/json_patch.h"
#include "kustomize/patch/notice_patches.h"
#include "kustomize/patch/patch_apply.h"
#include "kustomize/resource/history.h"

/* GetAnnotations takes the items of a list for keys and values in turn. NULL: it crashes, or what it returns cannot be
 * set. */
static struct node *map_of_items(struct tree *tree, const struct node *list)
{
    struct node *map = tree_map(tree);
    for (uint32_t i = 0; i < list->count; i += 2) {
        const char *key = node_text(list->items[i]);
        if (!key || !*key || i + 1 == list->count)
            return NULL;
        tree_set_named(tree, map, key, list->items[i + 1]);
    }
    return map;
}

/* SetAnnotations with what GetAnnotations returned. */
static bool tidy_annotations(struct tree *tree, struct resource *resource, struct error *error)
{
    struct node *metadata = tree_demand_map(tree, resource->root, &key_metadata);
    const struct node *annotations = node_get(metadata, &key_annotations);
    struct node *map = node_is_list(annotations) ? map_of_items(tree, annotations) : NULL;
    if (node_is_list(annotations) && !map)
        return error_at(error, annotations->origin, "metadata/annotations: expected MappingNode but got SequenceNode");
    if (map)
        tree_set(tree, metadata, &key_annotations, map);
    if (metadata)
        metadata_make_texts(tree, metadata, &key_annotations);
    return true;
}

/* A patch that tests all annotations sees those that kustomize keeps its notes in, and kustomize keeps these whatever
 * the patch did. */
static bool patch_resource(struct render *render, const struct json_patch *patch, struct resource *resource,
                           struct error *error)
{
    resource_demand_annotations(render->tree, resource);
    bool shows = json_patch_reads_annotations(patch) && resource_has_history(resource);
    if (shows)
        history_show(render->tree, resource);
    if (!json_patch_apply(render->tree, patch, &resource->root, error)) {
        if (shows)
            error_append(error, ": kustomize keeps notes among the annotations of what it has renamed or generated: "
                                "name one annotation");
        return false;
    }
    if (shows)
        history_hide(render->tree, resource);
    return true;
}

static void notice_patch(struct render *render, const struct json_patch *patch, const struct resource *resource)
{
    notice_rounded_numbers(render, resource->root);
    notice_copies(render, patch, resource);
    notice_positions(render, patch, resource);
    notice_overwritten(render, patch, resource);
}

static bool select_resources(struct kust_target *target, const struct selector_fields *fields,
                             struct resource_matches *out, struct error *error)
{
    struct render *render = target->render;
    struct selector *selector = selector_compile(render->arena, fields, error);
    if (!selector || !selector_select(selector, kust_target_resources(target), render->tree, out, error))
        return false;
    if (!out->count)
        notice_no_target(render, kust_target_resources(target), fields);
    return true;
}

bool patch_apply_json(struct kust_target *target, const struct selector_fields *fields, const struct json_patch *patch,
                      bool store_past_ids, struct error *error)
{
    struct render *render = target->render;
    struct resource_matches selected;
    if (!select_resources(target, fields, &selected, error))
        return false;
    for (size_t i = 0; wants_notices(render) && selected.count && i < json_patch_count(patch); i++)
        notice_rounded_numbers(render, json_patch_value(patch, i));
    for (size_t i = 0; i < selected.count; i++) {
        struct resource *resource = selected.items[i];
        notice_patch(render, patch, resource);
        if (store_past_ids)
            resource_store_past_id(render->arena, resource);
        if (!patch_resource(render, patch, resource, error) || !tidy_annotations(render->tree, resource, error)) {
            error_locate_at(error, fields->node ? fields->node->origin : 0);
            return error_wrap(error, "patching %s", id_text(render->arena, &resource->id));
        }
        resources_refresh(kust_target_resources(target), resource);
    }
    return true;
}
