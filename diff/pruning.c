/* pruning.c: tells what Argo CD does with what goes from an Application. */
#include "diff/judge.h"

const char *const pruning_names[] = {NULL, "deleted", "confirm", "kept", "manual"};

static const struct node *find_application(const struct report *report, const char *name)
{
    const struct node *found = report->root_head ? find_object(report->root_head, "Application", name) : NULL;
    return found || !report->root_base ? found : find_object(report->root_base, "Application", name);
}

/* Without an Application of which that could be said, it does. */
static bool prunes_itself(const struct report *report, const struct application *application)
{
    const struct node *object = application && application->app ? find_application(report, application->name) : NULL;
    return !object || node_equals(AT(object, "spec", "syncPolicy", "automated", "prune"), "true");
}

/* Whether the Application goes to another place. What it had in the old one is no part of it any more. */
static bool goes_elsewhere(const struct application *application)
{
    const struct resource_change *change = application ? application->application : NULL;
    for (size_t i = 0; change && i < change->count; i++)
        if (path_begins(change->fields[i].path, "spec.destination"))
            return true;
    return false;
}

enum pruning pruning_of(const struct report *report, const struct application *application,
                        const struct resource_change *change)
{
    if (!change->base || change->change == CHANGE_CHANGED)
        return PRUNING_NOT;
    if (has_sync_option(change->base, "Prune=false") || has_sync_option(change->base, "Delete=false"))
        return PRUNING_KEPT;
    if (goes_elsewhere(application))
        return PRUNING_KEPT;
    bool whole = application && application->state == APPLICATION_REMOVED;
    if (whole && text_is(application->deletion, "keep"))
        return PRUNING_KEPT;
    if (whole && text_is(application->deletion, "confirm"))
        return PRUNING_CONFIRMED;
    if (!whole && !prunes_itself(report, application))
        return PRUNING_MANUAL;
    return has_sync_option(change->base, "Prune=confirm") ? PRUNING_CONFIRMED : PRUNING_DELETED;
}
