/* What the work tree has that no commit has: Argo CD does not see it. */
#ifndef PLUGIN_UNCOMMITTED_H
#define PLUGIN_UNCOMMITTED_H

#include "plugin/run/render_set.h"

/* Files that are new, changed or gone since the last commit, from the root of the repository, as git tells them. None
 * where git has no answer, and before the first commit. Safe beside other threads that use another arena. */
struct name_list uncommitted_files(struct arena *arena, const char *root);

/* Whether one of them is in the target's directory, or is read by its render. */
bool is_uncommitted(const struct render_set *set, const struct target *target, const struct name_list *files);

#endif
