/* The user's pager, for output that does not fit on the terminal: ROOTAPP_PAGER, else PAGER, else less.
 *
 *     struct pager pager;
 *     pager_begin(&pager);            from now on, standard output is the pager's input
 *     ... output_print(...)
 *     pager_end(&pager);              when it has been read
 *
 * To be begun before the process is confined, and after width and colors of the terminal were asked for. */
#ifndef PLUGIN_PAGER_H
#define PLUGIN_PAGER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"

struct pager {
    pid_t pid;    /* 0: there is none */
    int terminal; /* what standard output was */
    int ended;    /* at its end when the pager has ended */
};

/* False: standard output is no terminal that tells its height, the user wants none (an empty text, or cat), or it
 * cannot be started. */
bool pager_begin(struct pager *pager);

/* Waits until the user has left it, however long a confined process may run. False: the program was not found, and
 * nobody has read anything. */
bool pager_end(struct pager *pager);

/* Whether a text has more lines than the terminal of standard output; of a terminal that does not tell, no text has. */
bool pager_is_needed(const struct text *text);

#endif
