/* Regular expressions as Go's regexp (RE2) understands them.
 *
 * PCRE2 runs them, with limits on matching; what RE2 refuses (back references, look-around, ...) is refused, and what
 * differs in meaning ($, \s, ...) is translated. Compiled expressions live until the arena goes. */
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

#endif
