/* Files that git writes otherwise than it stores them: by attributes, in a work tree. */
#ifndef PLUGIN_CONVERTED_FILES_H
#define PLUGIN_CONVERTED_FILES_H

#include "plugin/run/changed_paths.h"

/* A sentence about those of the changed files that .gitattributes converts, in the arena of the history; NULL: there
 * are none, or git does not tell. The attributes are those of the work tree. */
const char *converted_files_note(struct history *history, const struct changed_paths *changed);

#endif
