/* directory.c: files of a directory in the file system, confined to it.
 *
 * A path is opened with openat2(2), which refuses symbolic links and whatever leads out, so that nobody who changes
 * the directory meanwhile leads us astray. Only where it meets a link are links followed (links.c), and the result is
 * opened in the same way. Kernels before 5.6 and old sandboxes have no openat2: there, each component is opened singly.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/path.h"
#include "source/backend.h"
#include "source/links.h"

enum {
    OPEN_PLACE = O_PATH | O_CLOEXEC,
    OPEN_READ = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, /* a FIFO must not block */
    OPEN_LIST = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
    MOST_ATTEMPTS = 3, /* when links are changed under our feet */
};

struct directory {
    struct source source;
    struct root root;
    atomic_bool walks; /* openat2 is missing */
};

static const struct directory *directory_of(const struct source *source)
{
    return (const struct directory *)source;
}

static bool is_link(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Whether a name that was opened, or was not, is a link. O_PATH opens one, O_DIRECTORY says it is no directory. */
static bool met_link(int parent, const char *name, int flags, int fd)
{
    struct stat status;
    if (fd >= 0)
        return (flags & O_PATH) && is_link(fd);
    return errno == ENOTDIR && fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

/* Opens one name without following a link: a link is ELOOP. */
static int open_component(int parent, const char *name, int flags)
{
    int fd = openat(parent, name, flags | O_NOFOLLOW);
    if (!met_link(parent, name, flags, fd))
        return fd;
    if (fd >= 0)
        close(fd);
    errno = ELOOP;
    return -1;
}

/* openat2 for kernels without it. `path` is changed. */
static int walk_open(int root, char *path, int flags)
{
    int parent = root, fd = -1;
    for (char *name = path, *slash; name; name = slash) {
        slash = strchr(name, '/');
        if (slash)
            *slash++ = '\0';
        fd = open_component(parent, name, slash ? OPEN_PLACE : flags);
        int problem = errno;
        if (parent != root)
            close(parent);
        errno = problem;
        if (fd < 0)
            break;
        parent = fd;
    }
    return fd;
}

/* Opens a path that has no symbolic link in it: a link is ELOOP. */
static int open_plain(const struct directory *directory, const char *path, int flags)
{
    atomic_bool *walks = (atomic_bool *)&directory->walks;
    if (!atomic_load_explicit(walks, memory_order_relaxed)) {
        struct open_how how = {.flags = (unsigned)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
        long fd = syscall(SYS_openat2, directory->root.fd, path, &how, sizeof how);
        if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
            return (int)fd;
        atomic_store_explicit(walks, true, memory_order_relaxed);
    }
    char *copy = memory_string(path);
    int fd = walk_open(directory->root.fd, copy, flags);
    int problem = errno;
    free(copy);
    errno = problem;
    return fd;
}

/* Opens what a path names, links followed. Returns 0 or a problem; `real` gets the path without links where it differs
 * from `path` and stays empty otherwise. */
static int open_path(const struct directory *directory, const char *path, int flags, int *fd, struct text *real)
{
    *fd = open_plain(directory, path, flags);
    for (int attempt = 0; *fd < 0 && (errno == ELOOP || errno == EAGAIN) && attempt < MOST_ATTEMPTS; attempt++) {
        text_cut(real, 0);
        int problem = links_follow(&directory->root, path, real);
        if (problem)
            return problem;
        *fd = open_plain(directory, real->bytes, flags);
    }
    return *fd < 0 ? errno : 0;
}

static int open_file(const struct source *source, const char *path, int flags, int *fd)
{
    struct text real = {0};
    int problem = open_path(directory_of(source), path, flags, fd, &real);
    text_free(&real);
    return problem;
}

static enum file_kind directory_kind(const struct source *source, const char *path)
{
    int fd;
    int problem = open_file(source, path, OPEN_PLACE, &fd);
    if (problem)
        return source_problem_kind(problem);
    struct stat status;
    bool known = fstat(fd, &status) == 0;
    close(fd);
    if (!known)
        return FILE_OTHER;
    return S_ISREG(status.st_mode) ? FILE_REGULAR : S_ISDIR(status.st_mode) ? FILE_DIRECTORY : FILE_OTHER;
}

static char *directory_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error)
{
    int fd;
    struct text real = {0};
    int problem = open_path(directory_of(source), path, OPEN_PLACE, &fd, &real);
    char *resolved = NULL;
    if (problem)
        source_problem(error, path, problem);
    else
        resolved = arena_string(arena, real.size ? real.bytes : path);
    if (!problem)
        close(fd);
    text_free(&real);
    return resolved;
}

static int check_regular(int fd, size_t *size)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return errno;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    if (!S_ISREG(status.st_mode))
        return PROBLEM_NOT_REGULAR;
    if (status.st_size > SOURCE_LARGEST_FILE)
        return PROBLEM_TOO_LARGE;
    *size = (size_t)status.st_size;
    return 0;
}

/* Reads a file of this size; one that says 0 may have more, as those of /proc have. */
static int read_all(int fd, struct arena *arena, size_t expected, struct file_bytes *out)
{
    size_t room = expected + 1, used = 0;
    char *bytes = arena_alloc(arena, room);
    while (!expected || used < expected) {
        if (used == room)
            bytes = arena_grow(arena, bytes, used, &room, 1);
        ssize_t got = read(fd, bytes + used, (expected ? expected : room) - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > SOURCE_LARGEST_FILE)
            return PROBLEM_TOO_LARGE;
    }
    if (used == room)
        bytes = arena_grow(arena, bytes, used, &room, 1);
    bytes[used] = '\0';
    *out = (struct file_bytes){.bytes = bytes, .size = used};
    return 0;
}

static bool read_most(const struct source *source, struct arena *arena, const char *path, size_t most,
                      struct file_bytes *out, struct error *error)
{
    int fd;
    struct text real = {0};
    int problem = open_path(directory_of(source), path, OPEN_READ, &fd, &real);
    const char *opened = real.size ? arena_string(arena, real.bytes) : NULL;
    text_free(&real);
    if (problem)
        return source_problem(error, path, problem == ENXIO ? PROBLEM_NOT_REGULAR : problem); /* ENXIO: a socket */
    size_t size = 0;
    problem = check_regular(fd, &size);
    if (!problem && size <= most)
        problem = read_all(fd, arena, size, out);
    out->real = opened;
    close(fd);
    if (problem)
        return source_problem(error, path, problem);
    return (size <= most && out->size <= most) || source_too_large(error, path, most);
}

static bool directory_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                           struct error *error)
{
    return read_most(source, arena, path, SIZE_MAX, out, error);
}

static bool directory_size(const struct source *source, const char *path, size_t *out)
{
    int fd;
    if (open_file(source, path, OPEN_PLACE, &fd))
        return false;
    struct stat status;
    bool known = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    close(fd);
    *out = known ? (size_t)status.st_size : 0;
    return known;
}

static bool is_listed(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !source_is_git(name, strlen(name));
}

static enum file_kind listed_kind(unsigned char type)
{
    switch (type) {
    case DT_REG:
        return FILE_REGULAR;
    case DT_DIR:
        return FILE_DIRECTORY;
    case DT_LNK:
    case DT_UNKNOWN:
        return FILE_REFUSED;
    default:
        return FILE_OTHER;
    }
}

static int compare_listed(const void *left, const void *right)
{
    const struct listed_name *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* Directly from the kernel: a DIR would ask it twice more, and render looks into thousands of small directories. */
static int read_names(int fd, struct arena *arena, struct listing *out)
{
    struct listing list = {0};
    size_t room = 0;
    alignas(struct dirent64) char buffer[16 * 1024];
    ssize_t size;
    while ((size = getdents64(fd, buffer, sizeof buffer)) > 0)
        for (ssize_t at = 0; at < size;) {
            const struct dirent64 *entry = (const void *)(buffer + at);
            at += entry->d_reclen;
            if (!is_listed(entry->d_name))
                continue;
            if (list.count == SOURCE_MOST_NAMES) {
                *out = (struct listing){.too_many = true};
                return 0;
            }
            list.items = arena_grow(arena, list.items, list.count, &room, sizeof *list.items);
            list.items[list.count++] =
                (struct listed_name){arena_string(arena, entry->d_name), listed_kind(entry->d_type)};
        }
    if (size < 0)
        return errno;
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, compare_listed);
    *out = list;
    return 0;
}

static bool directory_survey(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                             struct error *error)
{
    int fd;
    int problem = open_file(source, path, OPEN_LIST, &fd);
    if (problem)
        return source_problem(error, path, problem);
    problem = read_names(fd, arena, out);
    close(fd);
    return problem ? source_problem(error, path, problem) : true;
}

static bool directory_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                           struct error *error)
{
    struct listing listing;
    if (!directory_survey(source, arena, path, &listing, error))
        return false;
    *out = (struct name_list){.names = ARENA_ARRAY(arena, listing.count, const char *), .too_many = listing.too_many};
    while (out->count < listing.count) {
        out->names[out->count] = listing.items[out->count].name;
        out->count++;
    }
    return true;
}

static char *directory_system_path(const struct source *source, struct arena *arena, const char *real)
{
    return path_join(arena, directory_of(source)->root.real, real);
}

static void directory_release(struct source *source)
{
    struct directory *directory = (struct directory *)source;
    close(directory->root.fd);
    free(directory->root.real);
    free(directory->root.given);
    free(directory);
}

static int directory_read_link(const struct root *root, const char *path, char *target, size_t *size)
{
    ssize_t length = readlinkat(root->fd, path, target, PATH_MAX - 1);
    *size = length < 0 ? 0 : (size_t)length;
    return length >= 0 || errno == EINVAL ? 0 : errno; /* EINVAL: it is no link */
}

static const struct source_backend directory_backend = {
    .kind = directory_kind,
    .resolve = directory_resolve,
    .read = directory_read,
    .read_small = read_most,
    .size = directory_size,
    .list = directory_list,
    .survey = directory_survey,
    .system_path = directory_system_path,
    .release = directory_release,
};

/* The absolute path of a root as it was written: links may name it so. */
static char *absolute_path(const char *path)
{
    if (*path == '/')
        return memory_string(path);
    char here[PATH_MAX];
    struct text text = {0};
    if (strcmp(path, ".") == 0)
        text_string(&text, getcwd(here, sizeof here) ? here : "/");
    else
        text_format(&text, "%s/%s", getcwd(here, sizeof here) ? here : "", path);
    char *absolute = memory_copy(text.bytes, text.size);
    text_free(&text);
    return absolute;
}

struct source *source_directory(const char *path, struct error *error)
{
    int fd = path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    char *real = fd < 0 ? NULL : realpath(path, NULL);
    if (fd >= 0)
        memory_check(real);
    if (!real) {
        int problem = !path ? ENOENT : errno;
        if (fd >= 0)
            close(fd);
        error_set(error, "%s: %s", path ? path : "''", problem == ENOTDIR ? "is not a directory" : strerror(problem));
        return NULL;
    }
    struct directory *directory = memory_new(sizeof *directory);
    directory->source.backend = &directory_backend;
    directory->root =
        (struct root){.fd = fd, .real = real, .given = absolute_path(path), .read_link = directory_read_link};
    return &directory->source;
}

void source_directory_walk(struct source *directory)
{
    atomic_store(&((struct directory *)directory)->walks, true);
}
