/* What the items of `images` are noted for: those that change nothing or are changed again, suffixes that are added
 * twice, and texts that still say an image as it was. The transformer itself (images.c) sets images and knows of none
 * of this.
 *
 * All functions accept NULL, which is what there is where notices are not wanted. Everything lives in the render's
 * arena. */
#ifndef KUSTOMIZE_IMAGE_USE_H
#define KUSTOMIZE_IMAGE_USE_H

#include "kustomize/kustomization/image_name.h"
#include "kustomize/kustomization/kust_target.h"

struct image_use;

/* The updates are borrowed. NULL: notices are not wanted. */
struct image_use *image_use_new(struct render *render, const struct image_update *updates, size_t count);

/* Before a resource is gone over. */
void image_use_begin(struct image_use *use);

/* Before an update is tried on a resource: the images that it has, and whether the update matches any of them. */
void image_use_note(struct image_use *use, size_t update, const struct node *const *images, size_t count, bool matches);

/* Before an update writes `now` to an image. `in_specs`: on the second of the two ways over a resource. */
void image_use_note_change(struct image_use *use, const struct image_update *update, bool in_specs,
                           const struct node *image, const struct text *now);

/* Once all resources have been gone over: adds the findings. */
void image_use_tell(struct image_use *use, const struct resources *resources);

#endif
