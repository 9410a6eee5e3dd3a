/* The repository that a command works on: what is read is confined to its root.
 *
 * The root is the nearest directory above that holds .git. `directory` is the place that was asked for, relative to the
 * root, without symbolic links. */
#ifndef PLUGIN_REPOSITORY_H
#define PLUGIN_REPOSITORY_H

#include "base/arena.h"
#include "base/error.h"
#include "source/source.h"

struct repository {
    struct source *source;
    const char *root; /* the file system's absolute path */
    const char *directory;
    const char *part; /* where only this directory of the repository is there, and `root` is its path; NULL: all is */
    bool has_git;     /* false: there was no .git, and the fallback is the root */
};

/* What is the root where there is no .git: the whole file system, as for kustomize, or the directory itself. */
enum without_git { WITHOUT_GIT_SYSTEM, WITHOUT_GIT_HERE };

bool repository_find(struct arena *arena, const char *path, enum without_git fallback, struct repository *out,
                     struct error *error);

/* A known root, and a directory in it (both absolute, without symbolic links). With a part, the root is not that of the
 * repository but of this directory of it. */
bool repository_open_part(struct arena *arena, const char *root, const char *part, const char *directory,
                          struct repository *out, struct error *error);
bool repository_open(struct arena *arena, const char *root, const char *directory, struct repository *out,
                     struct error *error);

void repository_close(struct repository *repository);

/* The working directory without symbolic links. */
const char *working_directory(struct arena *arena, struct error *error);

/* Where there is no .git and the whole file system is the root, paths are those from the working directory: in an
 * error, and of a path itself. */
void repository_localize(const struct repository *repository, struct arena *arena, struct error *error);
/* Takes the machine's paths out of an error: that of the root, and those of temporary directories, which other programs
 * put into their messages. They change with each of Argo CD's requests. */
void repository_hide_paths(const struct repository *repository, struct error *error);
const char *repository_local_path(const struct repository *repository, struct arena *arena, const char *path);

#endif
