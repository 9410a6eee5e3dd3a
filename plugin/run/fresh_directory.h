/* A directory that appears as a whole: whoever looks sees all of its files, or nothing. */
#ifndef PLUGIN_FRESH_DIRECTORY_H
#define PLUGIN_FRESH_DIRECTORY_H

#include "base/arena.h"
#include "base/error.h"

struct fresh_file {
    const char *path; /* below the directory */
    const char *bytes;
    size_t size;
    bool program;
};

/* Writes `directory` of the repository at `root` (both as repository_find gives them) with these files. It must not be
 * there yet. What is above it is made. The files are written where git does not look, and renamed when all are there;
 * what a killed process leaves is removed a day later. */
bool fresh_directory_write(struct arena *arena, const char *root, const char *directory, const struct fresh_file *files,
                           size_t count, struct error *error);

#endif
