/* Which object names or selects which other one, in one target. */
#ifndef PLUGIN_REPORT_LINKS_H
#define PLUGIN_REPORT_LINKS_H

#include "check/check.h"

struct link {
    size_t from, to; /* indices of objects: `from` names `to` */
};

struct links {
    struct link *items;
    size_t count, room;
};

/* By name where kustomize knows the field, and by labels. Each once, sorted by `from`; in the arena. */
void links_find(struct arena *arena, const struct check_object *objects, size_t count, struct links *out);

#endif
