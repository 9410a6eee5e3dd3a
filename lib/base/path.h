/* Paths as texts: slash-separated, never looked up. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"

char *path_clean(struct arena *arena, const char *path); /* as Go's filepath.Clean: "" -> ".", "a/../b" -> "b" */
char *path_join(struct arena *arena, const char *directory,
                const char *name);                                /* cleaned; an absolute name wins not: Go's Join */
char *path_directory(struct arena *arena, const char *path);      /* "a/b" -> "a", "a" -> "." */
const char *path_base(const char *path);                          /* "a/b" -> "b"; points into the path */
bool path_has_extension(const char *path, const char *extension); /* "a.yaml" has ".yaml"; ".yaml" has none */
bool path_is_absolute(const char *path);

/* Whether a cleaned path is the directory itself or below it. "." is the root and contains every relative path
 * that does not begin with "..". */
bool path_is_within(const char *path, const char *directory);

/* A cleaned path as seen from a cleaned directory: "apps/a/base" from "apps/a/overlays" is "../base". */
char *path_relative(struct arena *arena, const char *from, const char *to);

#endif
