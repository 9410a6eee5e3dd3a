/* Moves references of a remote by compare-and-swap, all of them or none.
 *
 * What a server says is shown, never read: whether a push has landed is decided by asking what the references are. A
 * push whose answer was lost is recognised, and a network that fails is tried again. */
#ifndef PLUGIN_CHANGE_REMOTE_PUSH_H
#define PLUGIN_CHANGE_REMOTE_PUSH_H

#include "plugin/change/remote_tips.h"

struct reference_move {
    const char *name;      /* in full: refs/heads/main */
    const char *from, *to; /* ids; `from` NULL: there is none yet */
};

enum push_outcome {
    PUSH_LANDED,
    PUSH_LOST,    /* others have moved one of them: apply the intent to what it is now */
    PUSH_REFUSED, /* by the server, whose words are the error */
    PUSH_FAILED,  /* with an error; it may have landed where that begins with "unknown" */
};

/* `options` are more of git push's own; NULL ends them, or is given in their place. */
enum push_outcome remote_push(struct remote_tips *tips, const struct reference_move *moves, size_t count,
                              const char *const *options);

/* Everybody who has lost a race waits for a part of what a cycle takes, up to eight times as long after three lost
 * races. After twelve the wait gets shorter again, half as long with every fourth, so that those who come later do not
 * overtake for ever. */
void wait_after_race(unsigned attempts, double cycle_seconds);

#endif
