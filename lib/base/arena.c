/* arena.c: a bump allocator over chunks that grow. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1: each allocation has a chunk of its own, so that sanitizers and valgrind see where it begins and ends. */
#ifndef ARENA_SINGLY
#define ARENA_SINGLY 0
#endif

/* Chunks double up to the last small one. What needs more than these gets large ones, which cost a fifth to touch. */
enum { FIRST_CHUNK = 32 * 1024, LAST_SMALL_CHUNK = 256 * 1024, ALIGNMENT = alignof(max_align_t) };

struct chunk {
    struct chunk *previous;
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct chunk *chunk;
    char *next, *end;
    size_t chunk_size;
};

struct arena *arena_new(void)
{
    struct arena *arena = memory_new(sizeof *arena);
    arena->chunk_size = FIRST_CHUNK;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct chunk *chunk = arena->chunk; chunk;) {
        struct chunk *previous = chunk->previous;
        free(chunk);
        chunk = previous;
    }
    free(arena);
}

static void add_chunk(struct arena *arena, size_t needed)
{
    if (needed > SIZE_MAX - sizeof(struct chunk))
        memory_exhausted();
    size_t size = sizeof(struct chunk) + needed;
    if (!ARENA_SINGLY && size < arena->chunk_size)
        size = arena->chunk_size;
    struct chunk *chunk = !ARENA_SINGLY && size > LAST_SMALL_CHUNK ? memory_large(&size) : memory_resize(NULL, size);
    chunk->previous = arena->chunk;
    arena->chunk = chunk;
    arena->next = chunk->bytes;
    arena->end = (char *)chunk + size;
    arena->chunk_size *= arena->chunk_size > LAST_SMALL_CHUNK ? 1 : 2;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        memory_exhausted();
    if (!ARENA_SINGLY)
        size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (ARENA_SINGLY || size > (size_t)(arena->end - arena->next) || !arena->chunk)
        add_chunk(arena, size);
    char *block = arena->next;
    arena->next += size;
    return block;
}

void *arena_zero(struct arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

char *arena_string(struct arena *arena, const char *string)
{
    return arena_copy(arena, string, strlen(string));
}

char *arena_lower(struct arena *arena, const char *string)
{
    char *copy = arena_string(arena, string);
    for (char *at = copy; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at | 0x20);
    return copy;
}

char *arena_join(struct arena *arena, const char *const *parts, size_t count, char separator)
{
    size_t room = 1, size = 0;
    for (size_t i = 0; i < count; i++)
        room += strlen(parts[i]) + 1;
    char *text = arena_alloc(arena, room);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(parts[i]);
        if (i)
            text[size++] = separator;
        memcpy(text + size, parts[i], length);
        size += length;
    }
    text[size] = 0;
    return text;
}

char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        memory_exhausted();
    char *text = arena_alloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t item_size)
{
    if (count < *room)
        return items;
    size_t wanted = count < 4 ? 4 : memory_product(count, 2);
    void *fresh = arena_alloc(arena, memory_product(wanted, item_size));
    if (count)
        memcpy(fresh, items, count * item_size);
    *room = wanted;
    return fresh;
}
