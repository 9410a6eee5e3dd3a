/* Where a clone came from, as `git remote get-url origin` tells. */
#ifndef PLUGIN_GIT_REMOTE_H
#define PLUGIN_GIT_REMOTE_H

#include "base/arena.h"

/* The address of origin; NULL: there is none, or no git. */
const char *git_origin(struct arena *arena, const char *directory);

/* The branch that origin's HEAD names, or else the one that is checked out; NULL: not known. */
const char *git_main_branch(struct arena *arena, const char *directory);

/* The address without the user and the token that http and https may carry. */
const char *url_without_user(struct arena *arena, const char *url);

/* OWNER/NAME of an address: https://github.com/acme/gitops.git, git@github.com:acme/gitops.git. NULL: it has no such
 * end, as a path of this machine. */
const char *repository_name(struct arena *arena, const char *url);

/* Where a browser finds it, as hosts of repositories have it: https://github.com/acme/gitops. NULL: nowhere. */
const char *repository_web_address(struct arena *arena, const char *url);

#endif
