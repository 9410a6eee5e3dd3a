/* What the files of compared targets tell beyond their renders. */
#ifndef PLUGIN_COMPARE_FILES_H
#define PLUGIN_COMPARE_FILES_H

#include "plugin/run/compare.h"

struct list_keys;

/* Of a target that is rendered on head. */
struct compared_target {
    const struct compare_target *target;
    const struct application *application;
};

/* Adds to the report what kustomization files say that head's targets read: remote bases and charts that move without a
 * commit, and images with two entries. */
void compare_files_find(struct compare *compare, const struct compared_target *targets, size_t count,
                        struct report *report);

/* Takes what the files say that `openapi` fields of a side's kustomizations name. */
void compare_files_learn(struct compare *compare, struct compare_side *side, struct list_keys *keys);

#endif
