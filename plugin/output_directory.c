/* output_directory.c: writes a directory beside the old one and exchanges the two. */
#define _GNU_SOURCE
#include "plugin/output_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "base/path.h"
#include "plugin/output.h"

static const char marker[] = ".rootapp-render";
static const char marker_title[] = "# Written by rootapp render, which replaces this directory. Its files:\n";

enum { DEEPEST = 64 };

/* What the marker of a directory lists, and the directories that these files need. */
struct written {
    struct arena *arena;
    struct map *paths;
    bool has_marker;
};

static bool fail(struct error *error, const char *path)
{
    return error_set(error, "%s: %s", path, strerror(errno));
}

static void note_path(struct written *written, const char *path)
{
    for (; strcmp(path, ".") != 0 && strcmp(path, "/") != 0; path = path_directory(written->arena, path))
        *map_slot(written->paths, path, strlen(path)) = written;
}

static void read_marker(struct written *written, const char *directory)
{
    FILE *file = fopen(path_join(written->arena, directory, marker), "re");
    if (!file)
        return;
    char *line = NULL;
    size_t room = 0;
    ssize_t size = getline(&line, &room, file);
    written->has_marker = size > 0 && strcmp(line, marker_title) == 0;
    while (written->has_marker && (size = getline(&line, &room, file)) > 0) {
        line[size - 1] = '\0';
        note_path(written, path_clean(written->arena, arena_string(written->arena, line)));
    }
    note_path(written, marker);
    free(line);
    fclose(file);
}

static mode_t type_of(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

/* Finds a file in the tree that the marker does not list. */
static bool check_tree(const struct written *written, const char *top, const char *path, unsigned depth,
                       struct error *error)
{
    const char *place = path_join(written->arena, top, path);
    DIR *stream = opendir(place);
    if (!stream)
        return fail(error, place);
    bool good = true;
    struct dirent *entry;
    while (good && (entry = readdir(stream))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *below = path_join(written->arena, path, entry->d_name);
        mode_t type = type_of(path_join(written->arena, top, below));
        bool ours = written->has_marker && map_get(written->paths, below, strlen(below)) && depth < DEEPEST;
        if (!ours || (type != S_IFREG && type != S_IFDIR))
            good = error_set(error, "%s holds '%s', which rootapp did not write; name another directory", top, below);
        else if (type == S_IFDIR)
            good = check_tree(written, top, below, depth + 1, error);
    }
    closedir(stream);
    return good;
}

/* The directory's own path, links followed, so that what is renamed is the directory and not a link to it. */
static const char *real_path(struct arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    const char *result = real ? arena_string(arena, real) : path_clean(arena, path);
    free(real);
    return result;
}

static bool check(struct written *written, const char *path, bool *exists, struct error *error)
{
    struct stat status;
    *exists = lstat(path, &status) == 0;
    if (!*exists)
        return errno == ENOENT ? true : fail(error, path);
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return fail(error, path);
    }
    read_marker(written, path);
    return check_tree(written, path, ".", 0, error);
}

bool output_directory_check(struct arena *arena, const char *path, struct error *error)
{
    struct written written = {.arena = arena, .paths = map_new(arena)};
    bool exists;
    return check(&written, real_path(arena, path), &exists, error);
}

static bool make_parents(struct arena *arena, int top, const char *path)
{
    const char *parent = path_directory(arena, path);
    if (strcmp(parent, ".") == 0)
        return true;
    if (mkdirat(top, parent, 0777) == 0 || errno == EEXIST)
        return true;
    return errno == ENOENT && make_parents(arena, top, parent) && mkdirat(top, parent, 0777) == 0;
}

static bool write_entries(struct arena *arena, int top, const struct output_entry *entries, size_t count,
                          struct error *error)
{
    struct text list = {0};
    text_string(&list, marker_title);
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        if (!make_parents(arena, top, entries[i].path))
            good = fail(error, entries[i].path);
        good = good && output_file_at(top, entries[i].path, entries[i].text, error);
        text_format(&list, "%s\n", entries[i].path);
    }
    good = good && output_file_at(top, marker, &list, error);
    text_free(&list);
    return good;
}

/* Removes what is listed from an open directory, which is closed. What somebody put there meanwhile stays. */
static void remove_listed(const struct written *written, int directory, const char *path)
{
    DIR *stream = directory < 0 ? NULL : fdopendir(directory);
    struct dirent *entry;
    while (stream && (entry = readdir(stream))) {
        const char *name = entry->d_name, *below = path_join(written->arena, path, name);
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || !map_get(written->paths, below, strlen(below)))
            continue;
        int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0)
            remove_listed(written, fd, below);
        unlinkat(directory, name, fd >= 0 ? AT_REMOVEDIR : 0);
    }
    if (stream)
        closedir(stream);
    else if (directory >= 0)
        close(directory);
}

static void remove_tree(const struct written *written, const char *path)
{
    remove_listed(written, open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), ".");
    rmdir(path);
}

/* Where two directories cannot be exchanged in one step, they are renamed one after the other. */
static bool rename_both(struct arena *arena, const char *fresh, const char *path)
{
    const char *aside = arena_format(arena, "%s.old", fresh);
    if (rename(path, aside) != 0)
        return false;
    if (rename(fresh, path) == 0)
        return rename(aside, fresh) == 0;
    int problem = errno;
    rename(aside, path);
    errno = problem;
    return false;
}

/* Puts the new directory in the old one's place; the old one is then where the new one was. */
static bool exchange(struct arena *arena, const char *fresh, const char *path, bool exists)
{
    if (!exists)
        return rename(fresh, path) == 0;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && rename_both(arena, fresh, path);
}

/* Writes the new directory, named `fresh`, and puts it in place. */
static bool write_and_exchange(struct arena *arena, const char *fresh, const char *path, bool exists,
                               const struct output_entry *entries, size_t count, struct error *error)
{
    mode_t mask = umask(0);
    umask(mask);
    int top = open(fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = top >= 0 && fchmod(top, 0777 & ~mask) == 0;
    if (!good)
        fail(error, path);
    good = good && write_entries(arena, top, entries, count, error);
    if (top >= 0)
        close(top);
    if (good && !exchange(arena, fresh, path, exists))
        good = fail(error, path);
    return good;
}

static bool replace(const struct written *old, const char *path, bool exists, const struct output_entry *entries,
                    size_t count, struct error *error)
{
    struct arena *arena = old->arena;
    char *fresh = arena_format(arena, "%s.XXXXXX", path);
    if (!make_parents(arena, AT_FDCWD, path) || !mkdtemp(fresh))
        return fail(error, path);
    if (write_and_exchange(arena, fresh, path, exists, entries, count, error)) {
        if (exists)
            remove_tree(old, fresh);
        return true;
    }
    struct written partial = {.arena = arena, .paths = map_new(arena)};
    for (size_t i = 0; i < count; i++)
        note_path(&partial, entries[i].path);
    note_path(&partial, marker);
    remove_tree(&partial, fresh);
    return false;
}

bool output_directory_write(struct arena *arena, const char *path, const struct output_entry *entries, size_t count,
                            struct error *error)
{
    struct written written = {.arena = arena, .paths = map_new(arena)};
    bool exists;
    const char *real = real_path(arena, path);
    sigset_t ending, before;
    sigemptyset(&ending);
    sigaddset(&ending, SIGHUP);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, &before); /* they end us when the directory is in place */
    bool good = check(&written, real, &exists, error) && replace(&written, real, exists, entries, count, error);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return good;
}
