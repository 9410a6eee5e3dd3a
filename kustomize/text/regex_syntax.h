/* The syntax of RE2, put into words that PCRE2 understands. */
#ifndef KUSTOMIZE_REGEX_SYNTAX_H
#define KUSTOMIZE_REGEX_SYNTAX_H

#include "base/error.h"

/* Appends the PCRE2 pattern (UTF, LF as the only newline, $ at the very end only) that means what `pattern` means in
 * Go. What Go refuses is refused, in its words. */
bool regex_translate(const char *pattern, struct text *out, origin at, struct error *error);

#endif
