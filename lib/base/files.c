/* files.c: makes, removes and replaces files and directories of our own. */
#define _GNU_SOURCE
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/ending.h"

enum { OWNER_ONLY = 0700, PERMISSIONS = 07777, STALE_SECONDS = 24 * 60 * 60, READ_CHUNK = 64 * 1024, LETTERS = 6 };

static const char temporary_prefix[] = "rootapp-tmp-";

/* A name that mkdtemp(3) made with this prefix, of a directory of ours. */
static bool is_made(int parent, const char *name, const char *prefix, struct stat *status)
{
    size_t size = strlen(prefix);
    return strncmp(name, prefix, size) == 0 && strlen(name) == size + LETTERS &&
           fstatat(parent, name, status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status->st_mode) &&
           status->st_uid == geteuid();
}

/* Its maker holds a lock as long as it lives. Some file systems lock nothing: there a day is enough. The result holds
 * the lock, so that nobody takes a new directory of the same name for it; -1: it is not abandoned. */
static int hold_abandoned(int parent, const char *name, const struct stat *status)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (errno != EWOULDBLOCK && status->st_mtime < time(NULL) - STALE_SECONDS)
        return fd;
    close(fd);
    return -1;
}

static void remove_abandoned(const char *parent, int directory, const char *name, const struct stat *status)
{
    struct text path = {0};
    int held = hold_abandoned(directory, name, status);
    if (held < 0)
        return;
    text_format(&path, "%s/%s", parent, name);
    directory_remove(path.bytes);
    text_free(&path);
    close(held);
}

void directories_clear(const char *parent, const char *prefix)
{
    DIR *stream = opendir(parent);
    struct stat status;
    memory_check(stream);
    for (struct dirent *entry; stream && (entry = readdir(stream));)
        if (is_made(dirfd(stream), entry->d_name, prefix, &status))
            remove_abandoned(parent, dirfd(stream), entry->d_name, &status);
    if (stream)
        closedir(stream);
}

const char *temporary_parent(void)
{
    const char *chosen = getenv("TMPDIR");
    return chosen && *chosen == '/' ? chosen : "/tmp";
}

char *temporary_directory(struct arena *arena, const char *parent, struct error *error)
{
    if (!parent)
        parent = temporary_parent();
    char *path = arena_format(arena, "%s/%sXXXXXX", parent, temporary_prefix);
    directories_clear(parent, temporary_prefix);
    if (ending_make_directory(path))
        return path;
    error_set(error, "cannot make a temporary directory in '%s': %s", parent, strerror(errno));
    return NULL;
}

bool temporary_directory_keep(const char *directory, const char *path)
{
    if (rename(directory, path) != 0)
        return false;
    ending_forget_directory(directory);
    return true;
}

bool path_is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool directory_make(const char *path, struct error *error)
{
    char *copy = memory_string(path);
    bool good = true;
    int problem = ENOTDIR;
    for (char *at = copy + 1; good; *at++ = '/') {
        at += strcspn(at, "/");
        bool last = !*at;
        *at = '\0';
        if (mkdir(copy, OWNER_ONLY) != 0 && errno != EEXIST) {
            int why = errno;
            good = path_is_directory(copy);
            problem = good ? problem : why;
        }
        if (last)
            break;
    }
    if (!good || !path_is_directory(path))
        error_set(error, "cannot make the directory '%s': %s", path, strerror(problem));
    free(copy);
    return good && path_is_directory(path);
}

bool file_read(const char *path, struct text *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 && !out->failed) {
        char chunk[READ_CHUNK];
        got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            text_bytes(out, chunk, (size_t)got);
    }
    if (fd >= 0)
        close(fd);
    return got == 0 && !out->failed;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

bool file_replace(const char *path, const void *bytes, size_t size, struct error *error)
{
    struct text fresh = {0};
    text_format(&fresh, "%s.XXXXXX", path);
    int fd = mkostemp(fresh.bytes, O_CLOEXEC);
    struct stat status;
    bool good = fd >= 0 && write_all(fd, bytes, size) &&
                (stat(path, &status) != 0 || fchmod(fd, status.st_mode & PERMISSIONS) == 0);
    int problem = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = false;
        problem = errno;
    }
    if (good && rename(fresh.bytes, path) != 0) {
        good = false;
        problem = errno;
    }
    if (!good && fd >= 0)
        unlink(fresh.bytes);
    if (!good)
        error_set(error, "cannot write '%s': %s", path, strerror(problem));
    text_free(&fresh);
    return good;
}
