/* remove.c: removes a directory without memory, recursion, or more than two open files, however deep it is.
 *
 * A directory within another is moved up to the top first, so that there is only one level to work on. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/files.h"

enum { BUFFER = 4096, OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* The directory that is removed, and the next name for what is moved into it. */
struct top {
    int fd;
    char name[sizeof "moved-00000000"];
};

static void count_up(char *name)
{
    for (char *digit = name + strlen(name) - 1; *digit != '-'; digit--) {
        if (*digit != '9') {
            ++*digit;
            return;
        }
        *digit = '0';
    }
}

typedef bool handle_directory(struct top *top, int parent, const char *name);

/* Removes the files in a directory, and gives directories to `handle`. Whether anything was changed. */
static bool remove_entries(struct top *top, int directory, handle_directory *handle)
{
    alignas(struct dirent64) char buffer[BUFFER];
    bool changed = false;
    ssize_t size;
    while ((size = getdents64(directory, buffer, sizeof buffer)) > 0)
        for (ssize_t at = 0; at < size;) {
            const struct dirent64 *entry = (const void *)(buffer + at);
            at += entry->d_reclen;
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                continue;
            if (unlinkat(directory, entry->d_name, 0) == 0 || handle(top, directory, entry->d_name))
                changed = true;
        }
    return changed;
}

static bool move_up(struct top *top, int parent, const char *name)
{
    count_up(top->name);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || renameat(parent, name, top->fd, top->name) == 0;
}

static bool clear_directory(struct top *top, int parent, const char *name)
{
    bool changed = false;
    int fd = openat(parent, name, OPEN_DIRECTORY);
    if (fd >= 0) {
        fchmod(fd, S_IRWXU);
        changed = remove_entries(top, fd, move_up);
        close(fd);
    }
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || changed;
}

void directory_remove(const char *path)
{
    int problem = errno;
    struct top top = {.fd = open(path, OPEN_DIRECTORY), .name = "moved-00000000"};
    if (top.fd >= 0) {
        while (remove_entries(&top, top.fd, clear_directory))
            lseek(top.fd, 0, SEEK_SET);
        close(top.fd);
    }
    rmdir(path);
    ending_forget_directory(path);
    errno = problem;
}
