/* part.c: a source that has one directory of a larger tree, at its place in that tree. */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "source/backend.h"

struct part_source {
    struct source source;
    struct source *of;
    char *directory; /* of the tree: what the other source has at its root */
};

static const struct part_source *part_of(const struct source *source)
{
    return (const struct part_source *)source;
}

/* What the other source calls a path; NULL where it does not have it. */
static const char *is_inside(const struct part_source *part, const char *path)
{
    size_t size = strlen(part->directory);
    if (!path_is_within(path, part->directory))
        return NULL;
    return path[size] ? path + size + 1 : ".";
}

/* The same in any spelling. */
static const char *find_path(const struct source *source, struct arena *arena, const char *path)
{
    return is_inside(part_of(source), path_clean(arena, path));
}

/* Messages of the other source begin with its own path. */
static bool place_error(const char *path, const char *own, struct error *inner, struct error *error)
{
    error_set(error, "%s%s", path, inner->message + strlen(own));
    error_free(inner);
    return false;
}

static enum file_kind part_kind(const struct source *source, const char *path)
{
    struct arena *arena = arena_new();
    const struct source *of = part_of(source)->of;
    const char *own = find_path(source, arena, path);
    enum file_kind kind = own ? of->backend->kind(of, own) : FILE_REFUSED;
    arena_free(arena);
    return kind;
}

static char *part_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    const struct source *of = part_of(source)->of;
    const char *own = find_path(source, arena, path);
    struct error inner = {0};
    const char *real = own ? of->backend->resolve(of, arena, own, &inner) : NULL;
    if (real)
        return path_join(arena, part_of(source)->directory, real);
    if (own)
        place_error(path, own, &inner, error);
    else
        source_problem(error, path, PROBLEM_NOT_SENT);
    return NULL;
}

static bool part_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                      struct error *error)
{
    const struct source *of = part_of(source)->of;
    const char *own = find_path(source, arena, path);
    struct error inner = {0};
    if (!own)
        return source_problem(error, path, PROBLEM_NOT_SENT);
    if (!of->backend->read(of, arena, own, out, &inner))
        return place_error(path, own, &inner, error);
    out->real = out->real ? path_join(arena, part_of(source)->directory, out->real) : NULL;
    return true;
}

static bool part_size(const struct source *source, const char *path, size_t *out)
{
    struct arena *arena = arena_new();
    const struct source *of = part_of(source)->of;
    const char *own = find_path(source, arena, path);
    bool known = own && of->backend->size && of->backend->size(of, own, out);
    arena_free(arena);
    return known;
}

static bool part_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                      struct error *error)
{
    const struct source *of = part_of(source)->of;
    const char *own = find_path(source, arena, path);
    struct error inner = {0};
    if (!own)
        return source_problem(error, path, PROBLEM_NOT_SENT);
    return of->backend->list(of, arena, own, out, &inner) || place_error(path, own, &inner, error);
}

static char *part_system_path(const struct source *source, struct arena *arena, const char *real)
{
    const char *own = find_path(source, arena, real);
    return own ? source_system_path(part_of(source)->of, arena, own) : NULL;
}

static void part_release(struct source *source)
{
    struct part_source *part = (struct part_source *)source;
    source_free(part->of);
    free(part->directory);
    free(part);
}

static const struct source_backend part_backend = {
    .kind = part_kind,
    .resolve = part_resolve,
    .read = part_read,
    .size = part_size,
    .list = part_list,
    .system_path = part_system_path,
    .release = part_release,
};

struct source *source_part(struct source *of, const char *directory)
{
    if (!of || strcmp(directory, ".") == 0)
        return of;
    struct part_source *part = memory_new(sizeof *part);
    part->source.backend = &part_backend;
    part->of = of;
    part->directory = memory_string(directory);
    return &part->source;
}
