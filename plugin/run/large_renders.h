/* How many renders that need much memory run at once.
 *
 * Argo CD asks for some thirty at once. Nearly all need a few megabytes, and none of these ever waits. But all of them
 * may need --memory-limit, and together they have what the container has: the kernel would end one of them, or all. So
 * a render that asks for more than LARGE_RENDER first waits for one of a few places, and goes on in it to its end.
 *
 * Places are locks on bytes of a file in $TMPDIR, or /tmp: they end with the process, of whatever it dies. One project
 * has one place less than there are, so that it cannot hold all. The root project's renders have one place of their
 * own. */
#ifndef PLUGIN_LARGE_RENDERS_H
#define PLUGIN_LARGE_RENDERS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

enum { LARGE_RENDER = 8 * 1000 * 1000 }; /* bytes */

struct large_renders {
    long at_once;        /* places for all projects but the root's */
    const char *project; /* NULL: none */
    bool root;
    long seconds; /* from here on, in which a place must be found: then the process ends, with a message */
};

/* From then on this process waits before it is large. False: the file cannot be had. */
bool large_renders_bound(struct arena *arena, const struct large_renders *wanted, struct error *error);

#endif
