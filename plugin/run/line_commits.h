/* The commits that lines of files come from, as git blame tells them. */
#ifndef PLUGIN_LINE_COMMITS_H
#define PLUGIN_LINE_COMMITS_H

#include "base/map.h"
#include "plugin/run/history.h"

struct line_commit {
    const char *id; /* NULL: not committed yet, or in no history */
    const char *author, *summary;
    char date[16];     /* of the author: 2026-11-02, */
    long long seconds; /* and the same since 1970 */
    bool boundary;     /* of a shallow clone: an older commit may have written the line */
    const char *file;
    unsigned line; /* in that commit */
};

struct line_commits {
    struct arena *arena;
    struct history *history;
    const char *revision; /* NULL: the work tree */
    struct map *files;    /* of wanted lines, and what was found */
};

void line_commits_open(struct line_commits *commits, struct arena *arena, struct history *history,
                       const char *revision);

/* Lines first are all noted, then asked for: git runs once for each file. */
void line_commits_want(struct line_commits *commits, const char *file, unsigned line);

/* NULL: git knows nothing of the line (a file that is not committed, or not in the repository). */
const struct line_commit *line_commits_find(struct line_commits *commits, const char *file, unsigned line);

#endif
