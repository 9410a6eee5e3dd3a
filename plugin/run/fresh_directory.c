/* fresh_directory.c: writes a new directory's files elsewhere and renames it into place. */
#define _GNU_SOURCE
#include "plugin/run/fresh_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/files.h"
#include "base/path.h"
#include "plugin/run/output.h"

struct writing {
    struct arena *arena;
    const char *root, *directory; /* in the repository */
    const char *place;            /* in the file system */
    const char *fresh;            /* where it is written; NULL: not made yet */
    int top;
    struct error *error;
};

static bool fail_writing(const struct writing *writing, const char *path)
{
    return error_set(writing->error, "%s: cannot be written: %s", path, strerror(errno));
}

static bool make_directories(struct arena *arena, const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    return errno == ENOENT && make_directories(arena, path_directory(arena, path)) && mkdir(path, 0777) == 0;
}

/* Beside the directory under a name that discovery and people leave alone. */
static bool make_beside(struct writing *writing)
{
    char *path = arena_format(writing->arena, "%s/.rootapp-new-XXXXXX", path_directory(writing->arena, writing->place));
    writing->fresh = ending_make_directory(path) ? path : NULL;
    return writing->fresh || fail_writing(writing, path_directory(writing->arena, writing->directory));
}

/* In .git, where an interrupted run leaves nothing for `git add`; in a worktree or without git, beside. */
static bool make_fresh(struct writing *writing)
{
    struct stat status;
    struct error ignored = {0};
    const char *git = path_join(writing->arena, writing->root, ".git");
    if (lstat(git, &status) == 0 && S_ISDIR(status.st_mode))
        writing->fresh = temporary_directory(writing->arena, git, &ignored);
    error_free(&ignored);
    return writing->fresh || make_beside(writing);
}

static mode_t usual_mode(mode_t mode)
{
    mode_t mask = umask(0);
    umask(mask);
    return mode & ~mask;
}

static bool write_file(struct writing *writing, const struct fresh_file *file)
{
    const char *place = path_join(writing->arena, writing->fresh, file->path);
    struct text text = {.bytes = (char *)(uintptr_t)file->bytes, .size = file->size};
    bool good = make_directories(writing->arena, path_directory(writing->arena, place)) &&
                output_file_at(writing->top, file->path, &text) &&
                (!file->program || chmod(place, usual_mode(0777)) == 0);
    return good || fail_writing(writing, file->path);
}

static bool write_files(struct writing *writing, const struct fresh_file *files, size_t count)
{
    writing->top = open(writing->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = writing->top >= 0 || fail_writing(writing, writing->directory);
    for (size_t i = 0; good && i < count; i++)
        good = write_file(writing, &files[i]);
    if (writing->top >= 0)
        close(writing->top);
    return good && (chmod(writing->fresh, usual_mode(0777)) == 0 || fail_writing(writing, writing->directory));
}

/* A rename onto an empty directory would replace it. Some file systems cannot refuse that in one step. */
static bool rename_fresh(const char *from, const char *to)
{
    struct stat status;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (lstat(to, &status) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

static bool take_place(struct writing *writing)
{
    sigset_t ending, before;
    sigemptyset(&ending);
    sigaddset(&ending, SIGHUP);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, &before); /* they end us when the directory is in place */
    bool good = rename_fresh(writing->fresh, writing->place);
    int problem = errno;
    if (good)
        ending_forget_directory(writing->fresh);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = problem;
    return good;
}

static void drop_writing(struct writing *writing)
{
    directory_remove(writing->fresh);
    ending_forget_directory(writing->fresh);
    writing->fresh = NULL;
}

static bool write_and_rename(struct writing *writing, const struct fresh_file *files, size_t count)
{
    if (!write_files(writing, files, count))
        return false;
    if (take_place(writing))
        return true;
    if (errno != EXDEV)
        return fail_writing(writing, writing->directory);
    drop_writing(writing); /* .git is another file system */
    return make_beside(writing) && write_files(writing, files, count) &&
           (take_place(writing) || fail_writing(writing, writing->directory));
}

bool fresh_directory_write(struct arena *arena, const char *root, const char *directory, const struct fresh_file *files,
                           size_t count, struct error *error)
{
    struct writing writing = {.arena = arena,
                              .root = root,
                              .directory = directory,
                              .place = path_join(arena, root, directory),
                              .error = error};
    if (!make_directories(arena, path_directory(arena, writing.place)))
        return fail_writing(&writing, path_directory(arena, directory));
    bool good = make_fresh(&writing) && write_and_rename(&writing, files, count);
    if (!good && writing.fresh)
        drop_writing(&writing);
    return good;
}
