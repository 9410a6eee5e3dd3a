/* A directory of results that is replaced as a whole.
 *
 * Everything is written to a new directory beside it, which then takes its place in one step, so that whoever looks
 * sees the old files or the new ones. A file in it, .rootapp-render, lists what was written: a directory that holds
 * anything else is somebody's own, and is refused. */
#ifndef PLUGIN_OUTPUT_DIRECTORY_H
#define PLUGIN_OUTPUT_DIRECTORY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct output_entry {
    const char *path; /* below the directory, cleaned */
    const struct text *text;
};

/* Refuses early what output_directory_write would refuse. */
bool output_directory_check(struct arena *arena, const char *path, struct error *error);

/* Replaces the directory, or makes it, with so many threads (plugin/jobs.h). On failure it is as it was. The parent
 * must be there. */
bool output_directory_write(struct arena *arena, const char *path, const struct output_entry *entries, size_t count,
                            unsigned threads, struct error *error);

#endif
