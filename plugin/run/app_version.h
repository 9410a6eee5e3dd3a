/* The version of an app: the tag of its own image. */
#ifndef PLUGIN_APP_VERSION_H
#define PLUGIN_APP_VERSION_H

#include "base/arena.h"

/* The image that is called as the app is, out of a line for each; without one, the first. It ends at the line's end.
 * NULL: there is none. */
const char *app_image(const char *images, const char *app);

/* The version of an image that ends with its line: "1.4.0" of example/shop:1.4.0; of one that only a digest names, the
 * beginning of it; "latest" without either. In the arena. */
const char *image_version(struct arena *arena, const char *image);

/* How far one version is behind a later one: "1 minor" from 1.9.3 to 1.10.0. NULL: they are not both three numbers, or
 * the same ones. In the arena. */
const char *version_distance(struct arena *arena, const char *from, const char *to);

#endif
