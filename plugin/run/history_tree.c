/* history_tree.c: opens trees of a repository as repositories. */
#include "plugin/run/history.h"

/* The objects as they are from now on: opened when the first one is needed. */
static struct git_objects *demand_objects(struct history *history)
{
    if (!history->objects)
        history->objects = git_objects_open(&history->place);
    return history->objects;
}

bool history_open_tree(struct history *history, const char *tree, struct repository *out, struct error *error)
{
    if (!history_fetch_missing(history, tree, error))
        return false;
    const char *root = history->root ? history->root : history->common;
    *out = (struct repository){.root = root, .directory = history->directory, .has_git = true};
    out->source = source_git(demand_objects(history), tree, history->root);
    return true;
}

bool history_ready(struct history *history, struct error *error)
{
    return git_objects_ready(demand_objects(history), error);
}
