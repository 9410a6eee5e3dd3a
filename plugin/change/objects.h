/* Writes git's objects: with the user's git, and an index of our own in its temporary directory. No checkout, no branch
 * and no index of the user is touched. Ids are in the arena of the history. */
#ifndef PLUGIN_CHANGE_OBJECTS_H
#define PLUGIN_CHANGE_OBJECTS_H

#include "plugin/change/user_git.h"

/* Writes `count` texts, by one process, and puts their ids into `ids`. */
bool write_blobs(struct user_git *git, const struct text *const *texts, size_t count, const char **ids,
                 struct error *error);

/* The id of a tree: that of `base` (NULL: an empty one) with other entries. These are `update-index -z --index-info`'s:
 * "MODE ID\tPATH\0", where the mode 0 removes the path. NULL with an error. */
const char *write_tree(struct user_git *git, const char *base, const struct text *entries, struct error *error);

/* The id of a commit on top of `parent` (NULL: a first one), signed where commit.gpgSign says so. NULL with an error.
 */
const char *write_commit(struct user_git *git, const char *tree, const char *parent, const struct text *message,
                         struct error *error);

#endif
