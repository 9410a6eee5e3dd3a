/* The engine: renders kustomizations as `kustomize build` does. The kustomize layer's public face.
 *
 * An engine serves one thread and any number of builds, among which it shares parsed files, rendered bases and what was
 * fetched. It reads only through its source and what its options allow to fetch. Nothing is printed: results, warnings
 * and errors are the caller's. */
#ifndef KUSTOMIZE_ENGINE_H
#define KUSTOMIZE_ENGINE_H

#include "base/text.h"
#include "kustomize/kustomization/options.h"

struct engine;

struct engine *engine_new(const struct engine_options *options); /* options are copied; what they name is borrowed */
void engine_free(struct engine *engine);

/* The table of the places in all that the engine read. Lives as long as the engine; its errors have their places. */
const struct origins *engine_origins(const struct engine *engine);

/* What a build gives: the final objects, in output order. Lives until rendered_free. */
struct rendered {
    const struct node **items;
    size_t count;
    const struct origins *origins; /* of their places: the engine's */
    struct text warnings;          /* what kustomize prints to standard error, whole lines */
    struct findings *findings;     /* where something is lost or ignored; NULL: not asked for */
    struct arena *arena;
    bool is_guest; /* the arena is another's: engine_keep */
};

/* Renders a directory, relative to the source's root, or the URL of a remote base. On failure only `warnings` and
 * `findings` are filled. */
bool engine_render(struct engine *engine, const char *directory, struct rendered *out, struct error *error);
void rendered_free(struct rendered *rendered);

/* Moves the objects and findings of the last build into an arena, where they live as long as it and the engine, and
 * gives up all that the build needed besides: several times as much. Nothing may have been built or scanned since. */
void engine_keep(struct engine *engine, struct rendered *rendered, struct arena *arena);

/* The text that `kustomize build` prints for it. */
bool rendered_write(const struct rendered *rendered, struct text *out, struct error *error);

/* What readers of Kubernetes read from it: one JSON object a line. */
bool rendered_write_json(const struct rendered *rendered, struct text *out, struct error *error);

/* What a directory's kustomization reads, found by following the path lists of kustomization files alone: the
 * directories and files outside of it included. No resource is parsed. Paths are relative to the source's root, sorted,
 * each once.
 *
 * It is bounded: kustomization files of 1 MiB with 100,000 values, paths of 4,096 bytes, 8 MiB of cost. Beyond that it
 * fails; nothing of it counts among the files that the source may read. */
struct reference_set {
    const char **directories; /* kustomization directories, the directory itself included */
    size_t directory_count;
    const char **files; /* other files named */
    size_t file_count;
    size_t cost; /* of following them, in about as many bytes as were looked at; told of a failed scan, too */
};
bool engine_scan(struct engine *engine, struct arena *arena, const char *directory, struct reference_set *out,
                 struct error *error);

/* Whether a path names a remote base: what kustomize takes for a repository's URL. */
bool engine_is_remote(const char *path);

/* Whether a directory holds a kustomization file: its name, or NULL. Two of them are an error. */
const char *engine_kustomization_file(const struct source *source, const char *directory, struct error *error);

/* Whether a file is one by its name. */
bool engine_is_kustomization_file(const char *path);

#endif
