/* Which resources a replacement reads from and writes to. */
#ifndef KUSTOMIZE_REPLACEMENT_SELECTION_H
#define KUSTOMIZE_REPLACEMENT_SELECTION_H

#include "kustomize/kustomization/kustomization.h"
#include "kustomize/resource/resources.h"

/* The one resource that has or had an id with these fields; absent ones match any. */
struct resource *replacement_source_find(const struct resources *resources, struct tree *tree,
                                         const struct replacement_source *source, struct error *error);

/* All resources that have or had an id that the target selects, and none that it rejects, in list order. */
bool replacement_targets_find(const struct resources *resources, struct tree *tree,
                              const struct replacement_target *target, struct resource_matches *out,
                              struct error *error);

#endif
