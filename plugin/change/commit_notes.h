/* git's notes on commits, below a reference: a tree whose paths are the commits' ids, with slashes between where there
 * are many. They are written without `git notes`, which writes below refs/notes only: ours lies elsewhere until it is
 * pushed. */
#ifndef PLUGIN_CHANGE_COMMIT_NOTES_H
#define PLUGIN_CHANGE_COMMIT_NOTES_H

#include "plugin/change/tip_files.h"

struct commit_notes {
    struct user_git *git;
    const char *tip; /* NULL: there are none */
    struct tip_files files;
    struct map *by_commit; /* to the tip_file */
    struct text entries;   /* of what changes */
};

/* To be closed in any case. */
bool commit_notes_read(struct commit_notes *notes, struct user_git *git, const char *tip, struct error *error);
void commit_notes_close(struct commit_notes *notes);

/* The blob of a commit's note; NULL: it has none. */
const char *commit_notes_find(const struct commit_notes *notes, const char *commit);

/* Gives a commit a note in place of what it has. */
void commit_notes_set(struct commit_notes *notes, const char *commit, const char *blob);

/* A commit of all that was set; NULL with an error. */
const char *commit_notes_write(struct commit_notes *notes, const char *subject, struct error *error);

#endif
