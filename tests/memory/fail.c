/* fail.c: allocation that fails when it is told to. To be preloaded.
 *
 *     ROOTAPP_FAIL_AT=N      the Nth call returns NULL
 *     ROOTAPP_FAIL_FROM=N    the Nth call and all after it do
 *     ROOTAPP_FAIL_COUNT=FILE    how many calls there were */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's own names for what this replaces. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong calls;
static unsigned long fail_at, fail_from;
static int report = -1;

static unsigned long number(const char *variable)
{
    const char *value = getenv(variable);
    return value ? strtoul(value, NULL, 10) : 0;
}

/* Opened at once: a confined process opens nothing for writing. */
__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("ROOTAPP_FAIL_COUNT");
    atomic_store(&calls, 0);
    fail_at = number("ROOTAPP_FAIL_AT");
    fail_from = number("ROOTAPP_FAIL_FROM");
    unsetenv("LD_PRELOAD"); /* git and helm may have what they need */
    if (path)
        report = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void end(void)
{
    if (report >= 0)
        dprintf(report, "%lu\n", atomic_load(&calls));
}

static int fails(void)
{
    unsigned long call = atomic_fetch_add(&calls, 1) + 1;
    if (call != fail_at && (!fail_from || call < fail_from))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    *out = fails() ? NULL : __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}
