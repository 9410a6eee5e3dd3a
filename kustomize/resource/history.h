/* The history that a resource brings along in its annotations: what an earlier build, or a forger, wrote there. */
#ifndef KUSTOMIZE_HISTORY_H
#define KUSTOMIZE_HISTORY_H

#include "base/error.h"
#include "kustomize/resource/resource.h"

/* Fills past ids, prefixes, suffixes, behavior and flags from the annotations internal.config.kubernetes.io/..., as
 * kustomize does, or refuses a resource that has any. */
bool history_read(struct arena *arena, struct resource *resource, bool refuse, struct error *error);

/* Refuses a resource that has such annotations: one at the end of a render got them from a transformer. */
bool history_check(const struct resource *resource, struct error *error);

/* Writes the same into a map of annotations, as a program that kustomize runs would see it. */
void history_write(struct tree *tree, const struct resource *resource, struct node *annotations);

/* For a reader of all annotations of a resource: puts the resource's history among them, and takes it out again. */
void history_show(struct tree *tree, struct resource *resource);
void history_hide(struct tree *tree, struct resource *resource);

#endif
