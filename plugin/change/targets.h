/* The targets that a change is for: the overlays that a RootApp's policy finds for APP/ENV, without making the root
 * set.
 *
 * Everything lives in the arena. */
#ifndef PLUGIN_CHANGE_TARGETS_H
#define PLUGIN_CHANGE_TARGETS_H

#include "plugin/run/session.h"

struct change_target {
    const char *label; /* APP/ENV; of a directory outside of any policy: the directory */
    const char *app, *environment;
    const char *path;                   /* of the overlay, without symbolic links */
    const char *branch;                 /* that it follows; NULL: the policy names none */
    bool by_pull_request, needs_digest; /* as the policy says of its environment */
    bool shared;                        /* its directory may be that of other environments, too */
};

struct change_targets {
    struct change_target *items;
    size_t count, room;
};

/* The branch that a target follows, as people write it; "": the remote's default one. */
const char *change_target_branch(const struct change_target *target);

/* The target that has this overlay; else one that is called like the overlay, in the arena. */
const struct change_target *change_target_at(const struct change_targets *targets, struct arena *arena,
                                             const char *overlay);

/* Reads the policy in `root`. The session reads policies only (policy_only). `rendered` is to be freed in any case;
 * session->policy lives as long. */
bool change_policy_read(struct session *session, const char *root, struct rendered *rendered, struct error *error);

/* All targets of the policy, sorted by directory; of one app alone where that is not NULL. */
bool change_targets_find(struct session *session, struct arena *arena, const char *only_app, struct change_targets *out,
                         struct error *error);

/* Adds the targets that a pattern names: APP/ENV, where `*` stands for anything within either half. It is an error
 * where there is none. */
bool change_targets_choose(struct arena *arena, const struct change_targets *all, const char *pattern,
                           struct change_targets *out, struct error *error);

#endif
