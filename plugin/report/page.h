/* The page of a report: one file of HTML that loads nothing and runs nothing. */
#ifndef PLUGIN_REPORT_PAGE_H
#define PLUGIN_REPORT_PAGE_H

#include "plugin/report/board.h"

/* What is said above the board. Fields that are not known are NULL. */
struct page_source {
    const char *repository; /* as the policy names it */
    const char *commit;
    bool changed; /* files are not as they are in the commit */
};

void page_write(const struct board *board, const struct page_source *source, struct text *out);

/* What it looks like: light, dark, printed. */
extern const char *const page_style[]; /* NULL ends it */

#endif
