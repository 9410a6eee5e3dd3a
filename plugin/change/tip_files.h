/* The files of a commit, looked up by path. */
#ifndef PLUGIN_CHANGE_TIP_FILES_H
#define PLUGIN_CHANGE_TIP_FILES_H

#include "base/map.h"
#include "plugin/change/user_git.h"

struct tip_file {
    const char *path, *id;
};

/* Lives in the arena of the history. */
struct tip_files {
    struct tip_file *items; /* in git's order */
    size_t count, room;
    struct map *by_path; /* to tip_file's id */
};

/* `commit` NULL: no files. */
bool tip_files_read(struct user_git *git, const char *commit, struct tip_files *out, struct error *error);

/* The id of a file; NULL: there is none. */
const char *tip_files_find(const struct tip_files *files, const char *path);

#endif
