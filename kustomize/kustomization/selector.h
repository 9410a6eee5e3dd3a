/* Selectors: which resources a patch or replacement applies to.
 *
 * Group, version, kind, name and namespace are regular expressions, anchored at both ends; name and namespace match
 * today's id or the original one; labels and annotations use Kubernetes' selector syntax. */
#ifndef KUSTOMIZE_SELECTOR_H
#define KUSTOMIZE_SELECTOR_H

#include "kustomize/kustomization/kustomization.h"
#include "kustomize/resource/resources.h"

struct selector;

struct selector *selector_compile(struct arena *arena, const struct selector_fields *fields, struct error *error);

/* All that match, in list order. A selector of exact names looks them up; others scan. */
bool selector_select(const struct selector *selector, const struct resources *resources, struct tree *tree,
                     struct resource_matches *out, struct error *error);

#endif
