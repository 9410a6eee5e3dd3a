/* What a remote's references are, fetched into references that nobody else uses: below refs/rootapp, in a directory
 * that goes when we end, however that is; what was left by a process that was killed goes with the next one. */
#ifndef PLUGIN_CHANGE_REMOTE_TIPS_H
#define PLUGIN_CHANGE_REMOTE_TIPS_H

#include <time.h>

#include "plugin/change/user_git.h"

struct remote_tips {
    struct user_git *git;
    const char *remote; /* a name or a URL */
    const char *shown;  /* what messages call it; NULL: `remote` */
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
void remote_tips_close(struct remote_tips *tips);

/* The tip of a branch. False: there is no such branch, or the remote does not answer. A network that has answered
 * before is tried again. */
bool remote_tip_fetch(struct remote_tips *tips, const char *branch, struct remote_tip *tip);

/* The commits of references, by their full names, all with one fetch; NULL: there is no such reference. The network is
 * tried again in the same way. */
bool remote_fetch_all(struct remote_tips *tips, const char *const *names, size_t count, const char **commits);

/* The commit of one reference, without another try; NULL where it cannot be fetched, with an error. */
const char *remote_fetch(struct remote_tips *tips, const char *name);

/* What the remote has under full names, without fetching it; "" where there is no such reference. */
bool remote_ask_all(struct remote_tips *tips, const char *const *names, size_t count, const char **ids);

/* The same of one name; NULL where it cannot be asked. */
const char *remote_ask(struct remote_tips *tips, const char *name);

/* The remote's default branch; NULL with an error. */
const char *remote_default_branch(struct remote_tips *tips);

/* What messages call the remote, without a password. */
const char *remote_shown(const struct remote_tips *tips);

/* Waits before the network is tried again; false: that was often enough. */
bool remote_try_again(struct remote_tips *tips);

void wait_for(double seconds);

#endif
