/* Parts of a report as texts, which several of its writers share. */
#ifndef DIFF_SHOW_H
#define DIFF_SHOW_H

#include "diff/report.h"

/* A value in one line: a scalar as it is, anything else as JSON; control characters visible, long ones cut. */
void show_value(const struct node *value, struct text *out);

/* Whether a field is better shown as a difference of lines; then its hunks, without names. One with a structure is
 * shown by that (field->inside). */
bool shows_lines(const struct field_change *field);
void show_lines(const struct field_change *field, struct text *out);

/* The order of a list's items before and behind an arrow: by their names. */
void show_order(const struct field_change *field, struct text *out);

/* "Deployment web", or "ConfigMap web-1 -> web-2". */
void show_resource(const struct resource_change *change, struct text *out);

/* What is said behind a resource: "rolls out", "content changed, 2 references follow". Nothing where there is none. */
void show_remark(const struct resource_change *change, struct text *out);

/* "file:12", nothing where it is not known. */
void show_place(struct place place, struct text *out);
struct place field_place(const struct field_change *field); /* on head; of what is removed, on base */

/* "2 dangers, 1 warning", "no risk". */
void show_risk_counts(const struct report *report, struct text *out);

/* The names of all Applications that a risk is about, and of those that say the same; `add` writes one. */
void show_risk_names(const struct report *report, const struct risk *risk, void add(const char *name, struct text *out),
                     struct text *out);

/* "1 added, 2 changed of 900 Applications". */
void show_counts(const struct report *report, struct text *out);

/* "prod follows release: not affected". */
void show_unaffected(const struct unaffected *unaffected, struct text *out);

/* Whether nothing but versions of images changes. */
bool is_routine(const struct report *report);

/* "changed" and the like, and the mark that text puts before it. */
const char *state_name(enum application_state state);
char state_mark(enum application_state state);

void show_count(size_t count, const char *what, struct text *out); /* "1 danger", "2 dangers" */

#endif
