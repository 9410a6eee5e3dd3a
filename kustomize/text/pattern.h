/* Patterns of selectors: regular expressions that have to match the whole of a text. */
#ifndef KUSTOMIZE_PATTERN_H
#define KUSTOMIZE_PATTERN_H

#include "kustomize/text/regex.h"

/* At most one of the two is set; with neither it matches anything. */
struct pattern {
    const char *literal;
    const struct regex *regex;
};

/* An absent or empty text gives the pattern that matches anything. */
bool pattern_compile(struct arena *arena, const char *text, origin at, struct pattern *out, struct error *error);

bool pattern_matches(const struct pattern *pattern, const char *text);
bool pattern_is_any(const struct pattern *pattern);

/* The steps that a comparison takes (tree_count_steps), and the last one has taken; nothing where there is none. */
size_t pattern_cost(const struct pattern *pattern);

#endif
