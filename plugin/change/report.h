/* What came of changes of images, for people and as JSON. */
#ifndef PLUGIN_CHANGE_REPORT_H
#define PLUGIN_CHANGE_REPORT_H

#include "plugin/change/changes.h"

/* How it ended. Fields that have no meaning are NULL or 0. */
struct change_end {
    const char *result; /* edited, committed, pushed, unchanged, superseded, held, refused, conflict, failed */
    const char *branch, *old, *commit, *url, *by; /* `by`: the commit that superseded, or is in conflict */
    const char *message;                          /* of a refusal, or about what superseded */
    unsigned attempts;
};

/* The lines of edits and of what they do, or "APP/ENV: NAME is 1.4.0 already". */
void report_text(const struct changes *changes, struct text *out);

/* Unified diffs of all files. */
void report_diff(const struct changes *changes, struct text *out);

/* docs/commands/set-image.md says what the fields mean. */
bool report_json(const struct changes *changes, const struct change_end *end, struct text *out, struct error *error);

#endif
