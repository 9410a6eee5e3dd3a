/* What `verify` compares, and what it finds. */
#ifndef PLUGIN_VERIFY_H
#define PLUGIN_VERIFY_H

#include "base/text.h"
#include "plugin/run/session.h"

enum verdict {
    VERDICT_SAME,
    VERDICT_DIFFERENT,
    VERDICT_ROOTAPP_REFUSES,   /* kustomize renders it */
    VERDICT_KUSTOMIZE_REFUSES, /* we render it */
    VERDICT_BOTH_REFUSE,
    VERDICT_NOT_COMPARED, /* a RootApp: kustomize does not know it */
    VERDICT_COUNT
};

/* One kustomization and what came of it. Texts are kept where they differ. */
struct comparison {
    const char *directory, *shown; /* from the source's root, and as messages name it */
    enum verdict verdict;
    char *our_error, *their_error; /* one line each; NULL: none */
    struct text ours, theirs;
    size_t line; /* the first that differs, from 1 */
};

struct comparisons {
    struct comparison *items;
    size_t count;
    size_t counts[VERDICT_COUNT];
    const char *kustomize_version;
    size_t left_out; /* directories that the RootApp does not find */
};

/* How each verdict is called in JSON and in text. */
extern const char *const verdict_names[VERDICT_COUNT];
bool verdict_is_good(enum verdict verdict);

void comparisons_write_text(const struct comparisons *all, bool verbose, bool diff, struct text *out);
bool comparisons_write_json(const struct comparisons *all, bool diff, struct text *out, struct error *error);

#endif
