/* Commits changed files of a work tree, and nothing else, with the user's own `git commit`. */
#ifndef PLUGIN_CHANGE_LOCAL_COMMIT_H
#define PLUGIN_CHANGE_LOCAL_COMMIT_H

#include "plugin/change/message.h"
#include "plugin/change/report.h"

/* Refuses where a file has changes of its own, or where there is no commit to build on. Before files are written. */
bool local_commit_check(struct user_git *git, const struct changes *changes, struct error *error);

/* Lines on the changed files that have changes of their own in the work tree, which are not part of what is pushed. */
void local_note_dirty(struct user_git *git, const struct changes *changes, struct text *out);

/* Lines on the files that a hook has changed, beside what was written. */
void local_note_hooked(const struct changes *changes, const struct repository *repository, struct text *out);

/* Commits the files. False: git, or a hook of the user, has refused; the files are to be put back. */
bool local_commit_make(struct user_git *git, const struct changes *changes, const struct text *message, bool no_verify,
                       struct change_end *end, struct error *error);

#endif
