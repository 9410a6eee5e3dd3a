/* The paths in which two trees differ. */
#ifndef PLUGIN_CHANGED_PATHS_H
#define PLUGIN_CHANGED_PATHS_H

#include "plugin/run/history.h"

struct changed_path {
    const char *path;
    char status; /* as git diff-tree says: M, A, D, T */
    unsigned old_mode, new_mode;
};

struct changed_paths {
    struct changed_path *items; /* sorted bytewise */
    size_t count, room;
    bool additions; /* one of them was not there before */
    bool links;     /* one of them is a symbolic link, which may lead anywhere */
};

bool changed_paths_find(struct history *history, const char *base, const char *head, struct changed_paths *out,
                        struct error *error);

/* Whether one of them is this path, or lies below it. */
bool changed_paths_touch(const struct changed_paths *changed, const char *path);

/* The first of them that is one of these paths, or lies below one; NULL: none is. `others`: there are more. */
const char *changed_paths_among(const struct changed_paths *changed, const struct name_list *paths, bool *others);

/* Whether all are regular files that were there before, and are still. */
bool changed_paths_are_edits(const struct changed_paths *changed);

#endif
