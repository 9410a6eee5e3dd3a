/* What an edit changes in what is rendered: every scalar that differs between two renders of one directory. */
#ifndef PLUGIN_CHANGE_LEAVES_H
#define PLUGIN_CHANGE_LEAVES_H

#include "kustomize/engine.h"

/* Its texts live in the arena. */
struct leaf {
    const char *kind, *name; /* of the resource; "" where it has none */
    const char *path;        /* spec.template.spec.containers.[name=app].image */
    const char *old, *new;   /* NULL: it is no scalar, or not there */
};

struct leaves {
    struct leaf *items;
    size_t count, room;
};

/* Resources are compared in their order: an edit of an image moves none. */
void leaves_compare(struct arena *arena, const struct rendered *before, const struct rendered *after,
                    struct leaves *out);

/* All images of containers: `new` is NULL. */
void leaves_images(struct arena *arena, const struct rendered *rendered, struct leaves *out);

/* The first scalar that holds a text as a whole word; false: there is none. */
bool leaves_find_text(struct arena *arena, const struct rendered *rendered, const char *text, struct leaf *out,
                      const struct node **scalar);

/* "Deployment web: containers.[name=app].image", as short as it is clear. */
const char *leaf_text(struct arena *arena, const struct leaf *leaf);

#endif
