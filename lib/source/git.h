/* What a git repository holds, read from its objects: any tree, without a checkout.
 *
 *     struct git_objects *objects = git_objects_open(&place);
 *     struct source *source = source_git(objects, tree, root);     as many as are wanted; they share what was read
 *     source_free(source);
 *     git_objects_free(objects);
 *
 * Objects are read by libgit2, which is loaded when the first one is needed. Where it is not installed, or cannot open
 * what git can (repositories with sha256, partial clones), one `git cat-file --batch` reads them: the same bytes.
 * Nothing is written. All of it is safe to be used by several threads at once.
 *
 * git obeys the repository's configuration, which may name commands, and takes an object of a pack for what it is
 * called. Objects of somebody who is not trusted are `foreign`: read by libgit2, which checks each id, or not at all.
 */
#ifndef SOURCE_GIT_H
#define SOURCE_GIT_H

#include "source/source.h"

/* Where objects are: absolute paths, as `git rev-parse` says them. They must stay until git_objects_free. */
struct git_place {
    const char *directory;                /* git's own, that of the worktree */
    const char *objects;                  /* the directory of its objects; theirs and their alternates are found */
    const char *more;                     /* another directory of objects; NULL: none */
    bool sha256;                          /* the repository names objects by SHA-256 */
    bool batch;                           /* let git read, whatever libgit2 can */
    bool foreign;                         /* never let git read */
    const char *const *batch_environment; /* of git, where it reads; NULL: ours */
};

/* Whether the repository is a partial clone: one that lacks objects, which git fetches, one by one, when they are read.
 */
bool git_is_partial(const struct git_place *place);

struct git_objects;

struct git_objects *git_objects_open(const struct git_place *place);
void git_objects_free(struct git_objects *objects); /* after all its sources; NULL is allowed */

/* Loads or starts what reads, which otherwise the first read does: for a process that confines itself afterwards. */
bool git_objects_ready(struct git_objects *objects, struct error *error);

/* The tree of a commit, or of the commit that a tag names, as hexadecimal digits. NULL with an error: it is missing,
 * damaged, or no commit. What was missing may be asked for again: somebody else may write into the repository. */
const char *git_objects_tree(struct git_objects *objects, struct arena *arena, const char *commit, struct error *error);

/* The id that these bytes have as a blob, whether it is there or not, in hexadecimal digits. NULL: what reads cannot
 * tell; `git hash-object` can. */
const char *git_objects_blob_id(struct git_objects *objects, struct arena *arena, const void *bytes, size_t size);

/* A tree as a root. `tree` is the id of a tree, in hexadecimal digits. `root` is the path of the work tree: an absolute
 * symbolic link that names it stays inside; NULL: each leads out. The tree is read when it is needed: where it is
 * missing, that is when an error says so. Sizes are known, and limited, before content is read. Submodules are refused.
 */
struct source *source_git(struct git_objects *objects, const char *tree, const char *root);

#endif
