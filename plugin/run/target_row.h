/* What is told of a target: as it was found, as its final Application has it, and what its render gave. */
#ifndef PLUGIN_TARGET_ROW_H
#define PLUGIN_TARGET_ROW_H

#include "plugin/run/render_set.h"

/* All texts are borrowed from the set. Fields that are not known are NULL. */
struct target_row {
    const struct target *target;
    const char *project, *cluster, *namespace; /* after the patches of the root */
    const char *images;                        /* a line each; "": none */
    const char *renderer;                      /* Argo CD's own; NULL: this program's */
    const char *problem;
};

struct target_row target_row_of(const struct render_set *set, const struct target *target);

#endif
