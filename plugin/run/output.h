/* Results to standard output or to a file: all of it, or an error and nothing half-written in a file. */
#ifndef PLUGIN_OUTPUT_H
#define PLUGIN_OUTPUT_H

#include "base/error.h"
#include "base/text.h"

/* To standard output, in one go; by the user's pager (plugin/run/pager.h) where that is a terminal on which it does not
 * fit. What a full disk does not take is an error; so is a
 * closed pipe, of the kind ERROR_CLOSED_PIPE. */
bool output_print(const struct text *text, struct error *error);

/* To standard error; what cannot be written there is lost. */
void output_note(const struct text *text);

/* The same for lines that hold what others wrote: control characters become visible, and the first 64 KB are enough. */
void output_warnings(const struct text *text);

/* To a file, by way of a temporary one beside it, so that it is always either the old or the new one. A file that is no
 * regular one (/dev/stdout, a FIFO) is written to directly. */
bool output_file(const char *path, const struct text *text, struct error *error);

/* A new file in a directory that is open, without a temporary one: for directories that nobody sees yet. Allocates
 * nothing. False: errno says why. */
bool output_file_at(int directory, const char *name, const struct text *text);

/* Opens /dev/null in place of standard streams that are closed, so that no file that is opened later gets their
 * numbers. Standard output becomes one that refuses to be written to. */
void output_guard(void);

#endif
