/* Patterns over single texts: matching them, and asking whether two of them can match the same text.
 *
 * Three dialects meet here: ours (a path segment, or an app's name), Argo CD's destinations and sources (the Go package
 * gobwas/glob), and resource names (Go's filepath.Match). The generator writes only `*` and `?`, which mean the same in
 * all of them where the text has no slash. */
#ifndef GENERATOR_GLOB_H
#define GENERATOR_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* As gobwas/glob: `*` stops at the separator, `**` does not, ?, [abc], [a-z], [!a], {a,b}, \x. Separator 0: none. A
 * pattern that does not compile there matches nothing. Time is bounded: beyond a million steps nothing matches. */
bool glob_matches(const char *pattern, const char *text, char separator);

/* Whether gobwas/glob compiles it. */
bool glob_is_valid(const char *pattern);

/* Whether some text matches both; `*` and `?` are special, everything else is itself. */
bool globs_overlap(const char *left, const char *right);

#endif
