/* The images that an overlay's own kustomization sets: what `promote` copies. */
#ifndef PLUGIN_CHANGE_OVERLAY_IMAGES_H
#define PLUGIN_CHANGE_OVERLAY_IMAGES_H

#include "plugin/change/image_wish.h"
#include "source/source.h"

/* The kustomization file of an overlay, and its bytes. */
bool overlay_file_read(struct arena *arena, const struct source *source, const char *overlay, const char **path,
                       struct file_bytes *bytes, struct error *error);

/* The entries of `images` that set a tag or a digest, as wishes; of the image `only` where that is not NULL. */
bool overlay_images_read(struct arena *arena, const struct source *source, const char *overlay, const char *only,
                         struct image_wish **wishes, size_t *count, struct error *error);

#endif
