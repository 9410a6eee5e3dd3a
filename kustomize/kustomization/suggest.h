/* What a name that matches nothing was probably meant to be, for messages. */
#ifndef KUSTOMIZE_SUGGEST_H
#define KUSTOMIZE_SUGGEST_H

#include "kustomize/kustomization/selector.h"
#include "kustomize/resource/resources.h"

/* ` (did you mean 'web'?)`, or "" where nothing is near. `names` ends with NULL. */
const char *suggest_name(struct arena *arena, const char *name, const char *const *names);

/* The same for an id that no resource has: one of its kind with a name like it, one of another kind or namespace with
 * its name, or one with a name like it. Empty fields of the id are open. */
const char *suggest_id(const struct resources *resources, const struct resource_id *wanted);

/* What a target says of what it wants, for a message: ", Deployment 'web'"; "" where it says neither kind nor name. */
const char *target_shown(struct arena *arena, const struct selector_fields *target);

#endif
