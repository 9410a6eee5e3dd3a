/* The branches that an intent's targets follow, and which intents are for which of them. */
#ifndef PLUGIN_CHANGE_FOLLOWED_H
#define PLUGIN_CHANGE_FOLLOWED_H

#include "plugin/change/changes.h"
#include "plugin/change/remote_tips.h"

struct followed_branch {
    const char *name;
    bool *wanted; /* of the request's intents: those that have targets here */
};

struct followed {
    struct arena *arena;
    struct remote_tips *tips;
    const struct change_request *request;
    struct followed_branch *items;
    size_t count, room;
    const char *default_branch; /* of the remote; NULL: it was not asked for */
};

/* Errors are those of `tips`. As the policy at HEAD says; where there is none, the remote's default branch. */
bool followed_guess(struct followed *followed, struct user_git *git);

/* Takes in what the policy at the tip of a branch says of targets that follow others. `grown`: one of the branches up
 * to that one has more intents than before. */
bool followed_take(struct followed *followed, size_t branch, const struct changes *changes, bool *grown);

/* The part of the request that is for a branch. */
struct change_request followed_request(const struct followed *followed, const struct followed_branch *branch);

#endif
