/* An arena: memory that is handed out piece by piece and released all at once.
 *
 * One arena serves one render. What it hands out lives until arena_free and is never released singly. Not safe for
 * use by two threads at a time. Running out of memory ends the process (base/memory.h). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is allowed */

/* Takes back all that was handed out, for the arena to be used anew: some of its memory is warm already. */
void arena_clear(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size); /* not zeroed, aligned for any type */
void *arena_zero(struct arena *arena, size_t size);  /* zeroed */

/* Copies with a NUL behind them, so that they serve as C strings too. */
char *arena_copy(struct arena *arena, const void *bytes, size_t size);
char *arena_string(struct arena *arena, const char *string);
char *arena_lower(struct arena *arena, const char *string); /* in lower case, of ASCII alone */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_join(struct arena *arena, const char *const *parts, size_t count, char separator);
char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* A block twice as long as needed with the old content copied over: for arrays that grow within an arena.
 * `room` counts items and is updated; `count` items are kept. Returns `items` itself while it has room for one more. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t item_size);

/* Where an arena's memory lies, in the order of addresses, for those who ask of many pointers. It knows nothing of what
 * is handed out later. */
struct arena_extent {
    const char *start, *end;
};

struct arena_extents {
    const struct arena_extent *items;
    size_t count;
};

struct arena_extents arena_find_extents(const struct arena *of, struct arena *arena); /* lives in the second one */
bool arena_extents_hold(const struct arena_extents *extents, const void *bytes, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_zero((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_zero((arena), memory_product((count), sizeof(type))))

#endif
