/* The commit that branches are rendered from, as Argo CD's source hydrator writes of it: in hydrator.metadata, and in a
 * git note of the rendered commit (commitserver/commit, util/hydrator). GitOps Promoter reads both. */
#ifndef PLUGIN_CHANGE_DRY_COMMIT_H
#define PLUGIN_CHANGE_DRY_COMMIT_H

#include "plugin/change/user_git.h"

/* Where the notes are. */
#define DRY_COMMIT_NOTES "refs/notes/hydrator.metadata"

/* hydrator.metadata: the repository, the commit, who made it when and why, and the commit of the code that it names. */
bool dry_commit_describe(struct user_git *git, const char *remote, const char *commit, struct text *out,
                         struct error *error);

/* What a note says. */
void dry_commit_note(const char *commit, struct text *out);

/* The commit that such a text, of one or the other kind, names; NULL: none. `id` is a blob's. In the arena of the
 * history. */
const char *dry_commit_read(struct user_git *git, const char *id);

#endif
