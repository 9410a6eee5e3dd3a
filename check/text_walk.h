/* A walk over all texts of objects, for checks that look for the same in each.
 *
 * Trees share nodes: what several objects have from one base is looked at once, if nothing is found in it. One
 * `without` therefore serves all objects of a check. */
#ifndef CHECK_TEXT_WALK_H
#define CHECK_TEXT_WALK_H

#include "base/pointer_set.h"
#include "check/check.h"

struct text_walk {
    struct check_input *input;
    const struct check_target *target;
    const struct check_object *object;
    struct pointer_set *without; /* nodes of other trees in which nothing was found */

    bool (*check_text)(const struct text_walk *walk, const struct node *scalar); /* true: something was found */
    bool (*check_map)(const struct text_walk *walk, const struct node *map);     /* the same; may be NULL */
    bool (*passes_over)(const char *key); /* fields that are not looked into; may be NULL: there are none */
};

void text_walk_run(const struct text_walk *walk);

#endif
