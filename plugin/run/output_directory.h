/* A directory of results that is replaced as a whole.
 *
 *     struct output_directory *directory = output_directory_new("out");
 *     if (output_directory_check(directory, &error)) ...
 *     output_directory_add(directory, "apps/shop/dev.yaml", &text);
 *     if (output_directory_finish(directory, paths, 1, threads, &error)) ...
 *     output_directory_free(directory);
 *
 * Everything is written to a new directory beside it, which then takes its place in one step, so that whoever looks
 * sees the old files or the new ones. A file in it, .rootapp-render, lists what was written: a directory that holds
 * anything else is somebody's own, and is refused. */
#ifndef PLUGIN_OUTPUT_DIRECTORY_H
#define PLUGIN_OUTPUT_DIRECTORY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* One that is to be replaced, or made. */
struct output_directory;

struct output_directory *output_directory_new(const char *path);

/* What was added and did not take its place is removed. NULL is allowed. */
void output_directory_free(struct output_directory *directory);

/* Whether it may be replaced; looks once, by any thread, before the others. */
bool output_directory_check(struct output_directory *directory, struct error *error);

/* Writes a file into the new directory, by any thread. `path`: below the directory, cleaned. What goes wrong is told by
 * output_directory_finish. */
void output_directory_add(struct output_directory *directory, const char *path, const struct text *text);

/* With the files' paths, in the order in which they are to be listed: the new directory takes its place, the
 * directories above it are made, and the old one is removed with so many threads (plugin/run/jobs.h). On failure it is
 * as it was. */
bool output_directory_finish(struct output_directory *directory, const char *const *paths, size_t count,
                             unsigned threads, struct error *error);

#endif
