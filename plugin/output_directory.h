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

/* One that is to be replaced, or made. */
struct output_directory;

struct output_directory *output_directory_new(const char *path);
void output_directory_free(struct output_directory *directory); /* NULL is allowed */

/* Whether it may be replaced; looks once, by any thread. */
bool output_directory_check(struct output_directory *directory, struct error *error);

/* Replaces the directory, or makes it and the directories above it, with so many threads (plugin/jobs.h), if it may be
 * replaced. On failure it is as it was. */
bool output_directory_write(struct output_directory *directory, const struct output_entry *entries, size_t count,
                            unsigned threads, struct error *error);

#endif
