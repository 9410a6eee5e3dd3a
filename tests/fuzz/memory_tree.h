/* A tree of files in one byte string: a line "=== PATH" begins each file, whose text goes up to the next such line.
 * What comes before the first one is left out. */
#ifndef MEMORY_TREE_H
#define MEMORY_TREE_H

#include "base/text.h"
#include "source/source.h"

/* The files in a memory source, which the caller frees. */
struct source *memory_tree(const void *bytes, size_t size);

/* Renders a directory of it, twice with one engine: both have to end alike. */
void render_twice(const struct source *source, const char *directory);

#endif
