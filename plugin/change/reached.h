/* Which targets a kustomization is part of. Inner header of changes.c. */
#ifndef PLUGIN_CHANGE_REACHED_H
#define PLUGIN_CHANGE_REACHED_H

#include "plugin/change/changes.h"

/* Leaves those of the targets that read the kustomization of a directory; an error where none does. */
bool targets_reached(struct changes *changes, const char *directory, struct error *error);

#endif
