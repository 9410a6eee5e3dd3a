/* Looking for secrets in every text file, whether anything renders it or not: for hooks and for CI. */
#ifndef PLUGIN_SECRET_SCAN_H
#define PLUGIN_SECRET_SCAN_H

#include "finding/finding.h"
#include "plugin/run/history.h"

struct secret_scan {
    const char *since; /* each commit since this one, for what its first parent does not have; NULL: the tree as it is.
                        * Commits stand where other findings have their targets. */
    bool staged;       /* what `git commit` would commit; else the work tree without what is ignored */
    struct findings *findings;
};

/* Reads all text files of the working directory's repository, or of this directory where there is none. `repository` is
 * what was looked at: to be closed first, then the history, in any case. */
bool secret_scan(const struct secret_scan *scan, struct history *history, struct repository *repository,
                 struct error *error);

#endif
