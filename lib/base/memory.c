/* memory.c: the one place where running out of memory is noticed. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void memory_exhausted(void)
{
    static const char message[] = "rootapp: the render takes more memory than it may (generate --memory-limit)\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written;
    _exit(1);
}

size_t memory_product(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_exhausted();
    return count * size;
}

void *memory_new(size_t size)
{
    void *fresh = calloc(1, size ? size : 1);
    if (!fresh)
        memory_exhausted();
    return fresh;
}

void *memory_resize(void *old, size_t size)
{
    void *fresh = realloc(old, size ? size : 1);
    if (!fresh)
        memory_exhausted();
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
