/* checkout.c: a tree of git as a checkout has it.
 *
 * git's attributes may change a file on its way out of git (filter, eol, ident, working-tree-encoding), and what lies
 * in a submodule is not in the tree at all. Such files are taken from a directory that git itself has checked out. */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "source/backend.h"

enum { LARGEST_ATTRIBUTES = 1024 * 1024 };

/* What one .gitattributes may change: more rather than less, because nobody's rule takes away what another has set. */
struct attributes {
    const char **patterns;
    size_t count, room;
    bool all;
};

struct checkout_source {
    struct source source;
    struct source *tree, *files;
    pthread_mutex_t mutex; /* of all that follows */
    struct arena *arena;
    struct map *known; /* directory -> struct attributes */
};

static struct checkout_source *checkout_of(const struct source *source)
{
    return (struct checkout_source *)(void *)(uintptr_t)source;
}

static bool begins_with(const char *word, size_t size, const char *with)
{
    return size >= strlen(with) && strncmp(word, with, strlen(with)) == 0;
}

/* Attributes that change what a checkout writes. Source: git, Documentation/gitattributes. */
static bool has_changing_word(const char *at, const char *end)
{
    static const char *const changing[] = {"filter", "eol=crlf", "ident", "working-tree-encoding"};
    while (at < end) {
        size_t size = strcspn(at, " \t\r\n");
        for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
            if (begins_with(at, size, changing[i]))
                return true;
        at += size + (at + size < end);
    }
    return false;
}

/* A quoted pattern and a macro may mean any file. */
static void read_line(struct arena *arena, const char *line, const char *end, struct attributes *out)
{
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    size_t size = strcspn(line, " \t\r\n");
    if (line >= end || *line == '#' || !has_changing_word(line + size, end))
        return;
    if (*line == '"' || begins_with(line, size, "[attr]") || memmem(line, size, "**", 2)) {
        out->all = true;
        return;
    }
    out->patterns = arena_grow(arena, out->patterns, out->count, &out->room, sizeof *out->patterns);
    out->patterns[out->count++] = arena_copy(arena, line, size);
}

static void read_attributes(const struct checkout_source *checkout, const char *path, struct attributes *out)
{
    struct file_bytes file;
    struct error ignored = {0};
    bool good = checkout->tree->backend->read(checkout->tree, checkout->arena, path, &file, &ignored) &&
                file.size <= LARGEST_ATTRIBUTES;
    error_free(&ignored);
    out->all = !good;
    for (const char *line = good ? file.bytes : ""; *line;) {
        const char *end = strchrnul(line, '\n');
        read_line(checkout->arena, line, end, out);
        line = end + (*end == '\n');
    }
}

static const struct attributes *attributes_of(struct checkout_source *checkout, const char *directory, size_t size)
{
    void **slot = map_find(checkout->known, directory, size);
    if (slot)
        return *slot;
    const char *key = arena_copy(checkout->arena, directory, size);
    struct attributes *fresh = ARENA_NEW(checkout->arena, struct attributes);
    const char *path = path_join(checkout->arena, size ? key : ".", ".gitattributes");
    if (checkout->tree->backend->kind(checkout->tree, path) != FILE_ABSENT)
        read_attributes(checkout, path, fresh);
    *map_slot(checkout->known, key, size) = fresh;
    return fresh;
}

/* A pattern without a slash is one of names; with one, of paths from the file's own directory. */
static bool pattern_matches(const char *pattern, const char *path)
{
    if (!strchr(pattern, '/'))
        return fnmatch(pattern, path_base(path), 0) == 0;
    return fnmatch(pattern + (*pattern == '/'), path, FNM_PATHNAME) == 0;
}

/* Whether a checkout may have other bytes than git for a path without links. */
static bool may_change(struct checkout_source *checkout, const char *path)
{
    bool changed = false;
    pthread_mutex_lock(&checkout->mutex);
    for (const char *rest = path; rest && !changed;) {
        const struct attributes *attributes =
            attributes_of(checkout, path, rest == path ? 0 : (size_t)(rest - path) - 1);
        changed = attributes->all;
        for (size_t i = 0; i < attributes->count && !changed; i++)
            changed = pattern_matches(attributes->patterns[i], rest);
        const char *slash = strchr(rest, '/');
        rest = slash ? slash + 1 : NULL;
    }
    pthread_mutex_unlock(&checkout->mutex);
    return changed;
}

/* What git's tree refuses may lie in a submodule that was checked out. */
static const struct source *holder_of(const struct checkout_source *checkout, const char *path)
{
    const struct source *files = checkout->files;
    if (checkout->tree->backend->kind(checkout->tree, path) != FILE_REFUSED)
        return checkout->tree;
    enum file_kind kind = files->backend->kind(files, path);
    return kind == FILE_REGULAR || kind == FILE_DIRECTORY ? files : checkout->tree;
}

static enum file_kind checkout_kind(const struct source *source, const char *path)
{
    const struct source *holder = holder_of(checkout_of(source), path);
    return holder->backend->kind(holder, path);
}

static char *checkout_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    const struct source *holder = holder_of(checkout_of(source), path);
    return holder->backend->resolve(holder, arena, path, error);
}

static bool checkout_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                          struct error *error)
{
    struct checkout_source *checkout = checkout_of(source);
    const struct source *holder = holder_of(checkout, path), *files = checkout->files;
    if (!holder->backend->read(holder, arena, path, out, error))
        return false;
    const char *real = out->real ? out->real : path_clean(arena, path);
    if (holder == files || !may_change(checkout, real))
        return true;
    out->real = NULL;
    if (files->backend->kind(files, path) == FILE_REGULAR)
        return files->backend->read(files, arena, path, out, error);
    return error_set(error,
                     "%s: a .gitattributes may change it in a checkout, and Argo CD did not send it: take it out of "
                     "that line",
                     path);
}

static bool checkout_size(const struct source *source, const char *path, size_t *out)
{
    const struct source *holder = holder_of(checkout_of(source), path);
    return holder->backend->size && holder->backend->size(holder, path, out);
}

static bool checkout_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                          struct error *error)
{
    const struct source *holder = holder_of(checkout_of(source), path);
    return holder->backend->list(holder, arena, path, out, error);
}

static bool checkout_survey(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                            struct error *error)
{
    const struct source *holder = holder_of(checkout_of(source), path);
    return holder->backend->survey ? holder->backend->survey(holder, arena, path, out, error)
                                   : error_set(error, "%s: is not surveyed", path);
}

static char *checkout_system_path(const struct source *source, struct arena *arena, const char *real)
{
    return source_system_path(checkout_of(source)->files, arena, real);
}

static void checkout_release(struct source *source)
{
    struct checkout_source *checkout = checkout_of(source);
    source_free(checkout->tree);
    source_free(checkout->files);
    pthread_mutex_destroy(&checkout->mutex);
    arena_free(checkout->arena);
    free(checkout);
}

static const struct source_backend checkout_backend = {
    .kind = checkout_kind,
    .resolve = checkout_resolve,
    .read = checkout_read,
    .size = checkout_size,
    .list = checkout_list,
    .survey = checkout_survey,
    .system_path = checkout_system_path,
    .release = checkout_release,
};

struct source *source_checkout(struct source *tree, struct source *files)
{
    struct checkout_source *checkout = memory_new(sizeof *checkout);
    checkout->source.backend = &checkout_backend;
    checkout->tree = tree;
    checkout->files = files;
    checkout->arena = arena_new();
    checkout->known = map_new(checkout->arena);
    pthread_mutex_init(&checkout->mutex, NULL);
    return &checkout->source;
}
