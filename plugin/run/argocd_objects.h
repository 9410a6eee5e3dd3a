/* What a repository tells Argo CD already: its Applications and ApplicationSets, wherever they stand.
 *
 * Everything lives in the arena that is passed. */
#ifndef PLUGIN_ARGOCD_OBJECTS_H
#define PLUGIN_ARGOCD_OBJECTS_H

#include "source/source.h"

struct argocd_object {
    const char *kind, *name; /* name: "?" where it has none */
    struct place place;
    struct name_list paths; /* directories that it deploys, or patterns of them, as it names them */
};

struct argocd_objects {
    struct argocd_object *items;
    size_t count, room;
};

/* Looks into each file that is called .yaml, .yml or .json, apart from directories that begin with a dot. What cannot
 * be read, as templates of charts, is passed over. */
bool argocd_objects_find(const struct source *source, struct arena *arena, struct argocd_objects *out,
                         struct error *error);

#endif
