/* patch_apply.c: applies strategic merge patches to resources.
 *
 * Source: kustomize api/resource/resource.go ApplySmPatch and CopyMergeMetaDataFieldsFrom, api/resmap/reswrangler.go
 * ApplySmPatch and GetById, api/internal/builtins/PatchTransformer.go. */
#include "kustomize/patch/patch_apply.h"

#include <string.h>

#include "base/nearest.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/selector.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/patch/json_patch.h"
#include "kustomize/patch/notice_patches.h"
#include "kustomize/patch/strategic_merge.h"
#include "kustomize/resource/history.h"
#include "yaml/written.h"

static bool removes_all(const struct node *node)
{
    enum directive directive = directive_of_map(node);
    return node && (node_is_null(node) || directive == DIRECTIVE_DELETE || directive == DIRECTIVE_REPLACE);
}

/* kustomize keeps a resource's history in its annotations: a patch that removes them all removes it. */
static bool removes_annotations(const struct node *patch)
{
    const struct node *metadata = node_get(patch, &key_metadata);
    return removes_all(metadata) || removes_all(node_get(metadata, &key_annotations));
}

/* Whether kustomize's setting the text would show: what it sets has no tag. */
static bool differs_in(const struct node *map, const struct key *key, const char *text)
{
    const struct node *value = node_get(map, key);
    return value ? value->tag != TAG_NONE || !node_equals(value, text) : *text != '\0';
}

/* A patch does not rename what it applies to, unless it may. */
static void restore_identity(struct kust_target *target, struct resource *resource, const struct resource *patch,
                             const struct resource_id *before)
{
    struct resources *resources = kust_target_resources(target);
    struct tree *tree = target->render->tree;
    const struct node *metadata = node_get(resource->root, &key_metadata);
    if (!patch->kind_change_allowed && differs_in(resource->root, &key_kind, before->gvk.kind))
        resources_set_kind(resources, tree, resource, before->gvk.kind);
    if (!patch->name_change_allowed && differs_in(metadata, &key_name, before->name))
        resources_set_name(resources, tree, resource, before->name);
    metadata = node_get(resource->root, &key_metadata);
    if (differs_in(metadata, &key_namespace, before->namespace))
        resources_set_namespace(resources, tree, resource, before->namespace);
}

/* By the resource's own kind, else by the patch's in the resource's group and version. */
static const struct schema *schema_for(struct schema_set *schemas, const struct resource *resource,
                                       const struct resource *patch)
{
    const char *api_version = node_text(node_get(patch->root, &key_apiVersion));
    const struct schema *schema = schema_set_find(schemas, resource->group_version, resource->id.gvk.kind);
    if (schema)
        return schema;
    return schema_set_find(schemas, api_version ? api_version : resource->group_version, patch->id.gvk.kind);
}

/* What a patch names its target by is no value that it sets. */
static const struct key *const identity[] = {&key_apiVersion, &key_kind}, *const names[] = {&key_name, &key_namespace};

static void keep_writer(struct tree *tree, struct node *map, const struct node *before, const struct key *key)
{
    const struct node *old = node_get(before, key), *now = node_get(map, key);
    if (node_is_scalar(old) && node_is_scalar(now) && strcmp(old->text, now->text) == 0)
        tree_own_value(tree, map, key)->origin = old->origin;
}

static void keep_writers(struct tree *tree, struct resource *resource, const struct node *before)
{
    if (!tree->writers || !node_is_map(resource->root))
        return;
    struct node *root = tree_own(tree, &resource->root), *metadata = tree_own_value(tree, root, &key_metadata);
    for (size_t i = 0; i < 2; i++) {
        keep_writer(tree, root, before, identity[i]);
        if (metadata)
            keep_writer(tree, metadata, node_get(before, &key_metadata), names[i]);
    }
}

/* A patch's values with "patches" as the step that sets them. */
static struct node *noted_patch(struct tree *tree, struct node *root, struct error *error)
{
    if (!tree->writers)
        return root;
    struct node *copy = tree_copy(tree, root);
    if (!copy) {
        tree_refuse_copy(tree, root->origin, error);
        return NULL;
    }
    written_subtree(tree, copy, "patches");
    tree_share(copy);
    return copy;
}

/* What a merge copies of a document that has to stay as it is: the maps and lists on the way to what a patch says. */
static size_t copied_size(const struct node *before, const struct node *patch, unsigned depth)
{
    if (!before || before->kind == NODE_SCALAR || depth > PARSE_DEEPEST)
        return 1;
    size_t size = before->count;
    for (uint32_t i = 0; node_is_map(before) && node_is_map(patch) && i < patch->count; i++)
        size += copied_size(node_get(before, patch->entries[i].key), patch->entries[i].value, depth + 1);
    return size;
}

bool apply_strategic_merge(struct kust_target *target, struct resource *resource, const struct resource *patch,
                           struct error *error)
{
    struct schema_set *schemas = target->render->schemas;
    struct merge merge = {.tree = target->render->tree,
                          .schemas = schemas,
                          .error = error,
                          .render = target->render,
                          .resource = resource};
    struct resource_id before = resource->id;
    struct node *merged;
    struct tree *tree = target->render->tree;
    const struct node *old_root = tree->writers ? tree_copy(tree, resource->root) : NULL;
    struct node *patch_root = noted_patch(tree, patch->root, error);
    if (!patch_root)
        return false;
    notice_directives(target->render, patch->root);
    if (patch->name_change_allowed || patch->kind_change_allowed)
        resource_store_past_id(target->render->arena, resource);
    if (node_get(node_get(patch->root, &key_metadata), &key_annotations))
        resource_demand_annotations(target->render->tree, resource);
    struct node *old = NULL;
    size_t noticed = wants_notices(target->render) ? target->render->findings->count : 0;
    if (!patch->selects_many && notice_may(target->render, 1, copied_size(resource->root, patch_root, 0))) {
        old = resource->root; /* so that it stays as it is, the merge has to copy it */
        tree_share(old);
    }
    if (!merge_nodes(&merge, resource->root, patch_root, schema_for(schemas, resource, patch), &merged))
        return error_wrap(error, "patching %s", id_text(target->render->arena, &before));
    if (!merged) {
        resource->root = NULL;
        kust_target_resources(target)->may_have_empty = true;
        return true;
    }
    /* kustomize ignores what the merge returns, and with it the replacement of a whole resource. */
    if (directive_of_map(patch->root) == DIRECTIVE_REPLACE) {
        render_notice(target->render, RA712, patch->root->origin,
                      "'$patch: replace' of a whole resource changes nothing: %s '%s' stays as it is", before.gvk.kind,
                      before.name);
        return true;
    }
    resource->root = merged;
    if (node_is_empty(merged)) {
        kust_target_resources(target)->may_have_empty = true;
        return true;
    }
    merge_write_twins(&merge, &resource->root);
    if (removes_annotations(patch->root))
        resource_forget_history(resource);
    restore_identity(target, resource, patch, &before);
    keep_writers(tree, resource, old_root);
    resources_refresh(kust_target_resources(target), resource);
    if (old && target->render->findings->count == noticed) /* else it is told what became of it */
        notice_unchanged(target->render, patch, resource, old);
    return true;
}

struct resource *patch_for_selected(struct tree *tree, const struct resource *patch)
{
    struct resource *copy = resource_copy(tree->arena, patch);
    struct node *root = tree_own(tree, &copy->root), *metadata = tree_demand_map(tree, root, &key_metadata);
    tree_remove(root, &key_apiVersion);
    if (!patch->kind_change_allowed)
        tree_remove(root, &key_kind);
    if (metadata) {
        metadata_make_texts(tree, metadata, &key_labels);
        metadata_make_texts(tree, metadata, &key_annotations);
        if (!*patch->id.namespace)
            tree_remove(metadata, &key_namespace);
    }
    tree_share(root);
    return copy;
}

bool patch_read(struct kust_target *target, const struct yaml_text *text, struct resource_matches *out,
                struct error *error)
{
    if (!kust_target_parse_resources(target, text, out, error))
        return false;
    for (size_t i = 0; i < out->count; i++)
        tree_share(out->items[i]->root);
    return true;
}

/* kustomize notes the options in the patch's annotations, which become texts by that. */
void patch_allow(struct tree *tree, struct resource *patch, const struct patch_options *options)
{
    if (!options || (!options->allow_name_change && !options->allow_kind_change))
        return;
    patch->name_change_allowed = options->allow_name_change;
    patch->kind_change_allowed = options->allow_kind_change;
    struct node *metadata = tree_demand_map(tree, tree_own(tree, &patch->root), &key_metadata);
    if (metadata)
        metadata_make_texts(tree, metadata, &key_annotations);
    tree_share(patch->root);
}

/* A resource without apiVersion gets an empty one from the patch. */
static void complete_resource(struct tree *tree, struct resource *resource)
{
    if (!node_is_empty(resource->root) && !node_get(resource->root, &key_apiVersion))
        tree_set(tree, tree_own(tree, &resource->root), &key_apiVersion, tree_plain(tree, ""));
}

bool patch_apply_to_selected(struct kust_target *target, const struct resource_matches *selected,
                             const struct resource *patch, bool *unique, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    for (size_t i = 0; i < selected->count; i++) {
        struct resource *resource = selected->items[i];
        struct resource_id before = resource->id;
        if (!apply_strategic_merge(target, resource, patch, error))
            return false;
        complete_resource(target->render->tree, resource);
        *unique = *unique && id_equal(&before, &resource->id);
    }
    size_t looked_at = (resources->may_have_empty || !*unique) ? resources->count / 8 : 0;
    resources_drop_empties(resources);
    if (!tree_count_steps(target->render->tree, looked_at, error) ||
        (!*unique && !resources_check_ids(resources, error)))
        return false;
    *unique = true;
    return true;
}

struct resource *patch_find_target(const struct resources *resources, const struct resource *patch, struct error *error)
{
    struct resource_id id = resource_original_id(patch);
    struct resource_matches matches = resources_by_any_id(resources, &id);
    if (matches.count == 1)
        return matches.items[0];
    const struct node *name = node_get(node_get(patch->root, &key_metadata), &key_name);
    const char *text = id_text(resources->arena, &id);
    origin at = name && name->origin ? name->origin : patch->root->origin;
    if (matches.count)
        error_at_kind(error, ERROR_TWICE, at,
                      "no resource matches strategic merge patch \"%s\": multiple matches for this id: %s and %s", text,
                      id_text(resources->arena, &matches.items[0]->id),
                      id_text(resources->arena, &matches.items[1]->id));
    else
        error_at_kind(error, ERROR_ABSENT, at, "no resource matches strategic merge patch \"%s\"%s", text,
                      suggest_id(resources, &id));
    return NULL;
}

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

/* The field of a selector of labels or annotations; NULL: it has none. */
static const char *selector_shown(const struct selector_fields *target)
{
    return target->label_selector ? "labelSelector" : target->annotation_selector ? "annotationSelector" : NULL;
}

static void add_values(struct string_list *values, const struct resources *resources, const struct key *map,
                       const char *key)
{
    for (size_t i = 0; i < resources->count; i++) {
        const struct node *metadata = node_get(resources->items[i]->root, &key_metadata);
        const char *value = node_text(node_find(node_get(metadata, map), key));
        if (value)
            string_list_add(resources->arena, values, value);
    }
    string_list_add(resources->arena, values, NULL);
}

/* What a label or annotation was meant to be, for selectors of one: KEY=VALUE. */
static const char *suggest_label(const struct resources *resources, const struct selector_fields *target)
{
    const char *text = target->label_selector ? target->label_selector : target->annotation_selector;
    size_t size = strcspn(text, "=");
    const char *key = arena_copy(resources->arena, text, size), *value = text + size + strspn(text + size, "= ");
    struct string_list values = {0};
    add_values(&values, resources, target->label_selector ? &key_labels : &key_annotations, key);
    const char *near = text[size] && !strpbrk(text, ",!(") ? nearest_name(value, values.items) : NULL;
    if (near && strcmp(near, value) != 0)
        return arena_format(resources->arena, ", '%s' (did you mean '%s=%s'?)", text, key, near);
    return arena_format(resources->arena, ", '%s'", text);
}

void notice_no_target(struct render *render, const struct resources *resources, const struct selector_fields *target)
{
    if (!wants_notices(render))
        return;
    enum { OF_A_NAME = 50 };
    struct resource_id wanted = {{"", "", target->kind ? target->kind : ""}, target->name ? target->name : "", ""};
    const char *by = selector_shown(target);
    render_notice(render, RA701,
                  field_origin(target->node, target->name ? "name"
                                             : by         ? by
                                                          : "kind"),
                  "the patch changes nothing: no resource matches its target%s%s",
                  target->name || !by ? target_shown(render->arena, target) : "",
                  !notice_may(render, OF_A_NAME, resources->count) ? ""
                  : target->name || !by                            ? suggest_id(resources, &wanted)
                                                                   : suggest_label(resources, target));
}

bool patch_apply_json(struct kust_target *target, const struct selector_fields *fields, const struct json_patch *patch,
                      bool store_past_ids, struct error *error)
{
    struct render *render = target->render;
    struct resources *resources = kust_target_resources(target);
    struct resource_matches selected;
    struct selector *selector = selector_compile(render->arena, fields, error);
    if (!selector || !selector_select(selector, resources, render->tree, &selected, error))
        return false;
    if (!selected.count)
        notice_no_target(render, resources, fields);
    for (size_t i = 0; wants_notices(render) && selected.count && i < json_patch_count(patch); i++)
        notice_rounded_numbers(render, json_patch_value(patch, i));
    for (size_t i = 0; i < selected.count; i++) {
        struct resource *resource = selected.items[i];
        notice_rounded_numbers(render, resource->root);
        notice_copies(render, patch, resource);
        notice_positions(render, patch, resource);
        notice_overwritten(render, patch, resource);
        if (store_past_ids)
            resource_store_past_id(render->arena, resource);
        resource_demand_annotations(render->tree, resource);
        bool shows = json_patch_reads_annotations(patch) && resource_has_history(resource);
        if (shows)
            history_show(render->tree, resource);
        if (!json_patch_apply(render->tree, patch, &resource->root, error)) {
            if (shows)
                error_append(error,
                             ": kustomize keeps notes among the annotations of what it has renamed or generated: "
                             "name one annotation");
            return error_wrap(error, "patching %s", id_text(render->arena, &resource->id));
        }
        if (shows)
            history_hide(render->tree, resource); /* kustomize keeps it, whatever the patch did */
        if (!tidy_annotations(render->tree, resource, error)) {
            error_locate_at(error, fields->node ? fields->node->origin : 0);
            return error_wrap(error, "patching %s", id_text(render->arena, &resource->id));
        }
        resources_refresh(resources, resource);
    }
    return true;
}
