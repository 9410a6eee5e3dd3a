/* Rendered branches: for each environment a branch that has what its targets render, as Argo CD's source hydrator lays
 * it out: APP/manifest.yaml and APP/hydrator.metadata, and hydrator.metadata at the root. A note on the tip says which
 * commit was rendered last, also where that has changed nothing. */
#ifndef PLUGIN_CHANGE_RENDERED_H
#define PLUGIN_CHANGE_RENDERED_H

#include "plugin/change/user_git.h"
#include "plugin/run/render_set.h"

struct rendered_options {
    const char *remote;  /* a name or a URL */
    const char *pattern; /* of the branches' names, with {env} */
    bool next;           /* what is proposed: the names end in "-next" */
    bool dry_run;
    const char *dry; /* the commit that was rendered */
    const char *const *environments;
    size_t count;
    unsigned seconds; /* after which it gives up */
};

/* Commits what differs on the tips of the branches, and pushes all branches and their notes at once, or none. A branch
 * of a later commit stays as it is, and one that somebody else has made is refused. `set` has rendered all targets of
 * the environments, and none of them is broken. `out` tells of each branch, a line each. */
bool rendered_push(struct user_git *git, const struct render_set *set, const struct rendered_options *options,
                   struct text *out, struct error *error);

#endif
