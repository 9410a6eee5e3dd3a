/* Writes changed files into a directory of files: all of them, or none. */
#ifndef PLUGIN_CHANGE_WORK_TREE_H
#define PLUGIN_CHANGE_WORK_TREE_H

#include "plugin/change/changes.h"

bool work_tree_write(const struct changes *changes, const struct repository *repository, struct error *error);

/* Puts the old content back. */
void work_tree_restore(const struct changes *changes, const struct repository *repository, size_t count);

#endif
