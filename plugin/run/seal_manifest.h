/* The manifest of a Secret, whose values are to be sealed. */
#ifndef PLUGIN_SEAL_MANIFEST_H
#define PLUGIN_SEAL_MANIFEST_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* Gets each key with its value, which becomes its own. False ends the reading. */
typedef bool seal_take_entry(void *context, const char *key, struct text *value);

/* Reads a Secret in YAML or JSON as Kubernetes does: `data` is base64, and `stringData` wins. What is read of its
 * values on the way is overwritten. `name` is the file's, for messages, in which no value stands. */
bool seal_manifest_read(struct arena *arena, const char *name, const struct text *file, seal_take_entry *take,
                        void *context, struct error *error);

#endif
