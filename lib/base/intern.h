/* Interned keys: each distinct string once, so that equal keys of one table are the same pointer.
 *
 * One table serves one engine (one thread). Keys live as long as the table's arena. Only keys of the same table are
 * compared by pointer; the well-known keys of base/known_keys.h belong to every table. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct key {
    const char *text; /* with a NUL behind it */
    uint32_t size;    /* bytes, without the NUL */
    uint32_t number;  /* in the order in which the table met them, the well-known ones first */
};

struct intern;

struct intern *intern_new(struct arena *arena);
const struct key *intern_bytes(struct intern *table, const char *text, size_t size);
const struct key *intern_string(struct intern *table, const char *text);

#endif
