/* Checking: what `check` and the summaries of other commands do: renders, and findings about them. */
#ifndef PLUGIN_CHECKING_H
#define PLUGIN_CHECKING_H

#include "check/policy.h"
#include "plugin/run/render_set.h"

/* Adds what is found in a set that was run with trees (render_set_keep_trees). `whole`: all targets are in it. Returns
 * the names of those that were checked. */
struct name_list check_render_set(const struct render_set *set, bool whole, const struct check_policy *policy,
                                  struct findings *findings);

/* Renders one directory that stands alone, under a name, and adds what is found. What cannot be rendered is a finding,
 * too. */
void check_directory(const struct repository *repository, const char *directory, const char *name,
                     const struct check_policy *policy, struct findings *findings);

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
