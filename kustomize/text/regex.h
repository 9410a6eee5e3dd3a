/* Regular expressions as Go's regexp (RE2) understands them.
 *
 * PCRE2 runs them, with limits on matching; what RE2 refuses (back references, look-around, ...) is refused, and what
 * differs in meaning ($, \s, ...) is translated. Compiled expressions live until the arena goes and serve one thread. A
 * search that would take too long is no match; regex_matches then tries a second matcher, which is slow but not slower
 * than the text is long (256 KB at most; with a longer one the first gets more time), and regex_cost tells where there
 * is no answer. */
#ifndef KUSTOMIZE_REGEX_H
#define KUSTOMIZE_REGEX_H

#include "base/arena.h"
#include "base/error.h"

struct regex;

struct regex *regex_compile(struct arena *arena, const char *pattern, origin at, struct error *error);
bool regex_matches(const struct regex *regex, const char *text, size_t size); /* anywhere in the text */

/* The spans of the whole match and its groups (start, end pairs; -1 where a group took no part). Returns the number of
 * pairs filled, 0 for no match. */
size_t regex_groups(const struct regex *regex, const char *text, size_t size, long (*spans)[2], size_t span_count);

/* How much longer than usual the last search of regex_matches has taken, in steps (tree_count_steps);
 * STEPS_BEYOND_LIMITS: it was given up. */
size_t regex_cost(const struct regex *regex);

/* Whether a pattern only matches its own text, so that a comparison will do. */
bool regex_is_literal(const char *pattern);

#endif
