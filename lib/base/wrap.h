/* Texts in lines that fit. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include "base/text.h"

/* Adds a text and a line break, broken at spaces so that no line is wider than `width` (0: it never is); its own line
 * breaks stay. The text begins in `column`, where its lines continue. */
void text_wrap(struct text *out, const char *string, size_t column, size_t width);

/* The same of a text that begins at `at` in its first line, and continues in `column` in the others. */
void text_wrap_from(struct text *out, const char *string, size_t at, size_t column, size_t width);

#endif
