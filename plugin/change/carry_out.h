/* Carries a change of images out: in the work tree, in a commit, or on a branch of a remote; and reports it. What
 * set-image and promote have in common. */
#ifndef PLUGIN_CHANGE_CARRY_OUT_H
#define PLUGIN_CHANGE_CARRY_OUT_H

#include "plugin/change/push.h"

/* Options of the command line, as they were given. */
struct carry_out_options {
    bool dry_run, yes, commit, push, pull_request, signoff, no_verify, json;
    const char *branch; /* "": one of our own, without a name */
    const char *message, *source, *repo, *remote, *token_variable;
    long seconds;
};

struct carry_out;
struct carry_out {
    struct arena *arena;
    struct carry_out_options options;
    const char *root, *directory, *shared_file; /* --root, --directory and --in */
    struct change_request request;
    struct change_rendering rendering; /* for the request */
    struct decide_options decide;

    /* Fills the request's intents once the places are known: from the work tree where `git` is NULL, else from the
     * remote. NULL: they are filled already. */
    bool (*prepare)(struct carry_out *carry, struct user_git *git, const char *remote, struct error *error);
    /* What is shown before the edits and, on a terminal, asked about before anything is written; NULL: nothing. */
    void (*preview)(const struct changes *const *all, size_t count, struct text *out);
    const char *question;
    const void *context; /* of `prepare` */

    /* Internal: */
    struct history history;
    struct user_git git;
    bool has_history, told; /* on the terminal, what is done */
    const char *clone;      /* a directory; NULL: there is none */
    struct source_commit code;
};

/* Whether the options go together; where not, it is a usage error. */
bool carry_out_check(struct carry_out_options *options, struct error *error);

bool carry_out(struct carry_out *carry, struct error *error);

#endif
