/* Pushes changes of images to a branch of a remote, while others push to it, too.
 *
 * The intent is applied to the branch's tip, committed on top of it, and pushed with the lease that the tip is still
 * the same: a compare-and-swap. Where it has moved, the commit is thrown away, and the intent is applied anew: nothing
 * is merged or rebased, and no rival's commit can disappear. What the server says is shown, never read: whether a push
 * has landed is decided by asking for the tip. */
#ifndef PLUGIN_CHANGE_PUSH_H
#define PLUGIN_CHANGE_PUSH_H

#include "plugin/change/decide.h"
#include "plugin/change/message.h"
#include "plugin/change/report.h"

struct push_options {
    const char *remote;         /* a name or a URL */
    const char *request_branch; /* push there, for a pull request; NULL: to the branch that the targets follow */
    bool requests;              /* a pull request is wanted; without a branch, rootapp/APP-ENV is it */
    bool dry_run, no_verify;
    unsigned seconds; /* after which it gives up */
    struct message_options message;
    struct source_commit source;
    struct decide_options decide;
};

/* True: it has landed, or there was nothing to do; `end` tells. False: it is refused or in conflict, with an error, and
 * nothing was changed. The changes are the last attempt's, to be closed in any case. */
struct push_work {
    struct changes changes;
    struct repository repository; /* of the tip */
    bool open;
};
bool push_changes(struct user_git *git, const struct push_options *options, const struct change_request *request,
                  struct push_work *work, struct change_end *end, struct error *error);
void push_close(struct push_work *work);

/* The tip of the branch that the request's targets follow, for reading. */
bool push_open_source(struct user_git *git, const char *remote, const struct change_request *request,
                      struct repository *out, struct error *error);

#endif
