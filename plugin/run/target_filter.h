/* Which targets a command is for: what its operands and its options --env and --team name. */
#ifndef PLUGIN_TARGET_FILTER_H
#define PLUGIN_TARGET_FILTER_H

#include "generator/generator.h"

/* An operand is APP or APP/ENV, in both of which `*`, `?` and [...] are patterns, or a directory: that of a target, or
 * one above. Without operands, all are meant. All texts are borrowed. */
struct target_filter {
    const char *const *operands;
    size_t operand_count;
    const char *directory;          /* where operands start that are directories, from the repository's root */
    const char *environment, *team; /* NULL: any */
    bool skipped; /* directories that have no Application are wanted, too, and it is no error to find nothing else */
};

bool filter_selects(const struct target_filter *filter, const struct target *target);

/* Whether each operand names a target, and the options any. The error says what there is instead, or why it is none. */
bool filter_check(const struct target_filter *filter, const struct target *targets, size_t count, struct arena *arena,
                  struct error *error);

#endif
