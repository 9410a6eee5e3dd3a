/* source.c: checks paths and hands them to the kind of source at hand. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "source/backend.h"

bool source_is_git(const char *component, size_t size)
{
    return size == 4 && strncasecmp(component, ".git", 4) == 0;
}

static int check_path(const char *path)
{
    if (!path || !*path)
        return ENOENT;
    if (*path == '/')
        return PROBLEM_OUTSIDE;
    if (strlen(path) >= PATH_MAX)
        return ENAMETOOLONG;
    while (*path) {
        size_t size = strcspn(path, "/");
        if (size == 2 && path[0] == '.' && path[1] == '.')
            return PROBLEM_OUTSIDE;
        if (source_is_git(path, size))
            return PROBLEM_GIT;
        path += size + (path[size] == '/');
    }
    return 0;
}

static const char *problem_text(int problem)
{
    switch (problem) {
    case PROBLEM_OUTSIDE:
        return SOURCE_LEADS_OUT;
    case PROBLEM_GIT:
        return "lies in .git, which is never read";
    case PROBLEM_NOT_REGULAR:
        return "is not a regular file";
    case PROBLEM_NOT_SENT:
        return "was not sent";
    case PROBLEM_SUBMODULE:
        return "lies in a submodule, whose files are in another repository";
    case PROBLEM_TOO_LARGE:
        return "is larger than 64 MiB";
    case ENOENT:
    case ENOTDIR:
        return "no such file or directory";
    case EISDIR:
        return "is a directory";
    case EACCES:
        return "permission denied";
    case ELOOP:
        return "too many symbolic links";
    case ENAMETOOLONG:
        return "the name is too long";
    default:
        return NULL;
    }
}

bool source_problem(struct error *error, const char *path, int problem)
{
    const char *text = problem_text(problem);
    if (!path || !*path)
        path = "''";
    enum error_kind kind = problem == PROBLEM_NOT_SENT               ? ERROR_NOT_SENT
                           : problem == ENOENT || problem == ENOTDIR ? ERROR_NOT_FOUND
                                                                     : ERROR_OTHER;
    if (text)
        return error_set_kind(error, kind, "%s: %s", path, text);
    return error_set(error, "%s: cannot be read (system error %d)", path, problem);
}

enum file_kind source_problem_kind(int problem)
{
    switch (problem) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return FILE_ABSENT;
    case PROBLEM_OUTSIDE:
    case PROBLEM_GIT:
    case PROBLEM_NOT_SENT:
    case PROBLEM_SUBMODULE:
    case ELOOP:
        return FILE_REFUSED;
    default:
        return FILE_OTHER;
    }
}

static int compare_names(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

void source_sort(struct name_list *names)
{
    if (names->count)
        qsort(names->names, names->count, sizeof *names->names, compare_names);
}

enum file_kind source_kind(const struct source *source, const char *path)
{
    if (!source)
        return FILE_ABSENT;
    int problem = check_path(path);
    return problem ? source_problem_kind(problem) : source->backend->kind(source, path);
}

char *source_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    int problem = source ? check_path(path) : ENOENT;
    if (!problem)
        return source->backend->resolve(source, arena, path, error);
    source_problem(error, path, problem);
    return NULL;
}

char *source_system_path(const struct source *source, struct arena *arena, const char *real)
{
    if (!source || !source->backend->system_path || check_path(real) != 0)
        return NULL;
    return source->backend->system_path(source, arena, real);
}

void source_limit(struct source *source, size_t files, size_t bytes)
{
    source->most_files = files;
    source->most_bytes = bytes;
}

static bool count_file(const struct source *source, const char *path, struct error *error)
{
    atomic_size_t *files = (atomic_size_t *)&source->files;
    if (!source->most_files || atomic_fetch_add_explicit(files, 1, memory_order_relaxed) < source->most_files)
        return true;
    return error_set(error, "%s: is one file too many: at most %zu are read in one render, counted each time", path,
                     source->most_files);
}

static bool count_bytes(const struct source *source, const char *path, size_t size, struct error *error)
{
    atomic_size_t *bytes = (atomic_size_t *)&source->bytes;
    if (!source->most_bytes ||
        atomic_fetch_add_explicit(bytes, size, memory_order_relaxed) + size <= source->most_bytes)
        return true;
    return error_set(
        error, "%s: is too large: all files that are read in one render may have %zu bytes (generate --input-limit)",
        path, source->most_bytes);
}

bool source_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                 struct error *error)
{
    out->real = NULL; /* a kind of source that follows no links says nothing of it */
    int problem = source ? check_path(path) : ENOENT;
    if (problem)
        return source_problem(error, path, problem);
    return count_file(source, path, error) && source->backend->read(source, arena, path, out, error) &&
           count_bytes(source, path, out->size, error);
}

bool source_too_large(struct error *error, const char *path, size_t most)
{
    return error_set(error, "%s: is larger than %zu KiB", path, most / 1024);
}

bool source_backend_read_small(const struct source *source, struct arena *arena, const char *path, size_t most,
                               struct file_bytes *out, struct error *error)
{
    size_t size = 0;
    if (source->backend->read_small)
        return source->backend->read_small(source, arena, path, most, out, error);
    if (source->backend->size && source->backend->size(source, path, &size) && size > most)
        return source_too_large(error, path, most);
    return source->backend->read(source, arena, path, out, error) &&
           (out->size <= most || source_too_large(error, path, most));
}

bool source_read_small(const struct source *source, struct arena *arena, const char *path, size_t most,
                       struct file_bytes *out, struct error *error)
{
    out->real = NULL;
    int problem = source ? check_path(path) : ENOENT;
    if (problem)
        return source_problem(error, path, problem);
    return source_backend_read_small(source, arena, path, most, out, error);
}

bool source_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                 struct error *error)
{
    int problem = source ? check_path(path) : ENOENT;
    if (problem)
        return source_problem(error, path, problem);
    return source->backend->list(source, arena, path, out, error);
}

static bool list_names(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                       struct error *error)
{
    struct name_list names;
    if (!source->backend->list(source, arena, path, &names, error))
        return false;
    *out = (struct listing){ARENA_ARRAY(arena, names.count, struct listed_name), names.count, names.too_many};
    for (size_t i = 0; i < names.count; i++)
        out->items[i] = (struct listed_name){names.names[i], FILE_REFUSED};
    return true;
}

bool source_survey(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                   struct error *error)
{
    int problem = source ? check_path(path) : ENOENT;
    if (problem)
        return source_problem(error, path, problem);
    if (!(source->backend->survey ? source->backend->survey : list_names)(source, arena, path, out, error))
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].kind == FILE_REFUSED)
            out->items[i].kind = source_kind(source, path_join(arena, path, out->items[i].name));
    return true;
}

void source_free(struct source *source)
{
    if (source)
        source->backend->release(source);
}

bool name_list_has(const struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return true;
    return false;
}

void name_list_add(struct arena *arena, struct name_list *list, size_t *room, const char *name)
{
    if (name_list_has(list, name))
        return;
    list->names = arena_grow(arena, list->names, list->count, room, sizeof *list->names);
    list->names[list->count++] = name;
}
