/* The makers of the generated resources, and what they share. All nodes come from the tree of the input. */
#ifndef GENERATOR_MAKE_H
#define GENERATOR_MAKE_H

#include "generator/discover.h"
#include "generator/policy.h"

#define ARGOCD_API "argoproj.io/v1alpha1"
#define ARGOCD_SYNC_OPTIONS "argocd.argoproj.io/sync-options"
#define ARGOCD_SYNC_WAVE "argocd.argoproj.io/sync-wave"
#define ARGOCD_GENERATE_PATHS "argocd.argoproj.io/manifest-generate-paths"
#define ARGOCD_HOOK \
    "argocd.argoproj.io/hook" /* Skip: neither applied nor pruned (gitops-engine pkg/sync/sync_phase.go) */
#define ARGOCD_FINALIZER "resources-finalizer.argocd.argoproj.io"
#define ARGOCD_SERVER "https://kubernetes.default.svc"
#define LABEL_APP "rootapp.dev/app"
#define LABEL_ENVIRONMENT "rootapp.dev/environment"
#define LABEL_TEAM "rootapp.dev/team"
#define LABEL_CLUSTER "rootapp.dev/cluster"
#define ENVIRONMENT_PARAMETER "environment"
#define ALLOW_EMPTY_PARAMETER "allowEmpty"
#define VERSION_VARIABLE "ROOTAPP_VERSION"
#define PART_VARIABLE "ROOTAPP_PART"

/* What refreshes an Application, and what its render needs. */
struct generate_paths {
    const char *annotation; /* the value of manifest-generate-paths; NULL: none, every commit refreshes */
    const char *part;       /* the directory that is sent to the plugin; NULL: everything, or not known */
    enum renderer renderer; /* the policy's, or what RENDERER_AUTO comes to */
};

/* What decides which part of the repository is sent for a render: one for a root set, with its answers so far. */
struct sending {
    const struct generate_input *input;
    const struct policy *policy;
    const struct found *const *targets; /* that have Applications */
    size_t target_count;
    struct map *alone, *shared, *few; /* directory -> an answer of sent_part.c */
    struct share *share;              /* of the target at hand */
};
struct sending sending_of(const struct generate_input *input, const struct policy *policy,
                          const struct found *const *targets, size_t target_count);

/* What an app.yaml says, ready to be put into an Application. */
struct app_file {
    const char *problem;     /* NULL: none. With one, the rest is empty. */
    const char *description; /* NULL: none */
    struct binding *annotations;
    size_t annotation_count;
    size_t size; /* bytes of the annotations */
    size_t cost; /* bytes that were read */
};

/* Reads a file like apps/APP/app.yaml; an absent one is empty, and so is one that is somebody else's: with apiVersion
 * or kind, or without any field that is nearly one of ours. */
void read_app_file(const struct generate_input *input, const char *path, struct app_file *out);

/* One project per team and environment. Fails where the template or the sync windows make no valid AppProject. */
struct node *make_project(struct tree *tree, const struct policy *policy, const struct team *team,
                          const struct environment *environment, struct error *error);

struct node *make_environment_root(struct tree *tree, const struct policy *policy,
                                   const struct environment *environment);

struct node *make_application(struct tree *tree, const struct policy *policy, const struct found *found,
                              const struct target *target, const struct app_file *file,
                              const struct generate_paths *paths, struct values *values);

/* Why an Application would be refused that holds a tenant's values; NULL: it would not. */
const char *made_application_problem(const struct root_set *set, const struct node *application);

/* The directory of the app's manifests first, then each directory outside that the overlay reads. No annotation where
 * they are not known (the scan failed: `problem` is set) or cannot be said. */
struct generate_paths find_generate_paths(struct sending *sending, const struct found *found, const char **problem);

/* The directory that can be sent to the plugin for a render that reads one directory of the app itself and others
 * outside of it; NULL: the whole repository has to be sent. It holds no symbolic link that leads out of it, because
 * Argo CD would not unpack one.
 */
const char *sent_part(struct sending *sending, const struct found *found, const char *own,
                      const struct name_list *others);

/* Whether sending this directory (NULL: the whole repository) costs less than Argo CD's own kustomize, which needs no
 * copy. */
bool is_cheap_to_send(struct sending *sending, const char *part);

/* Removes from an Application what does not go with the sources that its entry's template names: `source` beside
 * `sources`, and the path of a chart. */
void settle_sources(struct tree *tree, struct node *application);

/* The repositories of a team's Applications in an environment. */
void add_source_repositories(struct tree *tree, const struct policy *policy, struct node *list, const struct team *team,
                             const struct environment *environment);

/* Parts of resources. */
struct node *make_resource(struct tree *tree, const char *kind, const char *name, const char *namespace);
struct node *add_map(struct tree *tree, struct node *map, const char *key);  /* the map at a key, made where absent */
struct node *add_list(struct tree *tree, struct node *map, const char *key); /* a new list at a key */
void add_label(struct tree *tree, struct node *resource, const char *name, const char *value);
void add_annotation(struct tree *tree, struct node *resource, const char *name, const char *value);
void add_string(struct tree *tree, struct node *list, const char *text);

/* syncPolicy of Applications and roots: automated, with retries; and the plugin of a source. */
void add_sync_policy(struct tree *tree, struct node *spec, const char *const *options);
struct node *add_plugin(struct tree *tree, struct node *source, const struct policy *policy);

/* The finalizer that `deletion` demands: before the template, which may remove it or add others. */
void add_finalizer(struct tree *tree, struct node *resource, enum deletion deletion);

/* What `deletion` demands over whatever a template says: sync options, and no finalizer of Argo CD's where a resource
 * is kept. */
void protect_application(struct tree *tree, struct node *resource, enum deletion deletion);
void protect_project(struct tree *tree, struct node *resource, enum deletion deletion);

#endif
