/* memory.c: the one place where running out of memory is noticed. */
#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/ending.h"

enum { MEGABYTE = 1000 * 1000, LONGEST_LINE = 160, HUGE_PAGE = 2 * 1024 * 1024, NOTED = 32 * 1024 };

/* What memory_watch was asked for, and what blocks have taken since. */
static struct {
    void (*reached)(void *context);
    void *context;
    size_t bytes;
    atomic_size_t taken;
} watch;

void memory_watch(size_t bytes, void (*reached)(void *context), void *context)
{
    watch.bytes = bytes;
    watch.context = context;
    watch.reached = reached;
}

static void note_failure(size_t size)
{
    if (!watch.reached)
        return;
    size_t before = atomic_fetch_add(&watch.taken, size);
    if (before <= watch.bytes && size > watch.bytes - before)
        watch.reached(watch.context);
}

/* RLIMIT_DATA is what generate limits memory with. */
_Noreturn void memory_exhausted(void)
{
    char line[LONGEST_LINE] = "rootapp: out of memory\n";
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        snprintf(
            line, sizeof line,
            "rootapp: out of memory: the render takes more than the %llu MB that it may (generate --memory-limit)\n",
            (unsigned long long)limit.rlim_cur / MEGABYTE);
    end_process(line);
}

void memory_check(const void *result)
{
    if (!result && errno == ENOMEM)
        memory_exhausted();
}

size_t memory_product(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_exhausted();
    return count * size;
}

void *memory_new(size_t size)
{
    if (size >= NOTED)
        note_failure(size);
    void *fresh = calloc(1, size ? size : 1);
    if (!fresh)
        memory_exhausted();
    return fresh;
}

void *memory_resize(void *old, size_t size)
{
    if (size >= NOTED)
        note_failure(size);
    void *fresh = realloc(old, size ? size : 1);
    if (!fresh)
        memory_exhausted();
    return fresh;
}

void *memory_large(size_t *size)
{
    void *fresh = NULL;
    if (*size > SIZE_MAX - HUGE_PAGE)
        memory_exhausted();
    *size = (*size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    note_failure(*size);
    if (posix_memalign(&fresh, HUGE_PAGE, *size) != 0)
        memory_exhausted();
    madvise(fresh, *size, MADV_HUGEPAGE); /* an advice: it may fail */
    return fresh;
}

char *memory_copy(const void *bytes, size_t size)
{
    char *copy = memory_resize(NULL, size + 1);
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

char *memory_string(const char *string)
{
    return memory_copy(string, strlen(string));
}
