#include "diff/report.h"
void report_judge(struct report *report) { (void)report; }
void report_write_json(const struct report *report, struct text *out) { (void)report; (void)out; }
void report_write_github(const struct report *report, struct text *out) { (void)report; (void)out; }
void report_write_patch(const struct report *report, unsigned context, struct text *out) { (void)report; (void)out; (void)context; }
void report_write_markdown(const struct report *report, size_t limit, struct text *out) { (void)report; (void)out; (void)limit; }
