/* secrets.c: Secrets that are in git in plain text: in the files that renders read, and in what they make of them. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/kustomization_file.h"
#include "check/leaks.h"

/* What each file gives away, so that a base is read once for all its overlays. */
struct secret_check {
    struct check_input *input;
    struct map *files;   /* path -> struct findings */
    struct map *patches; /* the same of JSON patches on Secrets */
    struct kustomization_files kustomizations;
};

/* Here, because each file is read here anyway. */
static void note_allowing(struct check_input *input, const char *path, const char *text)
{
    struct name_list *list = &input->allowing;
    if (!strstr(text, "# rootapp: allow "))
        return;
    list->names =
        arena_grow(input->findings->arena, list->names, list->count, &input->allowing_room, sizeof *list->names);
    list->names[list->count++] = arena_string(input->findings->arena, path);
}

static const struct findings *leaks_of(struct secret_check *check, const char *path)
{
    void **slot = map_slot(check->files, path, strlen(path));
    if (*slot)
        return *slot;
    struct findings *found = findings_new(check->input->arena);
    const struct file_bytes *file = check_file(check->input, path);
    *slot = found;
    if (file) {
        leaks_find(path, file, found);
        note_allowing(check->input, path, file->bytes);
    }
    return found;
}

static bool is_plain_secret(const struct check_object *object)
{
    return strcmp(object->kind, "Secret") == 0 && !*object->group &&
           (!node_is_empty(node_get(object->root, &key_data)) ||
            !node_is_empty(node_get(object->root, &key_stringData)));
}

static bool has_encrypted_value(const struct node *map)
{
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++) {
        const char *text = node_text(map->entries[i].value);
        if (text && strncmp(text, "ENC[", 4) == 0)
            return true;
    }
    return false;
}

/* Encrypted by SOPS: what is applied is the text in brackets. */
static bool is_sops(const struct check_object *object)
{
    return node_find(object->root, "sops") || has_encrypted_value(node_get(object->root, &key_data)) ||
           has_encrypted_value(node_get(object->root, &key_stringData));
}

static bool has_value(const struct node *map)
{
    for (uint32_t i = 0; node_is_map(map) && i < map->count; i++) {
        const struct node *value = map->entries[i].value;
        if (!node_is_scalar(value) ||
            (!node_is_null(value) && value->count && !is_filled_in(value->text, value->count)))
            return true;
    }
    return false;
}

/* Another program is to put the values in, as `op inject` or a plugin of vaults does. */
static bool is_to_be_filled_in(const struct check_object *object)
{
    return !has_value(node_get(object->root, &key_data)) && !has_value(node_get(object->root, &key_stringData));
}

static bool tells_secret(const struct findings *leaks)
{
    for (size_t i = 0; i < leaks->count; i++)
        if (leaks->items[i]->rule == &rules[RA501] || leaks->items[i]->rule == &rules[RA502])
            return true;
    return false;
}

static const struct findings *patch_leaks(struct secret_check *check, const char *path)
{
    void **slot = map_slot(check->patches, path, strlen(path));
    if (*slot)
        return *slot;
    struct findings *found = findings_new(check->input->arena);
    const struct file_bytes *file = check_file(check->input, path);
    *slot = found;
    if (file)
        leaks_in_secret_patch(path, file, found);
    return found;
}

/* Whether the file that a Secret, or one of its values, comes from is told of. */
static bool is_told(struct secret_check *check, const char *file)
{
    const struct findings *patch = file ? map_get(check->patches, file, strlen(file)) : NULL;
    return file && (tells_secret(leaks_of(check, file)) || (patch && tells_secret(patch)));
}

static bool has_told_value(struct secret_check *check, const struct check_target *target,
                           const struct check_object *object)
{
    const struct node *const maps[] = {node_get(object->root, &key_data), node_get(object->root, &key_stringData)};
    for (size_t i = 0; i < 2; i++)
        for (uint32_t k = 0; node_is_map(maps[i]) && k < maps[i]->count; k++)
            if (is_told(check, check_place(target, maps[i]->entries[k].value->origin, object).file))
                return true;
    return false;
}

/* What the files do not tell: Secrets of charts, remote bases and functions, and encrypted ones. */
static void check_secret(struct secret_check *check, const struct check_target *target,
                         const struct check_object *object)
{
    static const char *const kind_path[] = {"kind", NULL};
    origin at = check_origin(object->root, kind_path);
    struct span place = check_place(target, at, object);
    if (is_sops(object))
        check_report(check->input, target, RA501, at, object,
                     "Secret '%s' is encrypted by SOPS, and nothing decrypts it on the way: the cluster would get the "
                     "encrypted texts",
                     object->name)
            ->fix = "seal it (rootapp seal) and commit the SealedSecret instead";
    else if (is_to_be_filled_in(object) && !target->found)
        return; /* who applies the directory may do that */
    else if (is_to_be_filled_in(object))
        check_report(check->input, target, RA501, at, object,
                     "Secret '%s' names places of another program's store, and nothing fills them in on the way: the "
                     "cluster would get these texts",
                     object->name)
            ->fix = "seal it (rootapp seal) and commit the SealedSecret instead";
    else if (!is_told(check, place.file) && !has_told_value(check, target, object))
        check_report(check->input, target, RA501, at, object, "Secret '%s' is in git in plain text", object->name)
            ->fix = "seal it (rootapp seal) and commit the SealedSecret instead; the old value has leaked";
}

/* A file that is read, or the kustomization of a directory that is. */
static void add_leaks(struct secret_check *check, const struct check_target *target, const char *path,
                      bool is_directory)
{
    struct check_input *input = check->input;
    struct span kustomization = is_directory ? check_directory_place(input, path) : (struct span){path, 1, 1, 0, 0};
    if (kustomization.line)
        findings_add_all(input->findings, leaks_of(check, kustomization.file), target->name);
}

/* JSON patches do not say themselves whom they change: the kustomization does. */

static void add_patches(struct secret_check *check, const struct check_target *target, const char *directory)
{
    static const char *const fields[] = {"patches", "patchesJson6902"};
    const char *text = kustomization_text(&check->kustomizations, directory)->text;
    if (!text || !strstr(text, "Secret") || !strstr(text, "path:"))
        return;
    const struct node *root = kustomization_tree(&check->kustomizations, directory)->root;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct node *list = node_find(root, fields[i]);
        for (uint32_t k = 0; node_is_list(list) && k < list->count; k++) {
            const char *path = node_text(node_find(list->items[k], "path"));
            if (path && node_equals(node_find(node_find(list->items[k], "target"), "kind"), "Secret"))
                findings_add_all(check->input->findings,
                                 patch_leaks(check, path_join(check->input->arena, directory, path)), target->name);
        }
    }
}

static void check_secrets(struct check_input *input)
{
    struct secret_check check = {input, map_new(input->arena), map_new(input->arena), kustomization_files_open(input)};
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        add_patches(&check, target, target->directory);
        for (size_t j = 0; j < target->references.count; j++) {
            const char *path = target->references.names[j];
            bool is_directory = check_is_directory(input, path);
            add_leaks(&check, target, path, is_directory);
            if (is_directory)
                add_patches(&check, target, path);
        }
        for (size_t j = 0; j < target->object_count; j++)
            if (is_plain_secret(&target->objects[j]))
                check_secret(&check, target, &target->objects[j]);
    }
    kustomization_files_close(&check.kustomizations);
}

static const enum rule_id ids[] = {RA501, RA502, RA503, RULE_COUNT};
const struct check secrets_check = {"secrets", ids, check_secrets};
