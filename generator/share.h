/* Shares: what directories and teams may cost, so that nobody uses up what others need. */
#ifndef GENERATOR_SHARE_H
#define GENERATOR_SHARE_H

#include "generator/policy.h"

/* What a directory that matches a variable part of a path may cost, with all below it. What goes beyond is left out,
 * and reported. */
struct share {
    const char *path;
    size_t entries; /* files and directories that were looked at; long paths count several times, here and below */
    size_t targets; /* each cluster counts */

    /* Known once all targets are found (shares_divide): how much there was, and how much there may be. */
    size_t applications;
    size_t scanned, most_scanned;   /* bytes of following references and of reading app.yaml */
    size_t surveyed, most_surveyed; /* files and directories that were looked at for what can be sent */
    size_t text, most_text;         /* bytes of annotations */
};

enum {
    SHARE_MOST_ENTRIES = 50000,
    SHARE_MOST_TARGETS = 10000,
    APP_MOST_ENTRIES = 10000, /* of one app's own directory */
    DISCOVER_MOST_ENTRIES = 500000,
    DISCOVER_MOST_TARGETS = 20000,
};

/* How much there may be in one group (a directory that a variable part names) and of one team, wherever it is. */
struct quotas {
    size_t group_entries, group_targets, team_entries, team_targets;
};
extern const struct quotas all_quotas;

/* The next quotas to be tried where all together are too many: groups that have most get less, or teams, or both; the
 * first try is number 0. False: there are no more. */
bool quotas_try(unsigned number, struct quotas *out);

/* What was counted so far. */
struct counts {
    const struct policy *policy;
    struct arena *arena;
    struct quotas quotas;
    struct map *shares;  /* path -> struct share: of groups, and of apps */
    struct share *teams; /* in the policy's order */
    size_t entries, targets;
    bool beyond; /* all together are too many */
};
struct counts counts_new(struct arena *arena, const struct policy *policy, struct quotas quotas);

struct share *counts_share(struct counts *counts, const char *path);

/* Who owns a directory: its group and its app's own directory; either may be absent. */
struct owners {
    struct share *group, *own;
    const char *app; /* NULL: not known yet */
};

/* Why a target is one too many for its group or its team; NULL: it is not, unless `beyond`. */
const char *counts_target(struct counts *counts, const struct owners *owners, const char *directory, size_t clusters);

/* Whether what a directory holds is within what its owners may have; if not `beyond`. */
bool counts_directory(struct counts *counts, const struct owners *owners, const char *directory, size_t entries);

/* Divides what looking at overlays may cost among those that have some: all of them together stay within what a root
 * may use, and no group gets less because another one uses more. Each stands here once for each of its Applications. */
void shares_divide(struct share *const *shares, size_t count);

#endif
