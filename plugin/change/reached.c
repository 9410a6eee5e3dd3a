/* reached.c: finds the targets that read a kustomization, by following references. */
#include "plugin/change/reached.h"

#include <string.h>

/* One that cannot be followed reads nothing that is known: its render says why it is broken. */
static bool overlay_reads(struct changes *changes, const char *overlay, const char *directory)
{
    struct reference_set set = {0};
    struct error ignored = {0};
    bool found = false;
    if (engine_scan(changes->session.engine, changes->arena, overlay, &set, &ignored))
        for (size_t i = 0; i < set.directory_count && !found; i++)
            found = strcmp(set.directories[i], directory) == 0;
    error_free(&ignored);
    return found;
}

bool targets_reached(struct changes *changes, const char *directory, struct error *error)
{
    struct change_targets *targets = &changes->targets;
    size_t kept = 0;
    for (size_t i = 0; i < targets->count; i++)
        if (overlay_reads(changes, targets->items[i].path, directory))
            targets->items[kept++] = targets->items[i];
    targets->count = changes->ends[0] = kept;
    return kept || error_set(error, "%s: no target reads a kustomization there", directory);
}
