/* The order of kinds: which come before and after all others. */
#ifndef KUSTOMIZE_KIND_ORDER_H
#define KUSTOMIZE_KIND_ORDER_H

#include <stddef.h>

struct kind_order {
    const char *const *first, *const *last;
    size_t first_count, last_count;
};

/* kustomize's own. Source: kyaml/resid/gvk.go and api/internal/builtins/SortOrderTransformer.go, which agree. */
extern const struct kind_order default_kind_order;

/* Negative for the first kinds, positive for the last ones, 0 for all others. Of a kind named twice the later place
 * counts. */
long kind_rank(const struct kind_order *order, const char *kind);

#endif
