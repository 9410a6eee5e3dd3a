/* What is installed with the program: the template of an app, the files of argo/install, workflows. */
#ifndef PLUGIN_SHARE_H
#define PLUGIN_SHARE_H

#include "base/arena.h"
#include "base/error.h"

/* The directory `name` of it: ../share/rootapp/NAME beside the program, or /usr/share/rootapp/NAME. NULL with an error
 * that says where it was looked for. */
const char *share_directory(struct arena *arena, const char *name, struct error *error);

#endif
