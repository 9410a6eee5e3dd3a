/* Commits changed files of a work tree, and nothing else, with the user's own `git commit`. */
#ifndef PLUGIN_CHANGE_LOCAL_COMMIT_H
#define PLUGIN_CHANGE_LOCAL_COMMIT_H

#include "plugin/change/message.h"
#include "plugin/change/report.h"

/* Refuses where a file has changes of its own, or where there is no commit to build on. Before files are written. */
bool local_commit_check(struct user_git *git, const struct changes *changes, struct error *error);

/* Commits the files. False: git, or a hook of the user, has refused; the files are to be put back. */
bool local_commit_make(struct user_git *git, const struct changes *changes, const struct text *message, bool no_verify,
                       struct change_end *end, struct error *error);

#endif
