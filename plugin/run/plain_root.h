/* Whether what a directory's RootApp makes leaves the build as it was made. */
#ifndef PLUGIN_PLAIN_ROOT_H
#define PLUGIN_PLAIN_ROOT_H

#include "kustomize/edit/edits.h"
#include "source/source.h"

/* A directory whose kustomization file names generators and resources and nothing else, and edits that change nothing.
 * What cannot be read is none. */
bool is_plain_root(const struct source *source, const char *directory, const struct edits *edits);

#endif
