/* What is known of the terminal that standard output may be. */
#ifndef PLUGIN_TERMINAL_H
#define PLUGIN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* How many characters fit in a line: what COLUMNS says, else the terminal of standard output, else 80. */
size_t terminal_width(void);

/* The same of the terminal that a pager or a pipe shows standard output on: that of standard error. 0: there is none.
 */
size_t terminal_width_behind(void);

/* Whether to write colors: standard output is a terminal that TERM does not call dumb, and NO_COLOR is absent or empty
 * (no-color.org). */
bool terminal_has_color(void);

#endif
