/* repository.c: finds the repository around a directory. */
#define _GNU_SOURCE
#include "plugin/run/repository.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/path.h"

static const char *real_path(struct arena *arena, const char *path, struct error *error)
{
    if (strstr(path, "://")) {
        error_set(error, "%s: is a URL; clone the repository and name a directory of it", path);
        return NULL;
    }
    char *real = realpath(*path ? path : ".", NULL);
    memory_check(real);
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

bool repository_open_part(struct arena *arena, const char *root, const char *part, const char *directory,
                          struct repository *out, struct error *error)
{
    *out = (struct repository){.root = root, .part = part, .has_git = true};
    out->directory = path_join(arena, part ? part : ".", path_relative(arena, root, directory));
    out->source = source_directory(root, error);
    if (part)
        out->source = source_part(out->source, part);
    return out->source != NULL;
}

bool repository_open(struct arena *arena, const char *root, const char *directory, struct repository *out,
                     struct error *error)
{
    return repository_open_part(arena, root, NULL, directory, out, error);
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

/* Takes a directory off the front of every path in a text. A path begins where no character of one stands before. */
static char *without_directory(const char *text, const char *directory)
{
    struct text out = {0};
    size_t size = strlen(directory);
    for (const char *at = text; *at; at++) {
        bool starts = (at == text || strchr(" '\"([:", at[-1])) && strncmp(at, directory, size) == 0;
        bool itself = starts && (!at[size] || strchr("'\"]):", at[size]));
        if (starts && at[size] == '/' && at[size + 1])
            at += size + 1;
        text_byte(&out, itself ? '.' : *at);
        at += itself ? size - 1 : 0;
    }
    char *copy = memory_copy(text_content(&out), out.size);
    text_free(&out);
    return copy;
}

static void replace_text(char **text, const char *directory)
{
    if (!*text)
        return;
    char *fresh = without_directory(*text, directory);
    free(*text);
    *text = fresh;
}

void repository_localize(const struct repository *repository, struct arena *arena, struct error *error)
{
    if (!repository->root || strcmp(repository->root, "/") != 0)
        return;
    const char *here = working_directory(arena, NULL);
    if (!here || strcmp(here, "/") == 0)
        return;
    replace_text(&error->message, here + 1);
    const char *absolute = error->file ? path_join(arena, "/", error->file) : NULL;
    if (!absolute || access(absolute, F_OK) != 0)
        return; /* what has no file names what it is */
    const char *shown = repository_local_path(repository, arena, error->file);
    free(error->file);
    error->file = memory_string(shown);
}

static bool is_root(const char *at, const char *root)
{
    size_t size = strlen(root);
    return size > 1 && strncmp(at, root, size) == 0 && !isalnum((unsigned char)at[size]) &&
           (!at[size] || !strchr("._-", at[size]));
}

/* The size of a path at `at` that nobody outside needs to know, with its slash; 0: there is none. */
static size_t hidden_path(const char *at, const char *root, const char *temporary)
{
    size_t size = strlen(root), before = strlen(temporary);
    if (is_root(at, root))
        return size + (at[size] == '/');
    if (before && strncmp(at, temporary, before) == 0 && strncmp(at + before, "/rootapp-tmp-", 13) == 0) {
        size = before + 1 + strcspn(at + before + 1, "/ '\":;");
        return size + (at[size] == '/');
    }
    return 0;
}

void repository_hide_paths(const struct repository *repository, struct error *error)
{
    const char *temporary = temporary_parent();
    struct text out = {0};
    if (!error->message || !repository->root)
        return;
    for (const char *at = error->message; *at;) {
        size_t size = hidden_path(at, repository->root, temporary);
        if (size && repository->part && is_root(at, repository->root))
            text_format(&out, at[size - 1] == '/' ? "%s/" : "%s", repository->part);
        else if (size && at[size - 1] != '/')
            text_byte(&out, '.');
        if (!size)
            text_byte(&out, *at);
        at += size ? size : 1;
    }
    free(error->message);
    error->message = memory_copy(text_content(&out), out.size);
    text_free(&out);
}

const char *repository_local_path(const struct repository *repository, struct arena *arena, const char *path)
{
    const char *here = strcmp(repository->root, "/") == 0 ? working_directory(arena, NULL) : NULL;
    if (!here)
        return path;
    const char *absolute = path_join(arena, "/", path);
    return path_is_within(absolute, here) ? path_relative(arena, here, absolute) : absolute;
}
