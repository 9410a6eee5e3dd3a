/* patch_targets.c: applies `patches`: strategic merge or JSON patches, to what a selector finds or to what they name.
 *
 * Source: api/internal/builtins/PatchTransformer.go */
#include <string.h>

#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/selector.h"
#include "kustomize/patch/notice_patches.h"
#include "kustomize/patch/patch_apply.h"

/* One entry's text, where it came from, and what it turned out to be. */
struct loaded {
    struct yaml_text text;
    struct resource_matches merges;
    struct json_patch *operations;
};

enum { SHOWN = 80 };

/* How messages name the entry. */
static const char *source_of(struct arena *arena, const struct patch *patch)
{
    if (patch->path && *patch->path)
        return arena_format(arena, "[path: \"%s\"]", patch->path);
    bool all = strlen(patch->patch) <= SHOWN;
    return arena_format(arena, "[patch: \"%.*s%s\"]", SHOWN, patch->patch, all ? "" : "...");
}

static void trim_blanks(const char **text, size_t *size)
{
    static const char spaces[] = " \t\n\v\f\r";
    *text += strspn(*text, spaces);
    *size = strlen(*text);
    while (*size && strchr(spaces, (*text)[*size - 1]))
        --*size;
}

static origin place_of(const struct patch *patch)
{
    return patch->node ? patch->node->origin : 0;
}

static bool load_text(struct kust_target *target, const struct patch *patch, struct yaml_text *out, struct error *error)
{
    const char *text = patch->patch ? patch->patch : "";
    size_t size;
    bool has_path = patch->path && *patch->path;
    trim_blanks(&text, &size);
    if (!size && !has_path)
        return error_at(error, place_of(patch), "patches: must specify one of patch and path");
    if (size && has_path)
        return error_at(error, place_of(patch), "patches: patch and path can't be set at the same time");
    struct file_bytes file;
    if (!has_path)
        *out = kust_target_inline_text(target, arena_copy(target->render->arena, text, size), size,
                                       field_origin(patch->node, "patch"));
    else if (kust_target_read(target, patch->path, &file, error))
        *out = kust_target_file_text(target, patch->path, &file);
    else {
        error_locate_at(error, field_origin(patch->node, "path"));
        return error_wrap(error, "failed to get the patch file from path(%s)", patch->path);
    }
    return true;
}

/* What it was meant to be decides which of the two reasons is told. */
static bool unreadable_patch(const struct kust_target *target, const struct patch *patch, const struct yaml_text *text,
                             struct error *not_merge, struct error *not_json, struct error *error)
{
    bool list = text->bytes[0] == '[' || (text->bytes[0] == '-' && text->bytes[1] == ' ');
    struct error *reason = list ? not_json : not_merge;
    error_locate_at(reason, place_of(patch));
    error_wrap(reason, "unable to parse SM or JSON patch from %s", source_of(target->render->arena, patch));
    *error = *reason;
    *reason = (struct error){0};
    return false;
}

/* A text that reads as resources is never a list of operations, so the second reading waits for the first to fail. */
static bool load_patch(struct kust_target *target, const struct patch *patch, struct loaded *out, struct error *error)
{
    struct render *render = target->render;
    struct error not_merge = {0}, not_json = {0};
    if (!load_text(target, patch, &out->text, error))
        return false;
    bool loaded = patch_read(target, &out->text, &out->merges, &not_merge);
    if (!loaded) {
        out->operations = json_patch_read(render->tree, &out->text, &not_json);
        loaded = out->operations;
        if (loaded)
            notice_misread(render, &out->text);
    }
    if (!loaded)
        unreadable_patch(target, patch, &out->text, &not_merge, &not_json, error);
    error_free(&not_merge);
    error_free(&not_json);
    return loaded;
}

static bool merge_selected(struct kust_target *target, const struct patch *patch, const struct resource_matches *merges,
                           bool *unique, struct error *error)
{
    struct render *render = target->render;
    struct resource_matches selected;
    if (merges->count > 1)
        return error_at(
            error, patch->target->node ? patch->target->node->origin : 0,
            "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` "
            "field: %s",
            source_of(render->arena, patch));
    struct selector *selector = selector_compile(render->arena, patch->target, error);
    if (!selector || !selector_select(selector, kust_target_resources(target), render->tree, &selected, error))
        return error_wrap(error, "unable to find patch target in `resources`");
    if (!selected.count)
        notice_no_target(render, kust_target_resources(target), patch->target);
    if (!selected.count && *unique)
        return true;
    struct resource *prepared = patch_for_selected(render->tree, merges->items[0]);
    prepared->selects_many = selected.count > 1;
    notice_selection(render, kust_target_resources(target), patch->target, merges->items[0], &selected);
    return patch_apply_to_selected(target, &selected, prepared, unique, error);
}

static bool merge_named(struct kust_target *target, const struct resource *patch, bool *unique, struct error *error)
{
    struct resource *resource = patch_find_target(kust_target_resources(target), patch, error);
    if (!resource)
        return render_forgives(target->render, patch->id.gvk.kind, patch->id.name, patch->root->origin, error);
    struct resource_id before = resource->id;
    if (!apply_strategic_merge(target, resource, patch, error))
        return false;
    *unique = *unique && id_equal(&before, &resource->id);
    return true;
}

static bool apply_operations(struct kust_target *target, const struct patch *patch, const struct json_patch *operations,
                             struct error *error)
{
    if (!json_patch_count(operations))
        return true;
    if (!patch->target)
        return error_at(error, place_of(patch), "must specify a target for JSON patch %s",
                        source_of(target->render->arena, patch));
    return patch_apply_json(target, patch->target, operations, true, error);
}

static bool apply_merges(struct kust_target *target, const struct patch *patch, const struct resource_matches *merges,
                         bool *unique, struct error *error)
{
    for (size_t i = 0; i < merges->count; i++)
        patch_allow(target->render->tree, merges->items[i], patch->options);
    if (merges->count && patch->target)
        return merge_selected(target, patch, merges, unique, error);
    for (size_t i = 0; i < merges->count; i++)
        if (!merge_named(target, merges->items[i], unique, error))
            return false;
    return true;
}

static bool apply_patch(struct kust_target *target, const struct patch *patch, bool *unique, struct error *error)
{
    struct loaded loaded = {0};
    if (!load_patch(target, patch, &loaded, error))
        return false;
    bool applied = loaded.operations ? apply_operations(target, patch, loaded.operations, error)
                                     : apply_merges(target, patch, &loaded.merges, unique, error);
    if (loaded.operations)
        *unique = false;
    return applied && kust_target_transformed(target, "PatchTransformer", error);
}

bool patch_targets(struct kust_target *target, struct error *error)
{
    const struct list *patches = &target->kustomization->patches;
    const struct patch *items = patches->items;
    bool unique = false;
    for (size_t i = 0; i < patches->count; i++)
        if (!apply_patch(target, &items[i], &unique, error)) {
            error_locate_at(error, list_origin(patches, i));
            return false;
        }
    return true;
}

static const struct field plugin_fields[] = {
    FIELD_STRING(struct patch, path, "path"),
    FIELD_STRING(struct patch, patch, "patch"),
    FIELD_POINTER(struct patch, target, "target", &selector_type),
    FIELD_POINTER(struct patch, options, "options", &patch_options_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"PatchTransformerPlugin", sizeof(struct patch), plugin_fields,
                                               offsetof(struct patch, node)};

bool patch_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct patch patch = {0};
    bool unique = false;
    return plugin_decode(target, config, &plugin_type, &patch, error) && apply_patch(target, &patch, &unique, error);
}
