/* What an edit changes in what is rendered: the fields that diff/changes.h finds between two renders of one directory,
 * as texts that outlive the renders. */
#ifndef PLUGIN_CHANGE_EFFECTS_H
#define PLUGIN_CHANGE_EFFECTS_H

#include "kustomize/engine.h"

/* Its texts live in the arena. */
struct effect {
    const char *target;      /* APP/ENV; NULL: not known */
    const char *kind, *name; /* of the resource; "" where it has none */
    const char *path;        /* spec.template.spec.containers.[name=app].image; "": the resource as a whole */
    const char *old, *new;   /* secrets hidden; NULL: it is no scalar, or not there */
    const char *outcome;     /* "rolls out" and the like: what becomes of the resource; NULL: nothing to be told */
};

struct effects {
    struct effect *items;
    size_t count, room;
};

void effects_find(struct arena *arena, const struct rendered *before, const struct rendered *after,
                  struct effects *out);

/* "Deployment web: containers.[name=app].image", as short as it is clear. */
const char *effect_text(struct arena *arena, const char *kind, const char *name, const char *path);

#endif
