/* plain_root.c: tells a root that only gathers what is made from one that changes it. */
#include "plugin/run/plain_root.h"

#include <string.h>

#include "base/path.h"
#include "kustomize/engine.h"
#include "yaml/parse.h"

/* Fields that add resources beside those that are there, and change none. */
static bool only_adds(const char *field)
{
    static const char *const adding[] = {"apiVersion", "kind", "metadata", "generators", "resources", NULL};
    for (const char *const *known = adding; *known; known++)
        if (strcmp(field, *known) == 0)
            return true;
    return false;
}

static bool change_anything(const struct edits *edits)
{
    return edits && (edits->name_prefix || edits->name_suffix || edits->namespace || edits->images.count ||
                     edits->patches.count || edits->components.count || edits->replicas.count || edits->labels.count ||
                     edits->annotations.count);
}

static bool reads_plain(struct arena *arena, const char *path, const struct file_bytes *file)
{
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct origins *origins = origins_new();
    struct error ignored = {0};
    const struct yaml_text text = {.file = path, .bytes = file->bytes, .size = file->size, .origins = origins};
    struct node *root = NULL;
    bool plain = parse_yaml11(&tree, &text, &root, &ignored) && root && root->kind == NODE_MAP;
    for (size_t i = 0; plain && i < root->count; i++)
        plain = only_adds(root->entries[i].key->text);
    error_free(&ignored);
    origins_free(origins);
    return plain;
}

bool is_plain_root(const struct source *source, const char *directory, const struct edits *edits)
{
    struct arena *arena = arena_new();
    struct error ignored = {0};
    struct file_bytes file;
    const char *name = change_anything(edits) ? NULL : engine_kustomization_file(source, directory, &ignored);
    const char *path = name ? path_join(arena, directory, name) : NULL;
    bool plain = path && source_read(source, arena, path, &file, &ignored) && reads_plain(arena, path, &file);
    error_free(&ignored);
    arena_free(arena);
    return plain;
}
