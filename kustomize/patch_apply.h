/* What the steps that apply patches share. */
#ifndef KUSTOMIZE_PATCH_APPLY_H
#define KUSTOMIZE_PATCH_APPLY_H

#include "kustomize/transformers.h"

/* A strategic merge patch as it is applied to the resources that a selector finds: it takes their apiVersion and kind,
 * and its labels and annotations are texts. */
struct resource *patch_for_selected(struct tree *tree, const struct resource *patch);

/* Applies such a patch to all of `selected`, and checks all ids anew where one has changed. */
bool patch_apply_to_selected(struct target *target, const struct resource_matches *selected,
                             const struct resource *patch, struct error *error);

/* The one resource that a patch names by its own id. */
struct resource *patch_find_target(const struct resources *resources, const struct resource *patch,
                                   struct error *error);

#endif
