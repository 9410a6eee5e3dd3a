/* The differences of two texts by lines, as `diff -u` shows them. */
#ifndef BASE_LINE_DIFF_H
#define BASE_LINE_DIFF_H

#include "base/text.h"

/* Appends hunks with three lines of context; nothing where the texts are equal. The names head the output. Texts that
 * differ in very many lines are shown as one replaced by the other. */
void line_diff(const char *old_name, const struct text *old, const char *new_name, const struct text *new,
               struct text *out);

/* The same with another number of lines of context. */
void line_diff_within(const char *old_name, const struct text *old, const char *new_name, const struct text *new,
                      unsigned context, struct text *out);

#endif
