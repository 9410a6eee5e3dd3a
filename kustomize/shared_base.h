/* Bases that several builds of one engine share.
 *
 * A base is rendered once, in the engine's own arena; each overlay gets copies of its resources that share the trees
 * until the first write. A base is a function of its directory only while nothing of its surroundings reaches it:
 * origin annotations hold the path from the root, an openapi schema or a helm namespace come from above. Then it is not
 * shared. */
#ifndef KUSTOMIZE_SHARED_BASE_H
#define KUSTOMIZE_SHARED_BASE_H

#include "kustomize/kustomization/base_cache.h"
#include "kustomize/kustomization/kust_target.h"

/* Whether a base may be shared: one that its parent names from our own source. */
bool bases_are_shared(const struct kust_target *base);

/* The accumulated base for its parent, rendered now or before. Cycles are checked anew. NULL without an error: it
 * chooses schemas for everybody, and so cannot be shared. */
bool shared_base(struct base_cache *cache, const struct kust_target *base, struct accumulator **out,
                 struct error *error);

#endif
