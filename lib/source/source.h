/* Where files come from: a directory, a snapshot or a part of a tree, memory, or a tree of
 * git (source/git.h).
 *
 * Paths are relative to the source's root, cleaned, and use slashes; "." is the root. No path leads out of the root,
 * neither by ".." nor through a symbolic link, and none into .git: such a path is refused, and the error says so.
 * What is read lives in the arena that is passed. A source may be used by several threads at once. A missing source
 * (NULL) has no files. Error messages begin with the path: "apps/a.yaml: permission denied". */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/arena.h"
#include "base/error.h"

enum file_kind { FILE_ABSENT, FILE_REGULAR, FILE_DIRECTORY, FILE_OTHER, FILE_REFUSED };

struct file_bytes {
    const char *bytes; /* a NUL stands behind them */
    size_t size;
    const char *real; /* the path that was opened where it led over symbolic links; NULL: the path that was asked for */
};

struct source;

/* Opens a directory as a root. The path is the file system's, absolute or relative to the working directory. */
struct source *source_directory(const char *path, struct error *error);

/* A source in memory, for tests and fuzzing: add files before use. Bytes are copied. */
struct source *source_memory(void);
void source_memory_add(struct source *memory, const char *path, const void *bytes, size_t size);

/* A source that asks another one, of a directory, only once what a place is, and finds names by listing directories:
 * for many renders of what does not change meanwhile. Files are read anew each time, unless it keeps them: then what
 * was read lives as long as the source, for others who read it again. Takes the other one over. */
struct source *source_snapshot(struct source *of, bool keeps_files);

/* A source that has only one directory of a tree: what the other one has at its root lies there in this one, and
 * nothing else was sent. Paths in messages are those of the tree. Takes the other one over. */
struct source *source_part(struct source *of, const char *directory);

/* A source as it would be with the files of a second one, in memory, written over it. Takes both over. */
struct source *source_layered(struct source *of, struct source *over);

/* A tree of git (source/git.h) as a checkout has it: what git's attributes may change on the way out of git, and what
 * lies in submodules, is taken from the second source, which is of the same commit and may have a part of it only.
 * Takes both over. */
struct source *source_checkout(struct source *tree, struct source *files);

void source_free(struct source *source); /* NULL is allowed */

/* Limits what is read in total, before the first read: so many files, counted each time, and bytes. Reading beyond is
 * an error that names the limit. 0: no limit. */
void source_limit(struct source *source, size_t files, size_t bytes);

/* What is there, symbolic links followed within the root. FILE_REFUSED: outside, in .git, or links without an end.
 * FILE_OTHER: a FIFO, a socket, a device, or what cannot be looked at; source_resolve tells why. */
enum file_kind source_kind(const struct source *source, const char *path);

/* The same place without symbolic links. NULL with an error where it is absent or refused. */
char *source_resolve(const struct source *source, struct arena *arena, const char *path, struct error *error);

/* The file system's absolute path of a resolved place, for programs that we run; NULL where files are in no directory.
 */
char *source_system_path(const struct source *source, struct arena *arena, const char *real);

/* A regular file's content. FIFOs, devices and files over the limit are refused. */
bool source_read(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                 struct error *error);

/* The same for a file of at most so many bytes. It does not count among those of source_limit: for a reader of others'
 * files that has a budget of its own, so that it takes nothing from what the caller reads for itself. A snapshot does
 * not keep it. */
bool source_read_small(const struct source *source, struct arena *arena, const char *path, size_t most,
                       struct file_bytes *out, struct error *error);

/* A directory's names, sorted bytewise, ".", ".." and ".git" left out. Of a directory that has more than
 * SOURCE_MOST_NAMES there are none, and `too_many` is set. */
struct name_list {
    const char **names;
    size_t count;
    bool too_many;
};
bool source_list(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                 struct error *error);

bool name_list_has(const struct name_list *list, const char *name);

/* Adds a name that is not there yet to a list that grows in the arena; `room`, 0 at first, is the caller's. */
void name_list_add(struct arena *arena, struct name_list *list, size_t *room, const char *name);

/* A directory's names as source_list gives them, with what each is, as source_kind tells it. */
struct listed_name {
    const char *name;
    enum file_kind kind;
};

struct listing {
    struct listed_name *items;
    size_t count;
    bool too_many;
};
bool source_survey(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                   struct error *error);

/* What errors say of such a path. */
#define SOURCE_LEADS_OUT "leads out of the repository"

enum { SOURCE_LARGEST_FILE = 64 * 1024 * 1024, SOURCE_MOST_NAMES = 100000 };

#endif
