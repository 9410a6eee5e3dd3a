/* patch_apply.c: applies strategic merge patches to resources.
 *
 * Source: kustomize api/resource/resource.go ApplySmPatch and CopyMergeMetaDataFieldsFrom, api/resmap/reswrangler.go
 * ApplySmPatch and GetById, api/internal/builtins/PatchTransformer.go. */
#include "kustomize/patch/patch_apply.h"

#include <string.h>

#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/patch/notice_patches.h"
#include "kustomize/patch/strategic_merge.h"
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

/* A resource before a merge, as far as it is asked for afterwards. */
struct before {
    struct resource_id id;
    const struct node *written; /* a copy, for the writers of its values; NULL: nobody asks */
    struct node *noticed;       /* itself, for what --warn tells of the patch; NULL: nobody asks */
    size_t findings;
};

static struct before look_before(struct render *render, struct resource *resource, const struct resource *patch,
                                 const struct node *patch_root)
{
    struct before before = {.id = resource->id};
    if (render->tree->writers)
        before.written = tree_copy(render->tree, resource->root);
    if (!wants_notices(render))
        return before;
    before.findings = render->findings->count;
    if (!patch->selects_many && notice_may(render, 1, copied_size(resource->root, patch_root, 0))) {
        before.noticed = resource->root; /* so that it stays as it is, the merge has to copy it */
        tree_share(before.noticed);
    }
    return before;
}

/* What kustomize notes in the resource before it merges. */
static void prepare_resource(const struct render *render, struct resource *resource, const struct resource *patch)
{
    if (patch->name_change_allowed || patch->kind_change_allowed)
        resource_store_past_id(render->arena, resource);
    if (node_get(node_get(patch->root, &key_metadata), &key_annotations))
        resource_demand_annotations(render->tree, resource);
}

static void empty_resource(struct kust_target *target, struct resource *resource, struct node *root)
{
    resource->root = root;
    kust_target_resources(target)->may_have_empty = true;
}

/* What the merge made takes the resource's place. */
static void take_merged(struct kust_target *target, struct merge *merge, struct resource *resource,
                        const struct resource *patch, const struct before *before)
{
    merge_write_twins(merge, &resource->root);
    if (removes_annotations(patch->root))
        resource_forget_history(resource);
    restore_identity(target, resource, patch, &before->id);
    keep_writers(merge->tree, resource, before->written);
    resources_refresh(kust_target_resources(target), resource);
    if (before->noticed && target->render->findings->count == before->findings) /* else it is told what became of it */
        notice_unchanged(target->render, patch, resource, before->noticed);
}

bool apply_strategic_merge(struct kust_target *target, struct resource *resource, const struct resource *patch,
                           struct error *error)
{
    struct render *render = target->render;
    struct merge merge = {
        .tree = render->tree, .schemas = render->schemas, .error = error, .render = render, .resource = resource};
    struct node *merged, *patch_root = noted_patch(render->tree, patch->root, error);
    if (!patch_root)
        return false;
    notice_directives(render, patch->root);
    prepare_resource(render, resource, patch);
    const struct before before = look_before(render, resource, patch, patch_root);
    if (!merge_nodes(&merge, resource->root, patch_root, schema_for(render->schemas, resource, patch), &merged))
        return error_wrap(error, "patching %s", id_text(render->arena, &before.id));
    if (!merged) {
        empty_resource(target, resource, NULL);
    } else if (directive_of_map(patch->root) == DIRECTIVE_REPLACE) {
        /* kustomize ignores what the merge returns, and with it the replacement of a whole resource. */
        render_notice(render, RA712, patch->root->origin,
                      "'$patch: replace' of a whole resource changes nothing: %s '%s' stays as it is",
                      before.id.gvk.kind, before.id.name);
    } else if (node_is_empty(merged)) {
        empty_resource(target, resource, merged);
    } else {
        resource->root = merged;
        take_merged(target, &merge, resource, patch, &before);
    }
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
