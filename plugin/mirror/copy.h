/* The bare copy of one repository: made, fetched into and tidied up by git alone.
 *
 * Readers need no lock. A copy has its place once it is whole; objects come in packs, which are there in full or not at
 * all; and none that a ref named leaves before its time. One thread at a time may use a copy. */
#ifndef PLUGIN_MIRROR_COPY_H
#define PLUGIN_MIRROR_COPY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct copy {
    const char *url;       /* as the command line says it */
    const char *directory; /* of the copy; its parent exists */
    const char *temporary; /* beside it, while it is made */
    long keep;             /* seconds for which a commit stays that no branch or tag has any more */
    unsigned limit;        /* seconds that git may take for a fetch */
    const char *const *environment;
    struct text refs; /* as the last fetch left them; empty: not known */
};

/* git's environment for all copies. */
const char *const *copy_environment(struct arena *arena);

/* Removes what a killed process has left behind: unfinished files, and git's locks. Nobody else may work on the copy.
 */
void copy_clear(const struct copy *copy);

/* Fetches all branches and tags; makes the copy where there is none. `changed` tells whether a ref has moved. An error
 * is git's own, without the passwords of URLs. */
bool copy_fetch(struct copy *copy, bool *changed, struct error *error);

/* Fetches one commit that no branch has, and keeps it for a while: servers may refuse. */
bool copy_fetch_commit(const struct copy *copy, const char *commit, struct error *error);

/* Whether it has a commit. Safe beside all of the above. */
bool copy_has(const struct copy *copy, const char *commit);

#endif
