/* From a RootApp resource and the paths of a repository to the root set: AppProjects, environment roots, Applications.
 *
 *     struct generate_input input = {.source = source, .tree = &tree, .rootapp = node, .environment = "prod", ...};
 *     struct root_set set;
 *     if (generate_root_set(&input, &set, &error))            the nodes, which the patches of argo/root then change
 *         if (validate_root_set(&set, nodes, count, &error))  what the patches have made of them
 *             ...
 *
 * The result is a function of the policy, of the paths of the source and of the input's texts: no clock, no directory
 * order. Everything lives in the tree's arena. What is wrong with the policy, or with what discovery has to read, is an
 * error and there is no result; what is wrong with one app is told in the table of targets, and all others go on. */
#ifndef GENERATOR_GENERATOR_H
#define GENERATOR_GENERATOR_H

#include "base/error.h"
#include "source/source.h"
#include "yaml/tree.h"

/* The reference scan: the files and directories that rendering `directory` reads, relative to the root, cleaned, in any
 * order; those below the directory itself may be left out. False: the overlay is broken, and the error says how. `cost`
 * is told in any case: about as many bytes as were looked at. */
typedef bool reference_scan(void *context, const char *directory, struct arena *arena, struct name_list *out,
                            size_t *cost, struct error *error);

/* Told of each target that gets an Application as soon as it is found, in the order of discovery, before the first
 * scan. Whether there will be a root set is not known then. */
struct target;
typedef void target_found(void *context, const struct target *target);

struct generate_input {
    const struct source *source;
    struct tree *tree;          /* new nodes come from it; its keys are those of `rootapp` */
    const struct node *rootapp; /* the RootApp resource */
    const char *root_path;      /* the directory whose kustomization names the RootApp: "argo/root" */
    const char *environment;    /* the one that the caller narrows to, which must have a target; NULL: none */
    bool narrow;                /* Applications that root_set_selects does not choose are not made */
    const char *repo_url;       /* the defaults of spec.source, as Argo CD passes them; NULL: none */
    const char *target_revision;
    const char *engine_version;   /* travels in plugin.env */
    const char *plugin_name;      /* NULL: "rootapp" */
    const char *root_project;     /* the project of the roots; NULL: "argocd-root" */
    const char *root_name;        /* the root Application, whose name nothing else may take; NULL: "root" */
    const char *argocd_namespace; /* NULL: "argocd" */
    struct name_list handmade;    /* names of Applications that argo/root has beside the RootApp's */
    reference_scan *scan;         /* NULL: no manifest-generate-paths */
    void *scan_context;
    target_found *found;              /* NULL: nobody is told */
    void (*all_found)(void *context); /* told when it was told of all; NULL: nobody */
    void *found_context;
    const char *only_app; /* of discovery: no other app is looked for; NULL: all are */
};

/* One app × env × cluster that was found, or a directory that cannot be one. Fields that are not known are NULL. */
struct target {
    const char *app, *environment, *cluster;
    const char *name; /* of the Application; NULL: there is none, `problem` says why */
    const char *path; /* of the overlay */
    const char *team, *project;
    const char *server, *server_name; /* of the destination: one of them */
    const char *namespace;
    const char *repo_url, *target_revision; /* NULL: its entry says where its sources are */
    const char
        *renderer; /* helm, directory or other: what Argo CD renders without this program; NULL: this program can */
    const char *problem; /* one line; NULL: none */
};

struct policy;

struct root_set {
    const struct policy *policy;
    struct tree *tree;   /* the set's own: the arena and the keys of the input's tree, which have to live on */
    struct node **nodes; /* AppProjects, environment roots, Applications, in this order: of all environments, unless
                            `narrow` */
    size_t count;
    struct target *targets; /* all that were found, sorted by app, environment (in policy order), cluster, path */
    size_t target_count;
    size_t application_count; /* targets that have an Application */
    const char *missing;      /* a directory that discovery begins with and that is not there; NULL: none */
};

bool generate_root_set(const struct generate_input *input, struct root_set *out, struct error *error);

/* Validates the final output, after all patches: only Applications and AppProjects in Argo CD's namespace; names valid
 * and unique; AppProjects by the rules of Argo CD's own ValidateProject, and none that reaches Argo CD's namespace;
 * every Application in a project of the policy, which permits its sources and destination; the roots as they were made.
 */
bool validate_root_set(const struct root_set *set, const struct node *const *nodes, size_t count, struct error *error);

/* Whether a resource of the whole root set belongs to the output of one call: the AppProjects and Applications of one
 * environment, or (NULL) all that the root applies itself. For callers that generate everything, patch it, and narrow
 * afterwards, so that a patch may name any resource of the root set in every call. */
bool root_set_selects(const struct root_set *set, const char *environment, const struct node *resource);

/* Refuses a whole root set that has no Application for an environment (NULL: for any), unless that is allowed: as a
 * call that is narrowed to it does. */
bool root_set_check_empty(const struct root_set *set, const char *environment, struct error *error);

/* Whether an Application's render is refused where it has no resources: the plugin makes it, and neither the policy nor
 * a patch allows that (spec.syncPolicy.automated.allowEmpty, or the plugin parameter). */
bool application_refuses_nothing(const struct node *application);

/* The Application with a plugin parameter that repeats its syncPolicy's `allowEmpty`, because Argo CD does not tell the
 * plugin of it. The tree is that of a root set. */
const struct node *application_pass_allow_empty(struct tree *tree, const struct node *application);

#endif
