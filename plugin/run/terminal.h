/* What is known of the terminal that standard output may be. */
#ifndef PLUGIN_TERMINAL_H
#define PLUGIN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* How many characters fit in a line: what COLUMNS says, else the terminal of standard output, else 80. */
size_t terminal_width(void);

/* The same of the terminal that a pager or a pipe shows standard output on: that of standard error. 0: there is none.
 */
size_t terminal_width_behind(void);

/* Whether to write colors: standard output is a terminal that TERM does not call dumb, and NO_COLOR is absent or empty
 * (no-color.org). */
bool terminal_has_color(void);

/* Adds a text and a line break, broken at spaces so that no line is wider than `width` (0: it never is); its own line
 * breaks stay. The text begins in `column`, where its lines continue. */
void terminal_wrap(struct text *out, const char *string, size_t column, size_t width);

#endif
