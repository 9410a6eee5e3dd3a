/* patch_strategic_merge.c: applies the patches of `patchesStrategicMerge`, each to the resource that it names.
 *
 * Source: api/internal/builtins/PatchStrategicMergeTransformer.go */
#include <string.h>

#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/patch/patch_apply.h"

/* Each entry is tried as the text of patches, then as a file that holds them. */
static bool load_entry(struct kust_target *target, const char *entry, origin at, struct resource_matches *out,
                       struct error *error)
{
    bool inline_text = strchr(entry, '\n');
    struct error ignored = {0};
    struct file_bytes file;
    struct yaml_text text = kust_target_inline_text(target, entry, strlen(entry), at);
    bool read = patch_read(target, &text, out, inline_text ? error : &ignored);
    error_free(&ignored);
    if (read || inline_text)
        return read;
    if (!kust_target_read(target, entry, &file, error)) {
        error_locate_at(error, at);
        return false;
    }
    text = kust_target_file_text(target, entry, &file);
    return patch_read(target, &text, out, error);
}

static bool apply_one(struct kust_target *target, const struct resource *patch, bool *unique, struct error *error)
{
    struct resource *resource = patch_find_target(kust_target_resources(target), patch, error);
    if (!resource)
        return render_forgives(target->render, patch->id.gvk.kind, patch->id.name, patch->root->origin, error);
    const struct resource_matches selected = {&resource, 1, 1};
    return patch_apply_to_selected(target, &selected, patch_for_selected(target->render->tree, patch), unique, error);
}

static bool apply_all(struct kust_target *target, const struct resource_matches *patches, struct error *error)
{
    bool unique = false;
    for (size_t i = 0; i < patches->count; i++)
        if (!apply_one(target, patches->items[i], &unique, error))
            return false;
    return kust_target_transformed(target, "PatchStrategicMergeTransformer", error);
}

static bool load_all(struct kust_target *target, const struct list *entries, struct resource_matches *out,
                     struct error *error)
{
    const char *const *items = entries->items;
    for (size_t i = 0; i < entries->count; i++)
        if (!load_entry(target, items[i], list_origin(entries, i), out, error))
            return false;
    return true;
}

static bool nothing_loaded(const struct node *node, struct error *error)
{
    return error_at(error, node ? node->origin : 0, "patch appears to be empty: the files and texts hold no resource");
}

bool patch_strategic_merge(struct kust_target *target, struct error *error)
{
    const struct list *entries = &target->kustomization->patches_strategic_merge;
    struct resource_matches patches = {0};
    if (!entries->count)
        return true;
    if (!load_all(target, entries, &patches, error))
        return false;
    return patches.count ? apply_all(target, &patches, error) : nothing_loaded(entries->node, error);
}

struct plugin {
    const char *patches;
    struct list paths; /* of const char * */
};

static const struct field plugin_fields[] = {
    FIELD_STRINGS(struct plugin, paths, "paths"),
    FIELD_STRING(struct plugin, patches, "patches"),
    FIELD_END,
};
static const struct struct_type plugin_type = {"PatchStrategicMergeTransformerPlugin", sizeof(struct plugin),
                                               plugin_fields, -1};

bool patch_strategic_merge_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct plugin plugin = {0};
    struct resource_matches patches = {0};
    if (!plugin_decode(target, config, &plugin_type, &plugin, error))
        return false;
    bool has_text = plugin.patches && *plugin.patches;
    if (!plugin.paths.count && !has_text)
        return error_at(error, config->origin, "empty file path and empty patch content");
    if (!load_all(target, &plugin.paths, &patches, error))
        return false;
    const char *content = has_text ? plugin.patches : "";
    const struct yaml_text text =
        kust_target_inline_text(target, content, strlen(content), field_origin(config, "patches"));
    if (has_text && !patch_read(target, &text, &patches, error))
        return false;
    return patches.count ? apply_all(target, &patches, error) : nothing_loaded(config, error);
}
