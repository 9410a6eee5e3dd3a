/* repository.c: finds the repository around a directory. */
#define _GNU_SOURCE
#include "plugin/repository.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"

static const char *real_path(struct arena *arena, const char *path, struct error *error)
{
    if (strstr(path, "://")) {
        error_set(error, "%s: is a URL; clone the repository and name a directory of it", path);
        return NULL;
    }
    char *real = realpath(*path ? path : ".", NULL);
    struct stat status;
    int problem = errno;
    if (real && stat(real, &status) == 0 && !S_ISDIR(status.st_mode)) {
        free(real);
        real = NULL;
        problem = ENOTDIR;
    }
    if (!real) {
        error_set(error, "%s: %s", path, strerror(problem));
        return NULL;
    }
    const char *copy = arena_string(arena, real);
    free(real);
    return copy;
}

static const char *find_git(struct arena *arena, const char *directory)
{
    for (const char *at = directory;; at = path_directory(arena, at)) {
        struct stat status;
        if (lstat(path_join(arena, at, ".git"), &status) == 0)
            return at;
        if (strcmp(at, "/") == 0)
            return NULL;
    }
}

bool repository_open(struct arena *arena, const char *root, const char *directory, struct repository *out,
                     struct error *error)
{
    *out = (struct repository){.root = root, .has_git = true};
    out->directory = path_relative(arena, root, directory);
    out->source = source_directory(root, error);
    return out->source != NULL;
}

bool repository_find(struct arena *arena, const char *path, enum without_git fallback, struct repository *out,
                     struct error *error)
{
    *out = (struct repository){0};
    const char *directory = real_path(arena, path, error);
    if (!directory)
        return false;
    const char *root = find_git(arena, directory);
    const char *otherwise = fallback == WITHOUT_GIT_HERE ? directory : "/";
    if (!repository_open(arena, root ? root : otherwise, directory, out, error))
        return false;
    out->has_git = root != NULL;
    return true;
}

void repository_close(struct repository *repository)
{
    source_free(repository->source);
    repository->source = NULL;
}

const char *working_directory(struct arena *arena, struct error *error)
{
    return real_path(arena, ".", error);
}

void repository_localize(const struct repository *repository, struct arena *arena, struct error *error)
{
    if (!repository->root || strcmp(repository->root, "/") != 0 || !error->file)
        return;
    const char *here = working_directory(arena, NULL);
    const char *file = path_join(arena, "/", error->file);
    if (here && path_is_within(file, here))
        file = path_relative(arena, here, file);
    free(error->file);
    error->file = memory_copy(file, strlen(file));
}
