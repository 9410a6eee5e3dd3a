/* Pieces of the page that more than one of its sections has. */
#ifndef PLUGIN_REPORT_PAGE_PARTS_H
#define PLUGIN_REPORT_PAGE_PARTS_H

#include "plugin/report/board.h"

/* "s", but for one. */
const char *page_plural(size_t count);

/* The id of a target, and the end of a link to it. Of several clusters, the name of the first one stands for all: each
 * further one has its number. */
void page_id(const struct board *board, const struct board_target *target, struct text *out);

/* The id of an app, which no target has. */
void page_app_id(const struct board_app *app, struct text *out);

/* An attribute: what an app is shown for where the page is narrowed to what is behind, wrong, or to be promoted. */
void page_app_class(const struct board_app *app, struct text *out);

void page_badge(const char *class, const char *text, struct text *out);

/* "2 errors", "1 note": a badge each. */
void page_counts(const size_t counts[SEVERITY_ERROR + 1], struct text *out);

/* How a target stands to the environment before, as a badge; nothing where they are the same. */
void page_standing(const struct board *board, const struct board_target *target, struct text *out);

/* The `rootapp promote` that would bring something into a target, and what. */
void page_command(const struct board_target *target, struct text *out);
void page_promotable(const struct board_target *target, struct text *out);

/* An item of a target's list; and all findings, a section. */
void page_finding(const struct finding *finding, struct text *out);
void page_findings(const struct board *board, struct text *out);

/* Each app: what its environments set differently, and its targets. */
void page_apps(const struct board *board, struct text *out);

#endif
