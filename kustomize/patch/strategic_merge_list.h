/* What the two ways of merging lists by key share. */
#ifndef KUSTOMIZE_STRATEGIC_MERGE_LIST_H
#define KUSTOMIZE_STRATEGIC_MERGE_LIST_H

#include "base/map.h"
#include "kustomize/patch/strategic_merge.h"

struct list_merge {
    const struct schema *schema;
    const char *const *keys;
    size_t key_count;   /* 0: the elements are scalars and their own keys */
    size_t used;        /* a bit for each key that any element has */
    struct node *patch; /* may be NULL */
    bool fresh;         /* the destination is the patch */
};

/* Merges a list with missing, half or doubled keys, step by step as kyaml does. Refuses long ones, for which that
 * takes too long. */
bool merge_odd_list(struct merge *merge, const struct list_merge *lists, struct node *destination,
                    struct node **result);

#endif
