/* patch_json6902.c: applies the JSON patches of `patchesJson6902`.
 *
 * Source: api/internal/builtins/PatchJson6902Transformer.go */
#include <string.h>

#include "base/text.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/patch/notice_patches.h"
#include "kustomize/patch/patch_apply.h"

static origin place_of(const struct patch *patch)
{
    return patch->node ? patch->node->origin : 0;
}

static bool check_patch(const struct patch *patch, struct error *error)
{
    if (!patch->target)
        return error_at(error, place_of(patch), "must specify a target for JSON patch");
    if (!string_is_given(patch->target->name))
        return error_at(error, place_of(patch), "must specify the target name");
    if (!string_is_given(patch->path) && !string_is_given(patch->patch))
        return error_at(error, place_of(patch), "empty file path and empty jsonOp");
    if (string_is_given(patch->path) && string_is_given(patch->patch))
        return error_at(error, place_of(patch), "must specify a file path or jsonOp, not both");
    return true;
}

static bool load_patch(struct kust_target *target, const struct patch *patch, const char *field, struct yaml_text *text,
                       struct error *error)
{
    struct file_bytes file;
    if (!string_is_given(patch->path)) {
        *text = kust_target_inline_text(target, patch->patch, strlen(patch->patch), field_origin(patch->node, field));
        return true;
    }
    if (!kust_target_read(target, patch->path, &file, error)) {
        error_locate_at(error, field_origin(patch->node, "path"));
        return false;
    }
    *text = kust_target_file_text(target, patch->path, &file);
    return file.size ? true : error_at(error, place_of(patch), "patch file '%s' seems to be empty", patch->path);
}

static bool apply_patch(struct kust_target *target, const struct patch *patch, const char *field, struct error *error)
{
    struct yaml_text text;
    if (!check_patch(patch, error) || !load_patch(target, patch, field, &text, error))
        return false;
    const struct json_patch *operations = json_patch_read(target->render->tree, &text, error);
    if (!operations)
        return false;
    notice_misread(target->render, &text);
    if (!json_patch_count(operations))
        return error_at(error, place_of(patch), "patch appears to be empty: it holds no operation");
    return patch_apply_json(target, patch->target, operations, false, error) &&
           kust_target_transformed(target, "PatchJson6902Transformer", error);
}

bool patch_json6902(struct kust_target *target, struct error *error)
{
    const struct list *patches = &target->kustomization->patches_json6902;
    const struct patch *items = patches->items;
    for (size_t i = 0; i < patches->count; i++)
        if (!apply_patch(target, &items[i], "patch", error))
            return false;
    return true;
}

static const struct field plugin_fields[] = {
    FIELD_STRING(struct patch, path, "path"),
    FIELD_STRING(struct patch, patch, "jsonOp"),
    FIELD_POINTER(struct patch, target, "target", &selector_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"PatchJson6902TransformerPlugin", sizeof(struct patch), plugin_fields,
                                               offsetof(struct patch, node)};

bool patch_json6902_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct patch patch = {0};
    return plugin_decode(target, config, &plugin_type, &patch, error) && apply_patch(target, &patch, "jsonOp", error);
}
