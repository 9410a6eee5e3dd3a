/* Why a change of an image cannot be made: which part of the kustomization is in the way, and what to do. Inner header
 * of changes.c. Each returns false. */
#ifndef PLUGIN_CHANGE_EXPLAIN_H
#define PLUGIN_CHANGE_EXPLAIN_H

#include "plugin/change/changes.h"
#include "plugin/run/images.h"

/* A field that nobody wants to have changed. */
bool explain_side_effect(const struct changes *changes, const char *overlay, const struct effect *effect,
                         struct error *error);

/* Nothing changes: no container runs the image, or something sets it afterwards. */
bool explain_no_effect(const struct changes *changes, const struct image_change *change, const struct rendered *before,
                       const struct container_images *images, struct error *error);

/* A container keeps the old image. */
bool explain_left_behind(const struct changes *changes, const struct image_change *change,
                         const struct container_image *image, struct error *error);

#endif
