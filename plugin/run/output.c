/* output.c: writes results completely or not at all. */
#define _GNU_SOURCE
#include "plugin/run/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/visible.h"
#include "plugin/run/pager.h"

enum { MOST_WARNINGS = 64 * 1024 };

static bool write_all(int fd, const struct text *text)
{
    size_t done = 0;
    while (done < text->size) {
        ssize_t written = write(fd, text->bytes + done, text->size - done);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            done += (size_t)written;
    }
    return true;
}

/* By the user's pager where it does not fit; who leaves that before the end has seen enough. */
static bool write_in_pager(const struct text *text)
{
    struct pager pager;
    if (!pager_is_needed(text) || !pager_begin(&pager))
        return false;
    write_all(STDOUT_FILENO, text);
    return pager_end(&pager);
}

bool output_print(const struct text *text, struct error *error)
{
    if (text->failed)
        return error_set(error, "the output is too large");
    if (write_in_pager(text) || write_all(STDOUT_FILENO, text))
        return true;
    if (errno == EPIPE)
        return error_set_kind(error, ERROR_CLOSED_PIPE, "standard output: %s", strerror(errno));
    return error_set(error, "standard output: %s", errno == EBADF ? "is closed" : strerror(errno));
}

void output_note(const struct text *text)
{
    write_all(STDERR_FILENO, text);
}

void output_warnings(const struct text *text)
{
    struct text visible = {0};
    size_t size = text->size > MOST_WARNINGS ? MOST_WARNINGS : text->size;
    visible_bytes(&visible, text_content(text), size, VISIBLE_LINES);
    if (size < text->size)
        text_string(&visible, "...\nrootapp: there are more warnings\n");
    output_note(&visible);
    text_free(&visible);
}

static bool fail_writing(struct error *error, const char *path)
{
    return error_set(error, "%s: %s", path, strerror(errno));
}

bool output_file_at(int directory, const char *name, const struct text *text)
{
    int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return false;
    bool written = write_all(fd, text);
    int problem = errno;
    if (close(fd) == 0)
        errno = problem;
    else
        written = false;
    return written;
}

static bool write_directly(const char *path, const struct text *text, struct error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_writing(error, path);
    bool written = write_all(fd, text);
    if (!written)
        fail_writing(error, path);
    if (close(fd) != 0 && written)
        written = fail_writing(error, path);
    return written;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Writes a new file beside `path` and puts it in place. */
static bool replace_file(const char *path, mode_t mode, const struct text *text, struct error *error)
{
    struct text name = {0};
    text_format(&name, "%s.XXXXXX", path);
    int fd = mkstemp(name.bytes);
    bool written = fd >= 0 && fchmod(fd, mode) == 0 && write_all(fd, text);
    int problem = errno;
    if (fd >= 0 && close(fd) != 0 && written) {
        problem = errno;
        written = false;
    }
    if (written && rename(name.bytes, path) != 0) {
        problem = errno;
        written = false;
    }
    if (!written && fd >= 0)
        unlink(name.bytes);
    text_free(&name);
    errno = problem;
    return written ? true : fail_writing(error, path);
}

bool output_file(const char *path, const struct text *text, struct error *error)
{
    struct stat status;
    if (text->failed)
        return error_set(error, "the output is too large");
    bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return fail_writing(error, path);
    }
    if (exists && !S_ISREG(status.st_mode))
        return write_directly(path, text, error);
    char *real = exists ? realpath(path, NULL) : NULL; /* a link stays a link */
    if (exists)
        memory_check(real);
    bool written = replace_file(real ? real : path, exists ? status.st_mode & 07777 : usual_mode(), text, error);
    free(real);
    return written;
}

void output_guard(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        int got = open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
        if (got >= 0 && got != fd)
            close(got); /* cannot be: lower numbers are open */
    }
}
