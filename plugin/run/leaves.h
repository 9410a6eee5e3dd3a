/* The leaves of a resource, each with its path, and those that a field's name means. */
#ifndef PLUGIN_LEAVES_H
#define PLUGIN_LEAVES_H

#include "base/error.h"
#include "yaml/node.h"

/* One step of a path: a key, or an item of a list. */
struct leaf_step {
    const char *key; /* NULL: an item */
    size_t index;
    const struct node *item;
};

/* A scalar, or an empty map or list. */
struct leaf {
    const struct node *node;
    const struct leaf_step *steps;
    size_t count;
    const char *path; /* as replacements write it: spec.containers.[name=app].image */
};

struct leaves {
    struct leaf *items;
    size_t count, room;
};

/* All leaves, in the order of the output. They live in the arena and borrow the nodes. */
void leaves_of(struct arena *arena, const struct node *root, struct leaves *out);

/* Those that a path means, whole or its end, or that are below what it means: spec.replicas, image, containers[0].env.
 * False: none, or leaves of several fields; the error lists what there is. */
bool leaves_find(struct arena *arena, const struct leaves *all, const char *field, struct leaves *out,
                 struct error *error);

#endif
