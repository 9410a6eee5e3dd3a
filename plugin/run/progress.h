/* A line of progress on the terminal: "rendering 12 of 90, 20 a second, 4 s left". Nothing where standard error is no
 * terminal. */
#ifndef PLUGIN_PROGRESS_H
#define PLUGIN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
    const char *verb; /* "rendering" */
    bool visible;
    bool on_screen;
    long long begun, shown; /* when, in milliseconds */
};

struct progress progress_begin(const char *verb);
void progress_show(struct progress *progress, size_t done, size_t total); /* one thread at a time */
void progress_end(struct progress *progress);                             /* clears the line */

#endif
