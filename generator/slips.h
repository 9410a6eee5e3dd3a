/* Slips of those who name files and directories. */
#ifndef GENERATOR_SLIPS_H
#define GENERATOR_SLIPS_H

#include "source/source.h"

/* Of a directory without a kustomization file: what is wrong, if it was meant to have one, because there is a file of
 * nearly that name, or other YAML files are there. NULL: it was not. */
const char *find_lost_kustomization(const struct source *source, struct arena *arena, const char *directory);

/* The directory in `parent` whose name is nearly this one; NULL: none is. */
const char *find_near_directory(const struct source *source, struct arena *arena, const char *parent, const char *name);

#endif
