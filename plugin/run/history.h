/* What git says of a repository, and its revisions as repositories: no checkout is needed, touched, or trusted.
 *
 *     struct history history;
 *     struct revision revision;
 *     struct repository repository;
 *     if (history_open(&history, arena, ".", &error) && history_find(&history, "main", &revision, &error) &&
 *         history_open_tree(&history, revision.tree, &repository, &error))
 *         ... repository.source reads main's files; render_set, session and the rest take it as any other
 *     repository_close(&repository);
 *     history_close(&history);                 last, and in any case
 *
 * Revisions are found, and trees made, by git, which alone knows the user's configuration; files are read by
 * source/git.h. Works in bare repositories, worktrees, shallow and partial clones. Nothing is written into the
 * repository: what has to be written goes to a temporary directory, which history_close removes.
 *
 * To confine the process afterwards: first all that git has to say, then history_ready, then confine. */
#ifndef PLUGIN_HISTORY_H
#define PLUGIN_HISTORY_H

#include "plugin/run/repository.h"
#include "source/git.h"

struct history {
    struct arena *arena;
    const char *root;      /* the work tree's; NULL: the repository is bare */
    const char *directory; /* the place that was asked for, from the root; "." in a bare repository */
    const char *common;    /* git's directory that all worktrees share, absolute */
    struct git_place place;
    struct git_objects *objects;
    bool fetches_late; /* of a partial clone: what is missing comes when it is read, not with its tree */

    /* Internal: */
    const char *at;                 /* where git runs */
    const char *temporary;          /* of what has to be written; NULL: nothing yet */
    const char *const *environment; /* of git */
};

struct revision {
    const char *name;          /* as it was asked for */
    const char *commit, *tree; /* ids; `commit` is NULL where it is a tree only */
};

/* `path` is a directory of the file system, in a work tree or a bare repository. To be closed in any case. An error is
 * git's own where git refuses the repository (safe.directory). */
bool history_open(struct history *history, struct arena *arena, const char *path, struct error *error);
void history_close(struct history *history);

/* Any commit, tag or tree by whatever git understands: "main", "HEAD~3", "v1.2", an id. */
bool history_find(struct history *history, const char *name, struct revision *out, struct error *error);

/* The same of several at once, which have their names. */
bool history_find_all(struct history *history, struct revision *revisions, size_t count, struct error *error);

/* The next four make a tree, and have to do so before the first one is opened. */

/* What `git commit` would commit, as a tree; GIT_INDEX_FILE is honoured, as hooks need it. */
bool history_find_index(struct history *history, struct revision *out, struct error *error);

/* What `git commit` would commit after `git add --all`, as a tree: the work tree without what is ignored. */
bool history_find_work_tree(struct history *history, struct revision *out, struct error *error);

/* What merging one commit into another would give, as a tree. Where they conflict, an error names the files. Where git
 * is too old to merge without a work tree (before 2.38), `merged` is false, and the result is the common ancestor's
 * tree in `base` and the second commit's in `out`. */
bool history_find_merge(struct history *history, struct revision *base, const struct revision *other, bool *merged,
                        struct revision *out, struct error *error);

/* A tree without files, for a branch that has no commit yet. */
bool history_find_nothing(struct history *history, struct revision *out, struct error *error);

/* Lets git write its objects where history_close removes them, and nothing else. */
bool history_write_elsewhere(struct history *history, struct error *error);

/* A tree as a repository, with the directory that history_open was given. It must be closed before the history. */
bool history_open_tree(struct history *history, const char *tree, struct repository *out, struct error *error);

/* A tree's files as git checks them out, in a directory that history_close removes: for programs that read files. */
bool history_check_out(struct history *history, const char *tree, const char **directory, struct error *error);

/* Brings what a partial clone lacks of a tree, all at once, as history_open_tree does. With GIT_NO_LAZY_FETCH, nothing.
 */
bool history_fetch_missing(struct history *history, const char *tree, struct error *error);

/* Loads or starts what reads objects, so that the process can be confined. */
bool history_ready(struct history *history, struct error *error);

/* The directories that are read for objects: the repository's own, ours, and those that they borrow from. NULL ends
 * them. */
const char *const *history_object_directories(struct history *history);

/* Runs git in the repository: `words` are its arguments, NULL ends them. Its output goes to `out` as it is (NULL:
 * nowhere). False where it exits with another status than 0, with what it said; passwords in URLs are hidden. */
bool history_run(struct history *history, const char *const *words, struct text *out, struct error *error);

/* Whether git answers "true". Where it fails, it does not. */
bool history_says_true(struct history *history, const char *const *words);

/* The same, but its status is the caller's to judge; -1 with an error where it could not be run. `said`, which may be
 * NULL, gets its messages. */
int history_try(struct history *history, const char *const *words, struct text *out, struct text *said,
                struct error *error);

/* Appends what git said in one line, without the passwords of URLs, and without "fatal:". */
void history_said(struct text *out, const char *said);

/* Takes what git printed and said, each unless it is NULL, and frees the rest. Its exit status; 124: it took too long.
 */
struct process_end;
int git_end(struct process_end *end, struct text *out, struct text *said);

/* As history_try, with the whole environment given, and an input (NULL: none). */
struct git_call {
    const char *const *words, *const *environment;
    const char *input;
    size_t input_size;
    unsigned seconds; /* it is killed after these; 0: ten minutes */
};
int history_call(struct history *history, const struct git_call *call, struct text *out, struct text *said,
                 struct error *error);

#endif
