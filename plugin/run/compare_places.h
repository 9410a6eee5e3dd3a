/* Which targets of head come before another one: the same app in the environments before its own. */
#ifndef PLUGIN_COMPARE_PLACES_H
#define PLUGIN_COMPARE_PLACES_H

#include "plugin/run/compare.h"
#include "plugin/run/compare_side.h"

struct earlier_targets {
    const struct compare_target **targets; /* the nearest environment's first */
    const char **environments;             /* theirs; NULL ends them */
    size_t count;
};

/* Whether a target follows another branch than the one that head goes into. */
bool compare_follows_another(const struct compare *compare, const struct compare_target *target);

/* Makes the index of head's targets, once they are found. */
void compare_index_places(struct compare *compare);

/* What follows another branch is not known here, and left out. In the arena of the comparison. */
struct earlier_targets compare_earlier(const struct compare *compare, const struct compare_target *target);

#endif
