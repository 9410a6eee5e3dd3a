/* The user's git, as changes use it: for what belongs to his configuration. It fetches, writes objects, commits and
 * pushes; objects are read by plugin/run/history.h. Nothing here reads a message to decide by. */
#ifndef PLUGIN_CHANGE_USER_GIT_H
#define PLUGIN_CHANGE_USER_GIT_H

#include "plugin/run/history.h"

struct user_git {
    struct history *history;
    const char *token_variable; /* of the environment, which holds a token for the remote; NULL: git's own helpers */
    const char *temporary;      /* our directory, with the index; made by user_git_open, removed by user_git_close */
    const char *const *environment;
    const char *sign; /* internal: commit.gpgSign, once it was asked for; NULL: it was not */
};

bool user_git_open(struct user_git *git, struct history *history, const char *token_variable, struct error *error);
void user_git_close(struct user_git *git);

/* Runs it. The status is the caller's to judge; -1 with an error where it could not be run. `input`, `out` and `said`
 * may be NULL. What it says has no passwords and no tokens. */
int user_git_try(struct user_git *git, const char *const *words, const struct text *input, struct text *out,
                 struct text *said, struct error *error);

/* The same over the network, with the token, and killed after a minute. */
int user_git_remote(struct user_git *git, const char *const *words, struct text *out, struct text *said,
                    struct error *error);

/* Runs it, and fails with its words where its status is not 0. */
bool user_git_run(struct user_git *git, const char *const *words, const struct text *input, struct text *out,
                  struct error *error);

/* Adds to an error of git's that a disk is full, where that is so: git does not always say it. Returns false. */
bool user_git_explain(struct user_git *git, struct error *error);
bool explain_full_disk(struct arena *arena, const char *directory, struct error *error); /* of one directory */

/* The first line that it prints, in the arena of the history; NULL where its status is not 0, without an error. */
const char *user_git_line(struct user_git *git, const char *const *words);

/* The id of what a name stands for, as a "commit" or a "tree"; NULL: there is none. */
const char *user_git_id(struct user_git *git, const char *name, const char *kind);

/* The value of credential.helper that gives the token: it goes from one environment to the other, so that no argument,
 * file or message has it. */
const char *token_helper(struct arena *arena, const char *token_variable);

#define GIT_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
