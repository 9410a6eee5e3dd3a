/* The tips of a remote's branches, fetched into references that nobody else uses: below refs/rootapp, in a directory
 * that goes when we end, however that is; what was left by a process that was killed goes with the next one. */
#ifndef PLUGIN_CHANGE_REMOTE_TIPS_H
#define PLUGIN_CHANGE_REMOTE_TIPS_H

#include <time.h>

#include "plugin/change/user_git.h"

struct remote_tips {
    struct user_git *git;
    const char *remote; /* a name or a URL */
    unsigned seconds;   /* after which the network is not tried again */
    struct error *error;

    /* Internal: */
    const char *references;
    unsigned failures; /* of the network */
    bool answers;      /* it has, once */
    struct timespec began;
};

struct remote_tip {
    const char *commit, *tree;
};

bool remote_tips_open(struct remote_tips *tips);
void remote_tips_close(struct remote_tips *tips, const char *branch); /* `branch`: the last one fetched; NULL: none */

/* False: there is no such branch, or the remote does not answer. A network that has answered before is tried again. */
bool remote_tip_fetch(struct remote_tips *tips, const char *branch, struct remote_tip *tip);

/* What the remote has under a full name; "" where there is no such reference, NULL where it cannot be asked. */
const char *remote_ask(struct remote_tips *tips, const char *name);

/* The remote's default branch; NULL with an error. */
const char *remote_default_branch(struct remote_tips *tips);

/* Waits before the network is tried again; false: that was often enough. */
bool remote_try_again(struct remote_tips *tips);

double seconds_since(const struct timespec *then);
void wait_for(double seconds);

#endif
