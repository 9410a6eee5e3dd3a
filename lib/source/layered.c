/* layered.c: a source as it would be with other files written over it. */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "source/backend.h"

struct layered {
    struct source source;
    struct source *of, *over;
};

static const struct layered *layered_of(const struct source *source)
{
    return (const struct layered *)source;
}

/* The layer that a place lies in. A directory of both is the lower one's: symbolic links may lead to it. */
static const struct source *layer_of(const struct source *source, struct arena *arena, const char *path)
{
    const struct layered *layered = layered_of(source);
    const char *clean = path_clean(arena, path);
    enum file_kind kind = layered->over->backend->kind(layered->over, clean);
    if (kind == FILE_REGULAR)
        return layered->over;
    bool below = layered->of->backend->kind(layered->of, clean) != FILE_ABSENT;
    return kind == FILE_DIRECTORY && !below ? layered->over : layered->of;
}

static enum file_kind layered_kind(const struct source *source, const char *path)
{
    struct arena *arena = arena_new();
    const struct source *layer = layer_of(source, arena, path);
    enum file_kind kind = layer->backend->kind(layer, path);
    arena_free(arena);
    return kind;
}

static char *layered_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    const struct source *layer = layer_of(source, arena, path);
    return layer->backend->resolve(layer, arena, path_clean(arena, path), error);
}

static bool layered_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                         struct error *error)
{
    const struct source *layer = layer_of(source, arena, path);
    return layer->backend->read(layer, arena, path_clean(arena, path), out, error);
}

static bool layered_size(const struct source *source, const char *path, size_t *out)
{
    struct arena *arena = arena_new();
    const struct source *layer = layer_of(source, arena, path);
    bool known = layer->backend->size(layer, path_clean(arena, path), out);
    arena_free(arena);
    return known;
}

static bool has_name(const struct name_list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], name) == 0)
            return true;
    return false;
}

static void merge_names(struct arena *arena, struct name_list *names, const struct name_list *more)
{
    struct name_list merged = {.names = ARENA_ARRAY(arena, names->count + more->count + 1, const char *),
                               .too_many = names->too_many};
    for (size_t i = 0; i < names->count; i++)
        merged.names[merged.count++] = names->names[i];
    for (size_t i = 0; i < more->count; i++)
        if (!has_name(names, more->names[i]))
            merged.names[merged.count++] = more->names[i];
    source_sort(&merged);
    *names = merged;
}

static bool layered_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                         struct error *error)
{
    const struct layered *layered = layered_of(source);
    const char *clean = path_clean(arena, path);
    struct name_list more = {0};
    bool above = layered->over->backend->kind(layered->over, clean) == FILE_DIRECTORY;
    if (above && !layered->over->backend->list(layered->over, arena, clean, &more, error))
        return false;
    *out = (struct name_list){0};
    bool below = !above || layered->of->backend->kind(layered->of, clean) == FILE_DIRECTORY;
    if (below && !layered->of->backend->list(layered->of, arena, clean, out, error))
        return false;
    merge_names(arena, out, &more);
    return true;
}

static char *layered_system_path(const struct source *source, struct arena *arena, const char *real)
{
    const struct source *layer = layer_of(source, arena, real);
    return source_system_path(layer, arena, real);
}

static void layered_release(struct source *source)
{
    struct layered *layered = (struct layered *)source;
    source_free(layered->of);
    source_free(layered->over);
    free(layered);
}

/* No survey: a snapshot has to lie below, where files are not asked for again. */
static const struct source_backend layered_backend = {
    .kind = layered_kind,
    .resolve = layered_resolve,
    .read = layered_read,
    .size = layered_size,
    .list = layered_list,
    .system_path = layered_system_path,
    .release = layered_release,
};

struct source *source_layered(struct source *of, struct source *over)
{
    struct layered *layered = memory_new(sizeof *layered);
    layered->source.backend = &layered_backend;
    layered->of = of;
    layered->over = over;
    return &layered->source;
}
