/* argocd_objects.c: looks for Applications and ApplicationSets in all files. */
#include "plugin/run/argocd_objects.h"

#include <string.h>

#include "base/path.h"
#include "plugin/run/directories.h"
#include "yaml/layout.h"

enum { MOST_BYTES = 1024 * 1024 };

struct manifest_walk {
    const struct source *source;
    struct arena *arena;
    const char **waiting;
    size_t waiting_count, waiting_room;
    struct argocd_objects *out;
};

/* One object. */

static void add_path(struct arena *arena, struct name_list *paths, const struct layout_node *value)
{
    const char *text = layout_text(value);
    if (!text || !*text)
        return;
    const char **names = ARENA_ARRAY(arena, paths->count + 1, const char *);
    for (size_t i = 0; i < paths->count; i++)
        names[i] = paths->names[i];
    names[paths->count++] = text;
    paths->names = names;
}

static void add_source(struct arena *arena, struct name_list *paths, const struct layout_node *spec)
{
    const struct layout_node *several = layout_value(spec, "sources");
    add_path(arena, paths, layout_value(layout_value(spec, "source"), "path"));
    for (uint32_t i = 0; several && several->kind == LAYOUT_LIST && i < several->count; i++)
        add_path(arena, paths, layout_value(several->items[i].value, "path"));
}

/* Patterns of git generators, however deep they stand in matrix and merge generators. */
static void add_generators(struct arena *arena, struct name_list *paths, const struct layout_node *list, int depth)
{
    static const char *const nested[] = {"matrix", "merge"}, *const listed[] = {"directories", "files"};
    for (uint32_t i = 0; depth && list && list->kind == LAYOUT_LIST && i < list->count; i++) {
        const struct layout_node *generator = list->items[i].value, *git = layout_value(generator, "git");
        for (size_t k = 0; k < 2; k++) {
            const struct layout_node *found = layout_value(git, listed[k]);
            for (uint32_t item = 0; found && found->kind == LAYOUT_LIST && item < found->count; item++)
                add_path(arena, paths, layout_value(found->items[item].value, "path"));
            add_generators(arena, paths, layout_value(layout_value(generator, nested[k]), "generators"), depth - 1);
        }
    }
}

static void add_object(struct manifest_walk *walk, const struct layout *layout, const struct layout_node *object)
{
    enum { DEEPEST = 4 };
    const char *version = layout_text(layout_value(object, "apiVersion"));
    const char *kind = layout_text(layout_value(object, "kind"));
    const char *name = layout_text(layout_value(layout_value(object, "metadata"), "name"));
    const struct layout_node *spec = layout_value(object, "spec");
    bool is_set = kind && strcmp(kind, "ApplicationSet") == 0;
    if (!version || strncmp(version, "argoproj.io/", 12) != 0 || !kind || (!is_set && strcmp(kind, "Application") != 0))
        return;
    struct argocd_object found = {
        .kind = kind, .name = name ? name : "?", .place = layout_place(layout, object->start)};
    if (is_set)
        add_generators(walk->arena, &found.paths, layout_value(spec, "generators"), DEEPEST);
    else
        add_source(walk->arena, &found.paths, spec);
    struct argocd_objects *out = walk->out;
    out->items = arena_grow(walk->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = found;
}

/* Files. */

static bool mentions_word(const struct file_bytes *bytes, const char *word)
{
    for (const char *at = bytes->bytes, *end = at + bytes->size; at < end; at++) {
        at = memchr(at, *word, (size_t)(end - at));
        if (!at)
            return false;
        if (strncmp(at, word, strlen(word)) == 0)
            return true;
    }
    return false;
}

static void look_into(struct manifest_walk *walk, const char *path)
{
    struct file_bytes bytes;
    struct layout layout;
    struct error ignored = {0};
    if (source_read_small(walk->source, walk->arena, path, MOST_BYTES, &bytes, &ignored) &&
        mentions_word(&bytes, "argoproj.io") && mentions_word(&bytes, "Application") &&
        layout_read(walk->arena, path, bytes.bytes, bytes.size, &layout, &ignored))
        for (size_t i = 0; i < layout.count; i++)
            add_object(walk, &layout, layout.documents[i]);
    error_free(&ignored);
}

static bool is_manifest(const char *name)
{
    return path_has_extension(name, ".yaml") || path_has_extension(name, ".yml") || path_has_extension(name, ".json");
}

/* Directories wait in reverse, so that they are taken in order. */
static bool list_manifests(struct manifest_walk *walk, const char *directory, struct error *error)
{
    struct name_list names;
    if (!source_list(walk->source, walk->arena, directory, &names, error))
        return false;
    for (size_t i = 0; i < names.count; i++)
        if (is_manifest(names.names[i]))
            look_into(walk, path_join(walk->arena, directory, names.names[i]));
    for (size_t i = names.count; i > 0; i--) {
        const char *path = path_join(walk->arena, directory, names.names[i - 1]);
        if (*names.names[i - 1] == '.' || is_manifest(path) || !directory_is_own(walk->source, walk->arena, path))
            continue;
        walk->waiting =
            arena_grow(walk->arena, walk->waiting, walk->waiting_count, &walk->waiting_room, sizeof *walk->waiting);
        walk->waiting[walk->waiting_count++] = path;
    }
    return true;
}

bool argocd_objects_find(const struct source *source, struct arena *arena, struct argocd_objects *out,
                         struct error *error)
{
    struct manifest_walk walk = {.source = source, .arena = arena, .out = out};
    *out = (struct argocd_objects){0};
    if (!list_manifests(&walk, ".", error))
        return false;
    while (walk.waiting_count)
        if (!list_manifests(&walk, walk.waiting[--walk.waiting_count], error))
            return false;
    return true;
}
