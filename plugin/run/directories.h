/* The kustomization directories below a directory. */
#ifndef PLUGIN_DIRECTORIES_H
#define PLUGIN_DIRECTORIES_H

#include "source/source.h"

/* Finds all of them: each before those below it, neighbours sorted. Symbolic links are not followed: what they lead to
 * is found where it is. */
bool directories_find(const struct source *source, struct arena *arena, const char *top, struct name_list *out,
                      struct error *error);

/* Whether a path is a directory and no symbolic link to one. */
bool directory_is_own(const struct source *source, struct arena *arena, const char *path);

#endif
