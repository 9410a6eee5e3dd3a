/* Writing what others wrote so that it stays harmless on a terminal and in a log. */
#ifndef BASE_VISIBLE_H
#define BASE_VISIBLE_H

#include "base/text.h"

/* Whether lines stay lines, or a line break is written as \n. */
enum visible_lines { VISIBLE_LINE, VISIBLE_LINES };

/* Adds the bytes; control characters, and characters that turn the direction of text, become \xHH. */
void visible_bytes(struct text *out, const char *bytes, size_t size, enum visible_lines lines);

#endif
