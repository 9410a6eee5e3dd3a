/* What `rootapp diff` compares: the forms of its first operand. */
#ifndef PLUGIN_REVISIONS_H
#define PLUGIN_REVISIONS_H

#include "plugin/run/history.h"

struct comparison_form {
    struct revision base, head;
    bool merge;       /* head is what merging it into base gives */
    const char *into; /* the branch that base is; NULL: it is none, or nothing goes into it */
    const char *note; /* what has to be said about it; NULL: nothing */
};

/* `text` is BASE, BASE...HEAD, BASE..HEAD, or NULL: HEAD with the work tree, or, where `staged`, with the index. */
bool comparison_form_find(struct history *history, const char *text, bool staged, struct comparison_form *out,
                          struct error *error);

#endif
