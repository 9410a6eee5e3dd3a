/* A table of texts: aligned for people, separated by tabs for programs. */
#ifndef PLUGIN_TABLE_H
#define PLUGIN_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

struct table {
    struct arena *arena;
    const char *const *titles; /* as many as there are columns */
    size_t columns;
    const char ***rows; /* internal */
    size_t count, room;
};

/* Adds a row of as many cells as there are columns; they are borrowed. NULL is an empty cell. */
void table_add(struct table *table, const char *const *cells);

/* With titles, columns padded to their widest cell; empty cells are shown as "-". */
void table_write_aligned(const struct table *table, struct text *out);

/* Without titles. Tabs, line breaks and backslashes in cells become \t, \n and \\. */
void table_write_plain(const struct table *table, struct text *out);

#endif
