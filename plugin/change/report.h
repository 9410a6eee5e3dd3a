/* What came of changes of images, for people and as JSON. */
#ifndef PLUGIN_CHANGE_REPORT_H
#define PLUGIN_CHANGE_REPORT_H

#include "plugin/change/changes.h"
#include "plugin/change/sequence.h"

/* A branch that has what was wanted, from now on or already. */
struct pushed_branch {
    const char *name, *old, *commit, *url; /* `old`, `url` NULL: none */
    bool was_there;
    const char *wanted_by; /* the branch that a pull request to has still to be asked for; NULL: none */
};

/* How it ended. Fields that have no meaning are NULL or 0. */
struct change_end {
    const char *result; /* edited, committed, pushed, unchanged, superseded, held, refused, conflict, failed */
    const char *branch, *old, *commit; /* of a commit in the clone */
    struct pushed_branch *pushed;      /* of a push */
    size_t pushed_count;
    const struct image_setter *by; /* whose commit superseded, or is in conflict */
    const char *message;           /* of a refusal, or about what superseded */
    unsigned attempts;
};

/* The lines of edits and of what they do, or "APP/ENV: NAME is 1.4.0 already". */
void report_text(const struct changes *changes, struct text *out);

/* Unified diffs of all files. */
void report_diff(const struct changes *changes, struct text *out);

/* docs/commands/set-image.md says what the fields mean. */
bool report_json(struct arena *arena, const struct changes *const *all, size_t count, const struct change_end *end,
                 struct text *out, struct error *error);

#endif
