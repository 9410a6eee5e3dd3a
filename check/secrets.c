/* secrets.c: Secrets that are in git in plain text: in the files that renders read, and in what they make of them. */
#include <string.h>

#include "base/map.h"
#include "check/check.h"
#include "check/leaks.h"

/* What each file gives away, so that a base is read once for all its overlays. */
struct secret_check {
    struct check_input *input;
    struct map *files; /* path -> struct findings */
};

static const struct findings *leaks_of(struct secret_check *check, const char *path)
{
    void **slot = map_slot(check->files, path, strlen(path));
    struct arena *arena = check->input->arena;
    if (*slot)
        return *slot;
    struct findings *found = findings_new(arena);
    struct file_bytes file;
    struct error ignored = {0};
    *slot = found;
    if (source_read(check->input->source, arena, path, &file, &ignored))
        leaks_find(path, &file, found);
    error_free(&ignored);
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

static bool tells_secret(const struct findings *leaks)
{
    for (size_t i = 0; i < leaks->count; i++)
        if (leaks->items[i]->rule == &rules[RA501] || leaks->items[i]->rule == &rules[RA502])
            return true;
    return false;
}

/* What the files do not tell: Secrets of charts, remote bases and functions, and encrypted ones. */
static void look_at(struct secret_check *check, const struct check_target *target, const struct check_object *object)
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
    else if (!place.file || !tells_secret(leaks_of(check, place.file)))
        check_report(check->input, target, RA501, at, object, "Secret '%s' is in git in plain text", object->name)
            ->fix = "seal it (rootapp seal) and commit the SealedSecret instead; the old value has leaked";
}

/* A file that is read, or the kustomization of a directory that is. */
static void add_leaks(struct secret_check *check, const struct check_target *target, const char *path)
{
    struct check_input *input = check->input;
    bool is_directory = source_kind(input->source, path) == FILE_DIRECTORY;
    struct span kustomization = is_directory ? check_directory_place(input, path) : (struct span){path, 1, 1, 0, 0};
    if (kustomization.line)
        findings_add_all(input->findings, leaks_of(check, kustomization.file), target->name);
}

static void run(struct check_input *input)
{
    struct secret_check check = {input, map_new(input->arena)};
    for (size_t i = 0; i < input->target_count; i++) {
        const struct check_target *target = &input->targets[i];
        for (size_t j = 0; j < target->references.count; j++)
            add_leaks(&check, target, target->references.names[j]);
        for (size_t j = 0; j < target->object_count; j++)
            if (is_plain_secret(&target->objects[j]))
                look_at(&check, target, &target->objects[j]);
    }
}

static const enum rule_id ids[] = {RA501, RA502, RA503, RULE_COUNT};
const struct check secrets_check = {"secrets", ids, run};
