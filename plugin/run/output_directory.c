/* output_directory.c: writes a directory beside the old one and exchanges the two. */
#define _GNU_SOURCE
#include "plugin/run/output_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/files.h"
#include "base/map.h"
#include "base/path.h"
#include "plugin/run/jobs.h"
#include "plugin/run/output.h"

static const char marker[] = ".rootapp-render";
static const char marker_title[] = "# Written by rootapp render, which replaces this directory. Its files:\n";

enum { DEEPEST = 64, OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

struct output_directory {
    struct arena *arena;
    const char *path; /* its own, links followed, so that what is renamed is the directory and not a link to it */
    bool exists, checked;

    /* What its marker lists, and what was found in it: directories after what they hold. */
    struct map *listed; /* the directories that listed files need, too */
    bool has_marker;
    struct found {
        const char *path;
        bool directory, removed;
    } * found;
    size_t count, room;

    pthread_mutex_t mutex; /* of what follows, until the end */
    bool begun, done;
    int top;           /* the new one, open; -1: it is not there */
    const char *fresh; /* its path */
    const char *above; /* what was there already of the directories above it */
    const char *aside; /* a name for the old one */
    struct error problem;
};

static bool fail_writing(struct error *error, const char *path)
{
    return error_set(error, "%s: %s", path, strerror(errno));
}

static void list_path(struct output_directory *directory, const char *path)
{
    for (; strcmp(path, ".") != 0 && strcmp(path, "/") != 0; path = path_directory(directory->arena, path))
        *map_slot(directory->listed, path, strlen(path)) = directory;
}

static void read_marker(struct output_directory *directory)
{
    struct text text = {0};
    file_read(path_join(directory->arena, directory->path, marker), &text);
    const char *line = text_content(&text);
    directory->has_marker =
        text.size >= sizeof marker_title - 1 && memcmp(line, marker_title, sizeof marker_title - 1) == 0;
    for (line += strcspn(line, "\n"); directory->has_marker && *line; line += strcspn(line, "\n"))
        if (*++line)
            list_path(directory, path_clean(directory->arena, arena_copy(directory->arena, line, strcspn(line, "\n"))));
    list_path(directory, marker);
    text_free(&text);
}

/* Of what a directory holds: DT_REG, DT_DIR or another; DT_UNKNOWN: it has gone. */
static int type_of(DIR *stream, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type;
    return fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? IFTODT(status.st_mode)
                                                                                    : DT_UNKNOWN;
}

static void add_found(struct output_directory *directory, const char *path, bool is_directory)
{
    directory->found =
        arena_grow(directory->arena, directory->found, directory->count, &directory->room, sizeof *directory->found);
    directory->found[directory->count++] = (struct found){.path = path, .directory = is_directory};
}

/* Refuses a tree with a file that the marker does not list. */
static bool check_tree(struct output_directory *directory, const char *path, unsigned depth, struct error *error)
{
    const char *place = path_join(directory->arena, directory->path, path);
    DIR *stream = opendir(place);
    memory_check(stream);
    if (!stream)
        return fail_writing(error, place);
    bool good = true;
    struct dirent *entry;
    while (good && (entry = readdir(stream))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *below = path_join(directory->arena, path, entry->d_name);
        int type = type_of(stream, entry);
        bool ours = directory->has_marker && map_get(directory->listed, below, strlen(below)) && depth < DEEPEST;
        if (!ours || (type != DT_REG && type != DT_DIR))
            good = error_set(error, "%s holds '%s', which rootapp did not write; name another directory",
                             directory->path, below);
        else if (type == DT_DIR)
            good = check_tree(directory, below, depth + 1, error);
        add_found(directory, below, type == DT_DIR);
    }
    closedir(stream);
    return good;
}

static const char *real_path(struct arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    memory_check(real);
    const char *result = real ? arena_string(arena, real) : path_clean(arena, path);
    free(real);
    return result;
}

struct output_directory *output_directory_new(const char *path)
{
    struct arena *arena = arena_new();
    struct output_directory *directory = ARENA_NEW(arena, struct output_directory);
    *directory =
        (struct output_directory){.arena = arena, .path = real_path(arena, path), .listed = map_new(arena), .top = -1};
    pthread_mutex_init(&directory->mutex, NULL);
    return directory;
}

static bool check_existing(struct output_directory *directory, struct error *error)
{
    struct stat status;
    directory->exists = lstat(directory->path, &status) == 0;
    if (!directory->exists)
        return errno == ENOENT ? true : fail_writing(error, directory->path);
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return fail_writing(error, directory->path);
    }
    read_marker(directory);
    return check_tree(directory, ".", 0, error);
}

bool output_directory_check(struct output_directory *directory, struct error *error)
{
    directory->checked = directory->checked || check_existing(directory, error);
    return directory->checked;
}

/* Makes the directories that a path needs. */
static bool make_parents(int top, const char *path)
{
    char copy[PATH_MAX];
    size_t size = strlen(path);
    if (size >= sizeof copy) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(copy, path, size + 1);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdirat(top, copy, 0777) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

/* The size of the path of the directory that holds this one; 0: it is in the top directory. */
static size_t parent_size(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static bool same_parent(const char *left, const char *right)
{
    size_t size = parent_size(left);
    return size == parent_size(right) && memcmp(left, right, size) == 0;
}

/* What is there of the directories above a path. */
static const char *existing_directory(struct arena *arena, const char *path)
{
    const char *above = path_directory(arena, path);
    while (access(above, F_OK) != 0 && strcmp(above, ".") != 0 && strcmp(above, "/") != 0)
        above = path_directory(arena, above);
    return above;
}

/* When it is there, whoever ends the process removes it (base/ending.h). */
static bool make_fresh(struct output_directory *directory)
{
    const char *path = directory->path;
    char *prefix = arena_format(directory->arena, "%s.rootapp-", path_base(path));
    char *fresh = arena_format(directory->arena, "%s.rootapp-XXXXXX", path);
    char *aside = arena_format(directory->arena, "%s.rootapp-XXXXXX.old", path);
    directory->above = existing_directory(directory->arena, path);
    if (!make_parents(AT_FDCWD, path))
        return false;
    directories_clear(path_directory(directory->arena, path), prefix); /* what killed renders have left */
    if (!ending_make_directory(fresh))
        return false;
    memcpy(aside, fresh, strlen(fresh));
    directory->fresh = fresh;
    directory->aside = aside;
    mode_t mask = umask(0);
    umask(mask);
    directory->top = open(fresh, OPEN_DIRECTORY);
    return directory->top >= 0 && fchmod(directory->top, 0777 & ~mask) == 0;
}

/* The new directory, open, for the first that asks; -1: something went wrong. */
static int begin_directory(struct output_directory *directory)
{
    pthread_mutex_lock(&directory->mutex);
    if (!directory->begun && !make_fresh(directory))
        fail_writing(&directory->problem, directory->path);
    directory->begun = true;
    int top = directory->problem.message ? -1 : directory->top;
    pthread_mutex_unlock(&directory->mutex);
    return top;
}

static void note_problem(struct output_directory *directory, const char *path)
{
    int number = errno;
    pthread_mutex_lock(&directory->mutex);
    errno = number;
    if (!directory->problem.message)
        fail_writing(&directory->problem, path);
    pthread_mutex_unlock(&directory->mutex);
}

void output_directory_add(struct output_directory *directory, const char *path, const struct text *text)
{
    int top = begin_directory(directory);
    if (top < 0 || output_file_at(top, path, text))
        return;
    if (errno != ENOENT || !make_parents(top, path) || !output_file_at(top, path, text))
        note_problem(directory, path);
}

/* Opens the directory that holds a path, following no link. */
static int open_parent(int top, const char *path)
{
    int fd = top;
    for (const char *slash; fd >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
        char name[NAME_MAX + 1] = "";
        if ((size_t)(slash - path) < sizeof name)
            memcpy(name, path, (size_t)(slash - path));
        int below = openat(fd, name, OPEN_DIRECTORY);
        if (fd != top)
            close(fd);
        fd = below;
    }
    return fd;
}

static void close_below(int fd, int top)
{
    if (fd >= 0 && fd != top)
        close(fd);
}

/* Removing the old directory, which is elsewhere now. What somebody put there meanwhile stays. */
struct removing {
    int top;
    struct output_directory *old;
};

static bool follows_earlier(const struct output_directory *old, size_t index)
{
    return index > 0 && same_parent(old->found[index - 1].path, old->found[index].path);
}

static void remove_directory(int top, struct found *found)
{
    int parent = open_parent(top, found->path);
    found->removed = parent >= 0 && unlinkat(parent, path_base(found->path), AT_REMOVEDIR) == 0;
    close_below(parent, top);
}

static bool holds_path(const struct found *directory, const char *path)
{
    size_t size = parent_size(path);
    return directory->directory && strlen(directory->path) == size && memcmp(directory->path, path, size) == 0;
}

/* The files of one directory, from the first of them on, and the directory itself where that was all there was in it.
 */
static void remove_files(void *context, void *state, size_t index)
{
    const struct removing *removing = context;
    const struct output_directory *old = removing->old;
    const char *first = old->found[index].path;
    (void)state;
    if (follows_earlier(old, index))
        return;
    int parent = open_parent(removing->top, first);
    size_t i = index;
    for (; parent >= 0 && i < old->count && (i == index || follows_earlier(old, i)); i++)
        if (!old->found[i].directory)
            unlinkat(parent, path_base(old->found[i].path), 0);
    close_below(parent, removing->top);
    if (i < old->count && holds_path(&old->found[i], first))
        remove_directory(removing->top, &old->found[i]);
}

static void remove_found(struct output_directory *old, const char *path, unsigned threads)
{
    struct removing removing = {open(path, OPEN_DIRECTORY), old};
    if (removing.top < 0)
        return;
    jobs_run(&(struct jobs){.count = old->count, .threads = threads, .context = &removing, .work = remove_files});
    for (size_t i = 0; i < old->count; i++)
        if (old->found[i].directory && !old->found[i].removed)
            remove_directory(removing.top, &old->found[i]);
    close(removing.top);
    rmdir(path);
}

/* Where two directories cannot be exchanged in one step, they are renamed one after the other. */
static bool rename_both(const char *fresh, const char *aside, const char *path)
{
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
static bool exchange_directories(const char *fresh, const char *aside, const char *path, bool exists)
{
    if (!exists)
        return rename(fresh, path) == 0;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && rename_both(fresh, aside, path);
}

static void add_marker(struct output_directory *directory, const char *const *paths, size_t count)
{
    struct text list = {0};
    text_string(&list, marker_title);
    for (size_t i = 0; i < count; i++)
        text_format(&list, "%s\n", paths[i]);
    output_directory_add(directory, marker, &list);
    text_free(&list);
}

static void close_fresh(struct output_directory *directory)
{
    if (directory->top >= 0)
        close(directory->top);
    directory->top = -1;
}

static bool take_place(struct output_directory *directory, unsigned threads)
{
    const char *fresh = directory->fresh;
    if (!exchange_directories(fresh, directory->aside, directory->path, directory->exists))
        return fail_writing(&directory->problem, directory->path);
    ending_forget_directory(fresh);
    directory->done = true;
    close_fresh(directory);
    if (directory->exists)
        remove_found(directory, fresh, threads);
    return true;
}

bool output_directory_finish(struct output_directory *directory, const char *const *paths, size_t count,
                             unsigned threads, struct error *error)
{
    sigset_t ending, before;
    add_marker(directory, paths, count);
    sigemptyset(&ending);
    sigaddset(&ending, SIGHUP);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, &before); /* they end us when the directory is in place */
    bool good = !directory->problem.message && take_place(directory, threads);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (!good) {
        *error = directory->problem;
        directory->problem = (struct error){0};
    }
    return good;
}

static void remove_fresh(struct output_directory *directory)
{
    if (directory->fresh)
        directory_remove(directory->fresh);
    const char *above = directory->path;
    while (strcmp(above = path_directory(directory->arena, above), directory->above) != 0)
        rmdir(above);
    close_fresh(directory);
}

void output_directory_free(struct output_directory *directory)
{
    if (!directory)
        return;
    if (directory->begun && !directory->done)
        remove_fresh(directory);
    error_free(&directory->problem);
    pthread_mutex_destroy(&directory->mutex);
    arena_free(directory->arena);
}
