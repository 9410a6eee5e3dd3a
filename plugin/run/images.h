/* The images of rendered resources. */
#ifndef PLUGIN_IMAGES_H
#define PLUGIN_IMAGES_H

#include "kustomize/engine.h"

/* Appends the images of all containers, whatever kind of resource they are in: sorted, each once, a line each. */
void images_find(const struct rendered *rendered, struct text *out);

#endif
