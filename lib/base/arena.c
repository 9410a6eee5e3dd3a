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
enum {
    FIRST_CHUNK = 32 * 1024,
    LAST_SMALL_CHUNK = 256 * 1024,
    LARGEST_KEPT = 2 * 1024 * 1024,
    ALIGNMENT = alignof(max_align_t)
};

struct chunk {
    struct chunk *previous;
    size_t size;
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

static void free_chunks(struct chunk *chunk)
{
    while (chunk) {
        struct chunk *previous = chunk->previous;
        free(chunk);
        chunk = previous;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    free_chunks(arena->chunk);
    free(arena);
}

/* The last chunk is as large as any; one that was made for a large piece is not kept. */
void arena_clear(struct arena *arena)
{
    struct chunk *last = arena->chunk;
    if (!last || ARENA_SINGLY || last->size > LARGEST_KEPT) {
        free_chunks(last);
        *arena = (struct arena){.chunk_size = FIRST_CHUNK};
        return;
    }
    free_chunks(last->previous);
    last->previous = NULL;
    arena->next = last->bytes;
    arena->end = (char *)last + last->size;
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
    chunk->size = size;
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

static int compare_extents(const void *left, const void *right)
{
    const char *first = ((const struct arena_extent *)left)->start,
               *second = ((const struct arena_extent *)right)->start;
    return (first > second) - (first < second);
}

struct arena_extents arena_find_extents(const struct arena *of, struct arena *arena)
{
    size_t count = 1; /* the array itself may take another chunk */
    for (const struct chunk *chunk = of->chunk; chunk; chunk = chunk->previous)
        count++;
    struct arena_extent *items = ARENA_ARRAY(arena, count, struct arena_extent);
    struct arena_extents extents = {items, 0};
    for (const struct chunk *chunk = of->chunk; chunk; chunk = chunk->previous)
        items[extents.count++] = (struct arena_extent){chunk->bytes, (const char *)chunk + chunk->size};
    if (extents.count > 1)
        qsort(items, extents.count, sizeof *items, compare_extents);
    return extents;
}

bool arena_extents_hold(const struct arena_extents *extents, const void *bytes, size_t size)
{
    size_t low = 0, high = extents->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (extents->items[middle].start <= (const char *)bytes)
            low = middle + 1;
        else
            high = middle;
    }
    const struct arena_extent *last = low ? &extents->items[low - 1] : NULL;
    return last && (const char *)bytes < last->end && size <= (size_t)(last->end - (const char *)bytes);
}
