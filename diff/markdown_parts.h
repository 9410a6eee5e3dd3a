/* Parts of a report as markdown (diff_markdown.c). */
#ifndef DIFF_MARKDOWN_PARTS_H
#define DIFF_MARKDOWN_PARTS_H

#include "diff/report.h"

/* How long a text is as GitHub counts: in units of UTF-16. */
size_t markdown_units(const char *bytes, size_t size);
size_t markdown_size(const struct text *text);

/* A text of somebody else outside of code, cut where it is very long: nothing in it is markdown, or calls somebody. */
void markdown_text(const char *text, struct text *out);

/* All risks of a level in a block of this kind (CAUTION): with their messages, or, beyond this size of the comment, by
 * their rules. Links to lines are left out where they would take much of the room. Nothing where there are none. */
void markdown_risks(const struct report *report, enum risk_level level, const char *alert, size_t limit,
                    struct text *out);

#endif
