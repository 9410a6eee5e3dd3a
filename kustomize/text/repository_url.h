/* A remote base as a kustomization names it, taken apart: the repository, the directory in it, and how to fetch it. */
#ifndef KUSTOMIZE_REPOSITORY_URL_H
#define KUSTOMIZE_REPOSITORY_URL_H

#include <stdbool.h>

#include "base/arena.h"

struct repository_url {
    const char *raw;       /* as it was written */
    const char *clone;     /* the repository, as git is given it */
    const char *directory; /* within the repository; "" for its root */
    const char *ref;       /* "": the repository's default branch */
    unsigned seconds;      /* time limit of each git command */
    bool submodules;
    bool forced_git; /* it began with git::, which is ignored with a warning */
};

/* False where the text is no repository, and so is a local path. Forms: https://, http://, ssh:// and file:// URLs,
 * user@host:path, github.com/owner/name; the directory follows after // or .git or, without these, after two segments;
 * queries are ref, version, timeout and submodules. */
bool repository_url_parse(struct arena *arena, const char *text, struct repository_url *out);

#endif
