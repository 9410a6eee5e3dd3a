/* What an engine is told: where files come from, what it may fetch and run, and how much it may use. */
#ifndef KUSTOMIZE_OPTIONS_H
#define KUSTOMIZE_OPTIONS_H

#include "kustomize/remote/remote.h"
#include "yaml/parse.h"

/* The release whose output the engine prints, and which `buildMetadata: [managedByLabel]` names. */
#define KUSTOMIZE_VERSION "v5.8.3"

/* A kind that a kustomization may name under `generators` and that the caller makes: the RootApp resource.
 * `config` is its node. The callback adds nodes to `out`, made with `tree`. */
struct generator_kind {
    const char *api_version, *kind;
    bool (*generate)(void *context, struct tree *tree, const char *directory, const struct node *config,
                     struct node_array *out, struct error *error);
    void *context;
};

/* Asked where a patch or a replacement needs a resource of this kind and name (NULL: any) that cannot be had, for the
 * reason that the error gives. True: it does nothing, and the build goes on. */
typedef bool forgive_missing(void *context, const char *kind, const char *name, const struct error *reason);

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

struct edits; /* kustomize/edit/edits.h */

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
    bool warn;                 /* note where something is lost or ignored (rendered.findings) */
    bool record_writers;       /* who gave each value what it says (yaml/written.h) */
    forgive_missing *forgive;  /* NULL: nothing is forgiven */
    void *forgive_context;
    bool allow_twins; /* two resources may have one id: to see which do */
    bool share_bases; /* keep rendered bases for later builds */
    struct remote_options remote;
    struct helm_options helm;
    struct function_options functions;
};

#endif
