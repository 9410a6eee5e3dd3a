/* Running git for one repository: what git.c and submodules.c share. */
#ifndef KUSTOMIZE_REMOTE_GIT_H
#define KUSTOMIZE_REMOTE_GIT_H

#include "kustomize/remote/remote_parts.h"

struct git {
    struct arena *arena;
    const struct remote_options *options;
    const struct repository_url *url;
};

/* Runs git in a directory within the URL's time limit, confined where hosts are listed. `words` end with NULL; what it
 * prints is appended to `out` (NULL: unwanted). */
bool git_run(const struct git *git, const char *directory, const char *const *words, struct text *out,
             struct error *error);

/* Checks out the submodules of a checkout, and theirs. */
bool git_submodules(const struct git *git, const char *directory, struct error *error);

#endif
