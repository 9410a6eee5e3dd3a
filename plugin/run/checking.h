/* Checking: what `check` and the summaries of other commands do: renders, and findings about them. */
#ifndef PLUGIN_CHECKING_H
#define PLUGIN_CHECKING_H

#include "check/policy.h"
#include "plugin/run/render_set.h"

/* What a set is checked by, and what came of it. */
struct check_work {
    const struct check_policy *policy;
    bool whole;            /* all targets are in it */
    const char *today;     /* YYYY-MM-DD */
    const char *clone_url; /* of git's origin; NULL: not known */
    struct findings *findings;
    struct name_list targets;  /* the names of those that were checked */
    struct name_list allowing; /* the files with comments that permit something */
};

/* Adds what is found in a set that was run with trees (render_set_keep_trees). */
void check_render_set(const struct render_set *set, struct check_work *work);

/* Renders one directory that stands alone, under a name, as the plugin's rules permit, and adds what is found. What
 * cannot be rendered is a finding, too. */
void check_directory(const struct repository *repository, const char *directory, const char *name,
                     const struct render_rules *rules, struct check_work *work);

/* Adds a line on what a set's renders found (render_set_note_findings), with what the check policy permits left out;
 * none where there is nothing. It is less than `check` finds, and costs next to nothing. */
void check_summarize(const struct render_set *set, struct text *out);

/* Adds lines for the log of a plugin's call: the first of the warnings of its one render, and how many more there are.
 * `findings`, which may be NULL, keeps those that are told. */
void check_note(struct findings *findings, const struct source *source, struct text *out);

/* An error as a finding: RA001, where it belongs. `target`: NULL where it is of all. */
void check_add_error(struct findings *findings, const char *target, struct place place, const char *message);

/* The day on which exceptions are judged, YYYY-MM-DD: the given one (--today), or today. */
const char *check_day(struct arena *arena, const char *given);

#endif
