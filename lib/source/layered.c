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

/* Where the upper layer has a file that a path leads to over symbolic links of the lower one; NULL: nowhere. What is
 * new there lies behind the longest part of the path that the lower one has. */
static const char *find_above(const struct layered *layered, struct arena *arena, const char *clean)
{
    for (const char *part = clean;;) {
        struct error ignored = {0};
        const char *real = layered->of->backend->resolve(layered->of, arena, part, &ignored);
        error_free(&ignored);
        if (real) {
            const char *rest = clean + strlen(part);
            real = path_clean(arena, arena_format(arena, "%s%s", real, rest));
            return layered->over->backend->kind(layered->over, real) == FILE_REGULAR ? real : NULL;
        }
        const char *slash = strrchr(part, '/');
        if (!slash)
            return NULL;
        part = arena_copy(arena, part, (size_t)(slash - part));
    }
}

/* A layer, and what a place is called there. */
struct placed {
    const struct source *layer;
    const char *path;
};

/* A directory of both is the lower one's: symbolic links may lead to it. */
static struct placed find_layer(const struct source *source, struct arena *arena, const char *path)
{
    const struct layered *layered = layered_of(source);
    const char *clean = path_clean(arena, path);
    enum file_kind kind = layered->over->backend->kind(layered->over, clean);
    if (kind == FILE_REGULAR)
        return (struct placed){layered->over, clean};
    bool below = layered->of->backend->kind(layered->of, clean) != FILE_ABSENT;
    if (kind == FILE_DIRECTORY && !below)
        return (struct placed){layered->over, clean};
    const char *above = kind == FILE_ABSENT ? find_above(layered, arena, clean) : NULL;
    return above ? (struct placed){layered->over, above} : (struct placed){layered->of, clean};
}

static enum file_kind layered_kind(const struct source *source, const char *path)
{
    struct arena *arena = arena_new();
    const struct placed placed = find_layer(source, arena, path);
    enum file_kind kind = placed.layer->backend->kind(placed.layer, placed.path);
    arena_free(arena);
    return kind;
}

static char *layered_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    const struct placed placed = find_layer(source, arena, path);
    return placed.layer->backend->resolve(placed.layer, arena, placed.path, error);
}

static bool layered_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                         struct error *error)
{
    const struct placed placed = find_layer(source, arena, path);
    bool good = placed.layer->backend->read(placed.layer, arena, placed.path, out, error);
    if (good && placed.layer == layered_of(source)->over && strcmp(placed.path, path_clean(arena, path)) != 0)
        out->real = placed.path;
    return good;
}

static bool layered_size(const struct source *source, const char *path, size_t *out)
{
    struct arena *arena = arena_new();
    const struct placed placed = find_layer(source, arena, path);
    bool known = placed.layer->backend->size(placed.layer, placed.path, out);
    arena_free(arena);
    return known;
}

static void merge_names(struct arena *arena, struct name_list *names, const struct name_list *more)
{
    struct name_list merged = {.names = ARENA_ARRAY(arena, names->count + more->count + 1, const char *),
                               .too_many = names->too_many};
    for (size_t i = 0; i < names->count; i++)
        merged.names[merged.count++] = names->names[i];
    for (size_t i = 0; i < more->count; i++)
        if (!name_list_has(names, more->names[i]))
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
    return source_system_path(find_layer(source, arena, real).layer, arena, real);
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
