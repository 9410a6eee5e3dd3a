/* Why what is there may not be seen: a repository without a work tree, a checkout of a part, submodules. */
#ifndef PLUGIN_CHANGE_UNSEEN_H
#define PLUGIN_CHANGE_UNSEEN_H

#include "plugin/change/user_git.h"

/* Adds to an error of ERROR_ABSENT what may hide the target: of a commit, or of the work tree (`tip` NULL). */
void explain_unseen(struct history *history, const char *tip, struct error *error);

/* The same of the work tree around a directory, where git was of no use so far. A bare repository has none: then that
 * is the error. */
void explain_unseen_here(struct arena *arena, const char *directory, struct error *error);

/* The directory of another repository (a submodule, or one that was cloned into ours) that holds a file of our work
 * tree; NULL: it is ours. */
const char *inner_repository(struct arena *arena, const char *root, const char *path);

#endif
