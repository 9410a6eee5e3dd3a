/* Files and directories of our own: temporary ones, and what a cache keeps. Paths are the file system's. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* Makes an empty directory that only we may enter, in `parent` (NULL: $TMPDIR, or /tmp); NULL with an error. What
 * earlier processes of ours were killed before removing goes. Removed with directory_remove, or kept under another name
 * with temporary_directory_keep. */
const char *temporary_parent(void); /* where temporary directories go: TMPDIR, if it is absolute, else /tmp */
char *temporary_directory(struct arena *arena, const char *parent, struct error *error);
bool temporary_directory_keep(const char *directory, const char *path); /* false: errno says why */

/* Removes the directories of ours in `parent` whose names are `prefix` and the six letters of mkdtemp(3), and whose
 * makers have ended (base/ending.h). */
void directories_clear(const char *parent, const char *prefix);

/* Makes a directory and those above it, for us alone. One that is there already is good. */
bool directory_make(const char *path, struct error *error);

/* Whether there is a directory, or a link to one. */
bool path_is_directory(const char *path);

/* Removes a directory and all in it, following no link; what cannot be removed stays. Allocates nothing, so that it may
 * be called from a signal handler. */
void directory_remove(const char *path);

/* Reads a whole file; false where there is none, or where it is larger than the text's limit. */
bool file_read(const char *path, struct text *out);

/* Writes a file so that whoever reads it meanwhile gets the old content or the new. */
bool file_replace(const char *path, const void *bytes, size_t size, struct error *error);

#endif
