/* What a strategic merge notes of lists and fields. To be called only where notices are wanted
 * (wants_notices(merge->render)). */
#ifndef KUSTOMIZE_NOTICE_LISTS_H
#define KUSTOMIZE_NOTICE_LISTS_H

#include "kustomize/patch/strategic_merge_list.h"

/* Elements of the base or of the patch that did not come through a merge of an odd list. */
void notice_lost_elements(const struct merge *merge, const struct list_merge *lists, const struct node *destination,
                          const struct node *patch, const struct node *result);

/* Directives that speak of the whole list; and those of elements that change nothing. */
void notice_whole_list(const struct merge *merge, const struct node *destination, const struct node *patch);
void notice_idle_directives(const struct merge *merge, const struct list_merge *lists, const struct node *destination,
                            const struct node *patch);

/* Lists whose order counts: init containers, variables that use each other, the first container or port. */
void notice_order(const struct merge *merge, const struct node *before, const struct node *patch,
                  const struct node *result);

/* A list without merge keys: the patch's takes the place of the base's. */
void notice_replaced_list(const struct merge *merge, const struct node *before, const struct node *patch);

/* Lists of which a patch's deletions leave nothing. */
void notice_empty_list(const struct merge *merge, const struct node *before, const struct node *patch,
                       const struct node *result);

/* A field that a patch removes by leaving it without a value. */
void notice_emptied_field(const struct merge *merge, const struct node *before, const struct node *patch);

/* Fields of a map of which one alone may be there: the patch brings one, the base has another. */
void notice_excluded_fields(const struct merge *merge, const struct node *before, const struct node *patch);

/* What a person calls an element: 'web'; and all elements of a list. */
const char *element_name(struct arena *arena, const struct node *element);
const char *list_names(struct arena *arena, const struct node *list);

#endif
