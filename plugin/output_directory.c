/* output_directory.c: writes a directory beside the old one and exchanges the two.
 *
 * From the moment that the new one is made, nothing is allocated: out of memory would end the process there. */
#define _GNU_SOURCE
#include "plugin/output_directory.h"

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

#include "base/files.h"
#include "base/map.h"
#include "base/path.h"
#include "plugin/jobs.h"
#include "plugin/output.h"

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
};

/* What went wrong, until there is time to allocate a message. */
struct problem {
    const char *path;
    int number;
};

static bool fail(struct error *error, const char *path)
{
    return error_set(error, "%s: %s", path, strerror(errno));
}

static bool note(struct problem *problem, const char *path)
{
    *problem = (struct problem){path, errno};
    return false;
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
        return fail(error, place);
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
    *directory = (struct output_directory){.arena = arena, .path = real_path(arena, path), .listed = map_new(arena)};
    return directory;
}

void output_directory_free(struct output_directory *directory)
{
    if (directory)
        arena_free(directory->arena);
}

static bool check(struct output_directory *directory, struct error *error)
{
    struct stat status;
    directory->exists = lstat(directory->path, &status) == 0;
    if (!directory->exists)
        return errno == ENOENT ? true : fail(error, directory->path);
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return fail(error, directory->path);
    }
    read_marker(directory);
    return check_tree(directory, ".", 0, error);
}

bool output_directory_check(struct output_directory *directory, struct error *error)
{
    directory->checked = directory->checked || check(directory, error);
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

/* The entries on their way into the new directory. */
struct writing {
    int top;
    const struct output_entry *entries;
    size_t count;
    pthread_mutex_t mutex; /* of `problem` */
    struct problem *problem;
};

static bool has_failed(struct writing *writing)
{
    pthread_mutex_lock(&writing->mutex);
    bool failed = writing->problem->path;
    pthread_mutex_unlock(&writing->mutex);
    return failed;
}

static bool write_entry(struct writing *writing, const struct output_entry *entry, bool first)
{
    if (has_failed(writing))
        return false;
    if ((!first || make_parents(writing->top, entry->path)) && output_file_at(writing->top, entry->path, entry->text))
        return true;
    struct problem problem = {entry->path, errno};
    pthread_mutex_lock(&writing->mutex);
    *writing->problem = problem;
    pthread_mutex_unlock(&writing->mutex);
    return false;
}

/* The entries of one directory, from the first of them on. */
static void write_files(void *context, void *state, size_t index)
{
    struct writing *writing = context;
    const struct output_entry *entries = writing->entries;
    (void)state;
    if (index > 0 && same_parent(entries[index - 1].path, entries[index].path))
        return;
    for (size_t i = index; i == index || (i < writing->count && same_parent(entries[i - 1].path, entries[i].path)); i++)
        if (!write_entry(writing, &entries[i], i == index))
            return;
}

/* In several threads: making a file takes the kernel about as long as a render takes us. */
static bool write_entries(int top, const struct output_entry *entries, size_t count, unsigned threads,
                          struct problem *problem)
{
    struct writing writing = {
        .top = top, .entries = entries, .count = count, .mutex = PTHREAD_MUTEX_INITIALIZER, .problem = problem};
    jobs_run(&(struct jobs){.count = count, .threads = threads, .context = &writing, .work = write_files});
    return !problem->path;
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

static bool follows(const struct output_directory *old, size_t index)
{
    return index > 0 && same_parent(old->found[index - 1].path, old->found[index].path);
}

static void remove_directory(int top, struct found *found)
{
    int parent = open_parent(top, found->path);
    found->removed = parent >= 0 && unlinkat(parent, path_base(found->path), AT_REMOVEDIR) == 0;
    close_below(parent, top);
}

static bool holds(const struct found *directory, const char *path)
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
    if (follows(old, index))
        return;
    int parent = open_parent(removing->top, first);
    size_t i = index;
    for (; parent >= 0 && i < old->count && (i == index || follows(old, i)); i++)
        if (!old->found[i].directory)
            unlinkat(parent, path_base(old->found[i].path), 0);
    close_below(parent, removing->top);
    if (i < old->count && holds(&old->found[i], first))
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
static bool exchange(const char *fresh, const char *aside, const char *path, bool exists)
{
    if (!exists)
        return rename(fresh, path) == 0;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && rename_both(fresh, aside, path);
}

static bool fill(const char *fresh, const char *path, const struct output_entry *entries, size_t count,
                 unsigned threads, struct problem *problem)
{
    mode_t mask = umask(0);
    umask(mask);
    int top = open(fresh, OPEN_DIRECTORY);
    bool good = top >= 0 && fchmod(top, 0777 & ~mask) == 0;
    if (!good)
        note(problem, path);
    good = good && write_entries(top, entries, count, threads, problem);
    if (top >= 0)
        close(top);
    return good;
}

static bool replace(struct output_directory *old, const struct output_entry *entries, size_t count, unsigned threads,
                    struct problem *problem)
{
    const char *path = old->path;
    char *fresh = arena_format(old->arena, "%s.XXXXXX", path);
    char *aside = arena_format(old->arena, "%s.XXXXXX.old", path);
    if (!make_parents(AT_FDCWD, path) || !mkdtemp(fresh))
        return note(problem, path);
    memcpy(aside, fresh, strlen(fresh));
    bool good = fill(fresh, path, entries, count, threads, problem);
    if (good && !exchange(fresh, aside, path, old->exists))
        good = note(problem, path);
    if (!good)
        directory_remove(fresh);
    else if (old->exists)
        remove_found(old, fresh, threads);
    return good;
}

/* The entries, and the marker that lists them. */
static const struct output_entry *with_marker(struct arena *arena, const struct output_entry *entries, size_t count,
                                              struct text *list)
{
    struct output_entry *all = ARENA_ARRAY(arena, count + 1, struct output_entry);
    text_string(list, marker_title);
    for (size_t i = 0; i < count; i++) {
        all[i] = entries[i];
        text_format(list, "%s\n", entries[i].path);
    }
    all[count] = (struct output_entry){marker, list};
    return all;
}

bool output_directory_write(struct output_directory *directory, const struct output_entry *entries, size_t count,
                            unsigned threads, struct error *error)
{
    struct problem problem = {0};
    struct text list = {0};
    const struct output_entry *all = with_marker(directory->arena, entries, count, &list);
    sigset_t ending, before;
    sigemptyset(&ending);
    sigaddset(&ending, SIGHUP);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, &before); /* they end us when the directory is in place */
    bool good = output_directory_check(directory, error) && replace(directory, all, count + 1, threads, &problem);
    sigprocmask(SIG_SETMASK, &before, NULL);
    text_free(&list);
    if (problem.path)
        error_set(error, "%s: %s", problem.path, strerror(problem.number));
    return good;
}
