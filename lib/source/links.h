/* Following symbolic links without leaving a root. */
#ifndef SOURCE_LINKS_H
#define SOURCE_LINKS_H

#include "base/text.h"

struct root {
    int fd;
    char *real;  /* its path without symbolic links; NULL: it has none, and every absolute link leads out */
    char *given; /* the absolute path by which it was opened; NULL likewise */

    /* Reads what a link says, at most PATH_MAX - 1 bytes. The way to it has no link in it. Returns 0 or a problem;
     * `size` is 0 where it is no link. */
    int (*read_link)(const struct root *root, const char *path, char *target, size_t *size);
};

/* Appends the path below the root, without symbolic links, of what `path` names; "." for the root itself. An absolute
 * link is followed where its text begins with the root's own path. Returns 0 or a problem (source/backend.h): a link
 * that leads out, into .git, or more links than Linux follows. Somebody may change the links meanwhile: whoever opens
 * the result must refuse symbolic links (RESOLVE_NO_SYMLINKS). */
int links_follow(const struct root *root, const char *path, struct text *out);

#endif
