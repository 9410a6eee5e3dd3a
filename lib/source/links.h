/* Following symbolic links without leaving a root. */
#ifndef SOURCE_LINKS_H
#define SOURCE_LINKS_H

#include "base/text.h"

struct root {
    int fd;
    char *real;  /* its path without symbolic links */
    char *given; /* the absolute path by which it was opened */
};

/* Appends the path below the root, without symbolic links, of what `path` names; "." for the root itself. An absolute
 * link is followed where its text begins with the root's own path. Returns 0 or a problem (source/backend.h): a link
 * that leads out, into .git, or more links than Linux follows. Somebody may change the links meanwhile: whoever opens
 * the result must refuse symbolic links (RESOLVE_NO_SYMLINKS). */
int links_follow(const struct root *root, const char *path, struct text *out);

#endif
