/* The name of the field that stands at a byte of a YAML text: images[0].newTag. */
#ifndef PLUGIN_FIELD_AT_H
#define PLUGIN_FIELD_AT_H

#include "base/arena.h"

/* NULL: the text is no YAML, or there is no field. In the arena. */
const char *field_at(struct arena *arena, const char *text, size_t size, size_t byte);

#endif
