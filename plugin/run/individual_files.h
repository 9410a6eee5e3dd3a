/* `build -o DIRECTORY`: one file for each resource. */
#ifndef PLUGIN_INDIVIDUAL_FILES_H
#define PLUGIN_INDIVIDUAL_FILES_H

#include "kustomize/engine.h"

/* Writes them, named as kustomize names them. Nothing is written where two resources would share a file or a name does
 * not fit into one. */
bool individual_files_write(const char *directory, const struct rendered *rendered, struct error *error);

#endif
