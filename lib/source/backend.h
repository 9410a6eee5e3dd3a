/* What a kind of source provides: the seam at which each of them joins.
 *
 * To add one: a file with a struct whose first member is `struct source`, a table of these functions, and a constructor
 * in source.h. source.c has checked every path before it arrives here: it is relative, has no ".." and no ".git".
 * Every function must be safe to call from several threads at once. */
#ifndef SOURCE_BACKEND_H
#define SOURCE_BACKEND_H

#include <stdatomic.h>

#include "source/source.h"

struct source_backend {
    enum file_kind (*kind)(const struct source *source, const char *path);
    char *(*resolve)(const struct source *source, struct arena *arena, const char *path, struct error *error);
    bool (*read)(const struct source *source, struct arena *arena, const char *path, struct file_bytes *out,
                 struct error *error);
    bool (*read_small)(const struct source *source, struct arena *arena, const char *path, size_t most,
                       struct file_bytes *out, struct error *error);          /* NULL: `size` and `read` do */
    bool (*size)(const struct source *source, const char *path, size_t *out); /* of a regular file, before it is
                                                                                 read. False: not known; NULL: never */
    bool (*list)(const struct source *source, struct arena *arena, const char *path, struct name_list *out,
                 struct error *error);
    bool (*survey)(const struct source *source, struct arena *arena, const char *path, struct listing *out,
                   struct error *error); /* FILE_REFUSED: to be asked for; NULL: it has no snapshots */
    char *(*system_path)(const struct source *source, struct arena *arena, const char *real); /* NULL: it has none */
    void (*release)(struct source *source);
};

struct source {
    const struct source_backend *backend;
    size_t most_files, most_bytes; /* 0: no limit */
    atomic_size_t files, bytes;    /* read so far; counted where there is a limit */
};

/* Why a place is not served: an errno, or one of these. */
enum {
    PROBLEM_OUTSIDE = -1,
    PROBLEM_GIT = -2,
    PROBLEM_NOT_REGULAR = -3,
    PROBLEM_TOO_LARGE = -4,
    PROBLEM_NOT_SENT = -5,
    PROBLEM_SUBMODULE = -6,
};

/* source_read_small of a path that was checked. */
bool source_backend_read_small(const struct source *source, struct arena *arena, const char *path, size_t most,
                               struct file_bytes *out, struct error *error);

/* Fills the error with "path: is larger than ..."; returns false. */
bool source_too_large(struct error *error, const char *path, size_t most);

/* Fills the error with "path: reason"; returns false. */
bool source_problem(struct error *error, const char *path, int problem);

/* What `kind` says about a place that cannot be opened. */
enum file_kind source_problem_kind(int problem);

/* Whether a path component of this size is git's own directory (in any case, as file systems may fold it). */
bool source_is_git(const char *component, size_t size);

/* Sorts the names bytewise. */
void source_sort(struct name_list *names);

/* For tests: a directory source goes on without openat2, as on an old kernel. */
void source_directory_walk(struct source *directory);

#endif
