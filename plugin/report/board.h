/* The board: which version of which app is where, how an environment stands to the one before it, and what could be
 * promoted next. What a page is made of.
 *
 * Everything lives in the set's arena, and borrows from the set, which has to keep trees. */
#ifndef PLUGIN_REPORT_BOARD_H
#define PLUGIN_REPORT_BOARD_H

#include "check/check.h"
#include "plugin/run/target_row.h"

enum standing {
    STANDING_ALONE,     /* there is none before it, or there is nothing to compare */
    STANDING_SAME,      /* as the one before it */
    STANDING_BEHIND,    /* older */
    STANDING_AHEAD,     /* newer */
    STANDING_DIFFERENT, /* another one, and texts do not say which is newer: tags of commits */
};

/* What `rootapp promote` would give an image of this target. */
struct promotable {
    const char *image, *from, *to; /* ":1.3.0"; from: "" where there is no entry yet */
};

/* Of git. */
struct last_commit {
    const char *id, *date, *author, *subject; /* the id is short, the date of when it was committed: 2026-11-02 */
    bool is_oldest;                           /* of a shallow clone: an older one may be meant */
};

struct board_target {
    struct target_row row;
    const char *name;     /* shop/prod, as findings name it; NULL: its app or environment is not known */
    const char *version;  /* NULL: no image runs */
    const char *replicas; /* of the workload that runs it: "3", "2 to 10"; NULL: it has none */
    const struct check_object *objects;
    size_t object_count;
    const struct finding **findings; /* that no exception permits */
    size_t finding_count, finding_room;
    size_t counts[SEVERITY_ERROR + 1];

    const struct board_target *before; /* the same app in the nearest environment before; NULL: none */
    bool skips;                        /* that one is not the next one in the policy */
    enum standing standing;
    struct promotable *promotable;
    size_t promotable_count;
    const char *hindered; /* why `promote` would refuse it; NULL: it would not */

    const struct last_commit *last; /* that changed what its render reads; NULL: not known */
    bool uncommitted;               /* what its render reads differs from the last commit */
};

/* Targets of one app stand together, sorted by environment. */
struct board_app {
    const char *name;
    struct board_target *targets;
    size_t count;
};

struct board {
    struct arena *arena;
    const struct policy *policy;
    const char **environments; /* those that something is in, in the policy's order */
    size_t environment_count;
    struct board_app *apps;
    size_t app_count;
    struct board_target *targets; /* those without an app or environment, too */
    size_t target_count;
    const struct findings *findings; /* all of them */
};

/* Of the targets that the filter selects. */
void board_read(struct board *board, const struct render_set *set, const struct target_filter *filter,
                const struct findings *findings);

/* Whether something waits for `rootapp promote`. */
static inline bool can_promote(const struct board_target *target)
{
    return target->promotable_count && !target->hindered;
}

#endif
