/* What a promotion does, for whoever decides on it: each image with its versions, and which workloads roll out. */
#ifndef PLUGIN_CHANGE_PREVIEW_H
#define PLUGIN_CHANGE_PREVIEW_H

#include "plugin/change/changes.h"

void preview_write(const struct changes *const *all, size_t count, struct text *out);

#endif
