/* Pushes changes of images to branches of a remote, while others push to them, too.
 *
 * The intent is applied to the tip of each branch that targets follow, committed on top of it, and pushed with the
 * lease that the tip is still the same: a compare-and-swap, of all branches at once. Where one has moved, the commits
 * are thrown away, and the intent is applied anew: nothing is merged or rebased, and no rival's commit can disappear.
 */
#ifndef PLUGIN_CHANGE_PUSH_H
#define PLUGIN_CHANGE_PUSH_H

#include "plugin/change/decide.h"
#include "plugin/change/message.h"
#include "plugin/change/report.h"

struct push_options {
    const char *remote;         /* a name or a URL */
    const char *shown;          /* what messages call it; NULL: `remote` */
    const char *request_branch; /* push there; NULL: to the branch that the targets follow */
    bool apart;                 /* push to a branch of our own, without a name rootapp/APP-ENV */
    bool requests;              /* the same, and ask for a pull request */
    bool dry_run, no_verify;
    unsigned seconds; /* after which it gives up */
    struct message_options message;
    struct source_commit source;
    struct decide_options decide;

    /* Asked once, before the first commit is made of what differs. False, with an error: it is not wanted. NULL: it is.
     */
    bool (*confirm)(void *context, const struct changes *const *all, size_t count, struct error *error);
    void *context;
};

/* What came of one branch. */
struct push_part {
    struct changes changes;
    struct repository repository; /* of the tip */
    bool open;
};

/* True: it has landed, or there was nothing to do; `end` tells. False: it is refused or in conflict, with an error, and
 * nothing was changed, unless end->result is "pushed": then no pull request was made. The parts are the last attempt's,
 * to be closed in any case. */
struct push_work {
    struct push_part **parts;
    size_t count;
};
bool push_changes(struct user_git *git, const struct push_options *options, const struct change_request *request,
                  struct push_work *work, struct change_end *end, struct error *error);
void push_close(struct push_work *work);

/* The changes of all parts. */
const struct changes *const *push_all_changes(const struct push_work *work, struct arena *arena);

/* The tip of the branch that the request's targets follow, for reading, and its commit. */
bool push_open_source(struct user_git *git, const char *remote, const struct change_request *request,
                      struct repository *out, const char **commit, struct error *error);

#endif
