/* A commit of changed files on top of another one: made of objects and an index of our own. No checkout, no branch and
 * no index of the user is touched. */
#ifndef PLUGIN_CHANGE_COMMIT_H
#define PLUGIN_CHANGE_COMMIT_H

#include "plugin/change/changes.h"
#include "plugin/change/user_git.h"

/* The new commit's id, in the arena of the history; NULL with an error. Its only parent is `parent`, and its tree is
 * that of the parent but for the files that differ. Signed where commit.gpgSign says so. */
const char *commit_make(struct user_git *git, const struct changes *changes, const char *parent,
                        const struct text *message, struct error *error);

#endif
