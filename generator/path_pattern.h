/* Path patterns of spec.discover: "apps/{app}/k8s/overlays/{env}".
 *
 * {name} is one path segment, or what is left of one between fixed texts, and keeps its text; * ? [a-z] stay within a
 * segment; ** is any number of segments, none included. */
#ifndef GENERATOR_PATTERN_H
#define GENERATOR_PATTERN_H

#include "base/arena.h"
#include "base/error.h"

enum segment_kind { SEGMENT_LITERAL, SEGMENT_WILD, SEGMENT_NAME, SEGMENT_ANY_DEPTH };

struct segment {
    enum segment_kind kind;
    const char *text;            /* a name without its braces */
    const char *prefix, *suffix; /* of SEGMENT_NAME: what stands around it; NULL: nothing */
};

enum { PATTERN_LONGEST = 32 };

struct path_pattern {
    struct segment segments[PATTERN_LONGEST];
    size_t count;
};

bool pattern_read(struct arena *arena, const char *text, origin at, struct path_pattern *out, struct error *error);

/* Whether a directory's name matches a segment that is not SEGMENT_ANY_DEPTH. */
bool segment_matches(const struct segment *segment, const char *name);

/* What a segment's {name} stands for in a name that matches it. */
const char *segment_part(struct arena *arena, const struct segment *segment, const char *name);

/* Whether the pattern matches the path or a directory above it. */
bool pattern_covers(const struct path_pattern *pattern, const char *path);

/* The place of a named segment, or -1. */
int pattern_find(const struct path_pattern *pattern, const char *name);

#endif
