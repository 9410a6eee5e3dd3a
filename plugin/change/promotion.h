/* What one environment runs, as wishes for another: the tags and digests that the entries of its overlays set. */
#ifndef PLUGIN_CHANGE_PROMOTION_H
#define PLUGIN_CHANGE_PROMOTION_H

#include "plugin/change/intents.h"

struct promotion {
    const char *const *apps; /* NULL: all that have both environments */
    size_t app_count;
    const char *from, *to;
    const char *image; /* this one alone; NULL: all */
    bool skips;        /* `to` need not be the next environment */
};

/* Reads them from a tree. `request` names the root; `out` gets an intent for each app, and `notes` lines on what is not
 * promoted: images that no entry of the overlay sets. Every image is verified to be rendered so. */
bool promotion_read(struct arena *arena, struct repository *repository, const struct promotion *promotion,
                    const struct change_request *request, struct intents *out, struct text *notes, struct error *error);

#endif
