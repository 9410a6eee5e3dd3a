/* Renders two trees of a repository as far as they differ, and finds what that changes.
 *
 *     struct compare compare = {.arena = arena, .history = &history, .base_tree = ..., .head_tree = ...};
 *     compare_run(&compare, &report, &error)
 *     ... judge_changes, diff_write_...
 *     compare_close(&compare)           after the report has been written: it points to what was rendered
 *
 * What is rendered are the Applications one of whose files has changed: their own, and all that their kustomizations
 * reach on either side. In a repository without a RootApp, each kustomization that no other one refers to counts as an
 * Application. */
#ifndef PLUGIN_COMPARE_H
#define PLUGIN_COMPARE_H

#include "diff/report.h"
#include "plugin/run/compare_side.h"

struct changed_paths;

struct compare {
    struct arena *arena;
    struct history *history;
    const char *base_tree, *head_tree;
    const char *root;   /* the directory of the RootApp, from the repository's root; NULL: argo/root */
    bool root_is_given; /* that it is missing is an error */
    const char *into;   /* the branch that head goes into: others are followed by none of it; NULL: not known */
    const char *const *operands; /* APP or APP/ENV; none: all */
    size_t operand_count;
    struct compare_means means;
    bool sequential;                                     /* base and head one after the other */
    bool (*confine)(void *context, struct error *error); /* called when git has said all; NULL: not */
    void *context;

    /* Internal: */
    struct changed_paths *changed;
    struct compare_side *base, *head;
    struct map *by_place;
};

bool compare_run(struct compare *compare, struct report *report, struct error *error);
void compare_close(struct compare *compare);

#endif
