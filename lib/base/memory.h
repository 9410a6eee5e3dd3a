/* Allocation that cannot fail: out of memory ends the process here, with one line on standard error and exit status 1.
 *
 * No caller checks for NULL. Memory from these functions is released with free(). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t size);                     /* zeroed */
void *memory_resize(void *old, size_t size);       /* as realloc */
char *memory_copy(const void *bytes, size_t size); /* a copy with a NUL behind it */
char *memory_string(const char *string);

/* A block of at least `*size` bytes, which becomes its size, in huge pages where the system has them: one fault instead
 * of 512. It is never resized. For what is large and will be filled. */
void *memory_large(size_t *size);

/* count * size, or the end of the process where that overflows. */
size_t memory_product(size_t count, size_t size);

_Noreturn void memory_exhausted(void);

/* Calls `reached` once, before the blocks of 32 KB and more that were ever allocated exceed `bytes`; freed ones count.
 * It may wait, or end the process. For the whole process, and to be asked for before it has threads. */
void memory_watch(size_t bytes, void (*reached)(void *context), void *context);

/* For what a function of the C library has allocated: ends the process if `result` is NULL and errno is ENOMEM, and
 * keeps errno otherwise. */
void memory_check(const void *result);

#endif
