/* The engine: renders kustomizations as `kustomize build` does. The kustomize layer's public face.
 *
 * An engine serves one thread and any number of builds, among which it shares parsed files, rendered bases and what was
 * fetched. It reads only through its source and what its options allow to fetch. Nothing is printed: results, warnings
 * and errors are the caller's. */
#ifndef KUSTOMIZE_ENGINE_H
#define KUSTOMIZE_ENGINE_H

#include "base/error.h"
#include "base/text.h"
#include "source/source.h"
#include "yaml/parse.h"

struct engine;

/* A kind that a kustomization may name under `generators` and that the caller makes: the RootApp resource.
 * `config` is its node. The callback adds nodes to `out`, made with `tree`. */
struct generator_kind {
    const char *api_version, *kind;
    bool (*generate)(void *context, struct tree *tree, const char *directory, const struct node *config,
                     struct node_array *out, struct error *error);
    void *context;
};

/* What a render may fetch. Zeroed: nothing. */
enum remote_access { REMOTE_REFUSED, REMOTE_LISTED, REMOTE_ANYWHERE };

struct remote_options {
    enum remote_access access;
    const char *const *hosts; /* REMOTE_LISTED: "git.example.com", "*.example.com" for those below, or "*" */
    size_t host_count;
    bool offline;      /* what the cache does not hold is an error */
    const char *cache; /* a directory, made when it is first needed; NULL, or it cannot be made: nothing is kept */
};

/* Inflating Helm charts with the user's helm. Zeroed: charts are refused. */
struct helm_options {
    bool enabled;
    const char *command; /* NULL: "helm", found on PATH */
    const char *const *api_versions;
    size_t api_version_count;
    const char *kube_version;
    bool debug;
};

/* Programs as generators and transformers. Zeroed: refused. */
struct function_options {
    bool plugins; /* --enable-alpha-plugins: exec plugins, and functions as far as `exec` allows; helm too */
    bool exec;    /* --enable-exec: functions run */
    const char *const *environment; /* "NAME=value" for functions */
    size_t environment_count;
};

struct edits; /* kustomize/edits.h */

struct engine_options {
    const struct source *source;   /* NULL: there are only remote files */
    bool load_restrictions_none;   /* --load-restrictor LoadRestrictionsNone */
    bool refuse_build_annotations; /* refuse internal.config.kubernetes.io/... in input instead of believing it */
    bool managed_by_label;         /* --enable-managedby-label */
    bool keeps_order;              /* --reorder none: nothing is sorted where no sortOptions say so */
    const struct generator_kind *generator_kinds;
    size_t generator_kind_count;
    const struct edits *edits; /* of the kustomization file that is built; NULL: none */
    size_t node_limit;         /* 0: the default, 10 million */
    size_t step_limit;         /* of work that many patches, patterns and names make; 0: none */
    size_t output_limit;       /* bytes; 0: the default, 1000 MB */
    bool warn;                 /* note where something is lost or ignored (rendered.notices) */
    bool share_bases;          /* keep rendered bases for later builds */
    struct remote_options remote;
    struct helm_options helm;
    struct function_options functions;
};

struct engine *engine_new(const struct engine_options *options); /* options are copied; what they name is borrowed */
void engine_free(struct engine *engine);

/* The table that resolves places in errors: set `error->origins` to it. Lives as long as the engine. */
const struct origins *engine_origins(const struct engine *engine);

/* What a build gives: the final objects, in output order. Lives until rendered_free. */
struct rendered {
    const struct node **items;
    size_t count;
    struct text warnings; /* what kustomize prints to standard error, whole lines */
    struct text notices;  /* where something is lost or ignored, if asked for: lines of file:line:column: message */
    struct arena *arena;
};

/* Renders a directory, relative to the source's root, or the URL of a remote base. On failure only `warnings` and
 * `notices` are filled. */
bool engine_render(struct engine *engine, const char *directory, struct rendered *out, struct error *error);
void rendered_free(struct rendered *rendered);

/* The text that `kustomize build` prints for it. */
bool rendered_write(const struct rendered *rendered, struct text *out, struct error *error);

/* What a directory's kustomization reads, found by following the path lists of kustomization files alone: the
 * directories and files outside of it included. No resource is parsed. Paths are relative to the source's root, sorted,
 * each once. */
struct reference_set {
    const char **directories; /* kustomization directories, the directory itself included */
    size_t directory_count;
    const char **files; /* other files named */
    size_t file_count;
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
