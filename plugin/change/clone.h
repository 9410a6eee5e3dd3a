/* A clone for one push: bare, of the last commit only, and of that without large files, which git fetches when they are
 * read; in a temporary directory. */
#ifndef PLUGIN_CHANGE_CLONE_H
#define PLUGIN_CHANGE_CLONE_H

#include "base/arena.h"
#include "base/error.h"

/* Its directory, to be removed with directory_remove; NULL with an error. The token is asked from the environment
 * whenever git needs it, and written nowhere. */
const char *clone_for_push(struct arena *arena, const char *url, const char *token_variable, struct error *error);

#endif
