/* The policy: a RootApp resource, read strictly and checked as a whole.
 *
 * The field manual is docs/rootapp.md. All texts live in the arena of the tree that the resource was read from. */
#ifndef GENERATOR_POLICY_H
#define GENERATOR_POLICY_H

#include "generator/argocd_fields.h"
#include "generator/generator.h"
#include "generator/path_pattern.h"
#include "yaml/decode.h"

enum partition { PARTITION_ENVIRONMENT, PARTITION_NONE };
enum renderer {
    RENDERER_PLUGIN,
    RENDERER_KUSTOMIZE,
    RENDERER_AUTO,
    RENDERER_RENDERED,
    RENDERER_HELM, /* from here on, of an entry: what this program does not render */
    RENDERER_DIRECTORY,
    RENDERER_OTHER
};
enum deletion { DELETION_AUTO, DELETION_KEEP, DELETION_CONFIRM };

/* An entry of spec.discover, or what it says for some of its environments alone. */
struct discover_rule {
    const struct node *node;
    const struct node *entry; /* the entry as it is written: its rules stand one behind the other */
    const struct node *item;  /* of its envs, that this rule is made of; NULL: none */
    const char *path, *app, *env;
    const struct node *environments; /* envs as they are written */
    struct list envs;                /* const char *: instead of env */
    bool shared;                     /* the entry is for several environments */
    const char *name, *namespace;    /* templates of its own; NULL: the policy's */
    const char *project;             /* a template, too: an existing project; NULL: that of the team */
    const char *renderer_text;
    enum renderer renderer;
    const struct node *template; /* merged over the policy's; NULL: none */
    const char *repo_url;        /* another address of the policy's repository; NULL: the policy's own */
    const char *values;          /* the name of a file that gives values to template and namespace; NULL: none */
    struct name_list value_words;
    bool exclude;
    struct path_pattern pattern;
    const struct team *owner; /* the team that has all directories which the entry can find; NULL: no one team */
    const char *fixed_path;   /* the path where it is one directory; NULL: it is a pattern */
};

struct destination {
    const struct node *node;
    const char *cluster; /* what {cluster} stands for: the field, else the name */
    const char *name, *server, *namespace;
};

struct environment {
    const struct node *node;
    const char *name, *target_revision, *deletion_text;
    const char *changes_text, *digest_text; /* how images come into the environment: for set-image and promote */
    enum deletion deletion;
    bool by_pull_request, needs_digest;
    enum choice allow_empty;
    const struct node *sync_windows;
    const struct destination *destination;
    struct list destinations; /* struct destination: the one, or all of them */
};

struct cluster_resource {
    const struct node *node;
    const char *group, *kind, *name;
};

struct team {
    const struct node *node;
    const char *name, *description;
    struct list apps, paths, groups, permissions; /* const char * */
    struct path_pattern *directories;             /* the paths */
    bool argocd_admin;                            /* may deploy into Argo CD's own namespace */
    struct list cluster_resources;                /* struct cluster_resource */
};

struct naming {
    const struct node *node;
    const char *name, *renderer_text, *collisions_text;
    bool existing;               /* of projects: they are made by other means */
    const struct node *template; /* NULL: none */
};

struct policy_source {
    const char *repo_url, *target_revision;
};

struct policy_metadata {
    const char *name, *namespace;
    const struct node *labels, *annotations;
};

struct policy_spec {
    const struct node *node;
    struct policy_source source;
    struct list discover;     /* struct discover_rule */
    struct list environments; /* struct environment */
    struct list teams;        /* struct team */
    struct naming projects, application, roots;
    struct list reserved_namespaces, reserved_names, shared_namespaces; /* const char * */
    bool allow_empty, allow_absent, break_glass, normalize_names, mirror;
    const char *partition_text, *app_file, *argocd_version;
};

struct policy {
    const struct node *node;
    const char *api_version, *kind;
    struct policy_metadata metadata;
    struct policy_spec spec;

    /* Filled after decoding. */
    enum partition partition;
    enum renderer renderer;
    bool sends_little; /* renders read their commit from a mirror, and this Argo CD can refresh for what it does not
                          send */
    bool reports_collisions; /* of names, instead of refusing a policy under which there could be one */
    unsigned argocd_version; /* 303 for 3.3; 0: the policy does not say */
    const char *repo_url, *target_revision;
    const char *plugin_name, *engine_version, *root_path, *root_project, *root_name, *argocd_namespace;
};

/* An entry becomes one rule for each environment that has settings of its own in it, and one rule for all other
 * environments. */
bool expand_entries(struct tree *tree, const struct struct_type *rule_type, struct list *discover, struct error *error);

/* Fills argocd_version, and refuses one for which nothing can be generated. */
bool read_argocd_version(struct policy *policy, struct error *error);

bool policy_read(const struct generate_input *input, struct policy *out, struct error *error);

/* Checks the whole policy for contradictions: names, templates, patterns, and name templates that could collide. */
bool policy_check(struct tree *tree, struct policy *policy, struct error *error);

/* Parts of policy_check: the rules of discovery, the name templates, the namespaces. */
bool policy_check_names(struct arena *arena, const struct policy *policy, struct error *error);
bool policy_check_namespaces(struct arena *arena, const struct policy *policy, struct error *error);
bool policy_check_templates(const struct policy *policy, struct error *error);

static inline const struct discover_rule *policy_rules(const struct policy *policy)
{
    return policy->spec.discover.items;
}

static inline const struct environment *policy_environments(const struct policy *policy)
{
    return policy->spec.environments.items;
}

static inline const struct team *policy_teams(const struct policy *policy)
{
    return policy->spec.teams.items;
}

static inline const struct destination *environment_destinations(const struct environment *environment)
{
    return environment->destinations.items;
}

/* NULL: not listed. */
const struct environment *policy_environment(const struct policy *policy, const char *name);

/* The team of the directory where that has no app patterns; else the first team with apps that match. NULL: none. A
 * path of NULL is no directory. */
const struct team *policy_team(const struct policy *policy, const char *app, const char *path);

/* Whether every namespace of a pattern may be met by several teams and environments: spec.sharedNamespaces, and Argo
 * CD's own, which only its admins reach. */
bool is_shared_namespace(const struct policy *policy, const char *pattern);

/* The namespace template of an entry at a destination. */
const char *namespace_template(const struct discover_rule *rule, const struct destination *destination);

/* The address of this repository in an entry's Applications. */
static inline const char *rule_repository(const struct policy *policy, const struct discover_rule *rule)
{
    return rule->repo_url ? rule->repo_url : policy->repo_url;
}

/* Whether an entry's template says where its Applications' sources are: not in this repository, or not alone. */
bool rule_has_sources(const struct discover_rule *rule);

/* The repositories of these sources, without those that depend on the directory; the policy's repository if the entry
 * names none. */
struct name_list rule_repositories(struct arena *arena, const struct policy *policy, const struct discover_rule *rule);

/* Whether an address matches itself alone in sourceRepos, which Argo CD reads as patterns. */
bool is_repository(const char *url);

/* Fills value_words. */
void find_value_words(struct arena *arena, struct discover_rule *rule);

/* Whether an entry can find targets in an environment. */
bool rule_finds(const struct discover_rule *rule, const struct environment *environment);

/* NULL: there is none. */
const struct team *team_by_name(const struct policy *policy, const char *name);

/* The first team with a path that names a directory, or one above it; NULL: it is nobody's, so any team's. */
const struct team *directory_team(const struct policy *policy, const char *path);

/* A root's manifest-generate-paths, where it is sent its own directory alone and refreshed by everything; NULL: none.
 */
const char *root_generate_paths(struct arena *arena, const struct policy *policy);

const char *environment_revision(const struct policy *policy, const struct environment *environment);

/* Names: of the project of one team in one environment, of the one that an entry's Applications are in, of a root. */
const char *project_name(struct arena *arena, const struct policy *policy, const struct team *team,
                         const struct environment *environment);
const char *target_project(struct arena *arena, const struct policy *policy, const struct discover_rule *rule,
                           const struct team *team, const struct environment *environment);
const char *environment_root_name(struct arena *arena, const struct policy *policy,
                                  const struct environment *environment);

/* A namespace template at a destination for a pattern of app names, as a pattern. Named segments other than {app} and
 * {env} can be anything. */
const char *namespace_pattern(struct arena *arena, const struct environment *environment,
                              const struct destination *destination, const char *template, const char *team,
                              const char *app);

/* The namespaces of a team's apps at a destination, as patterns of `*` and `?`: of each template, one per app
 * pattern. */
struct name_list namespace_patterns(struct arena *arena, const struct policy *policy, const struct team *team,
                                    const struct environment *environment, const struct destination *destination);

/* The same of one entry's template alone; of an entry without one: of the destination's. */
struct name_list rule_namespaces(struct arena *arena, const struct policy *policy, const struct team *team,
                                 const struct environment *environment, const struct destination *destination,
                                 const struct discover_rule *rule);

/* Whether there is an entry without a namespace of its own that finds targets in an environment. */
bool uses_destination_namespace(const struct policy *policy, const struct environment *environment);

/* The namespaces that a team may not reach in an environment although its patterns match them: those of the teams
 * before it, and the reserved ones. */
struct name_list namespace_denials(struct arena *arena, const struct policy *policy, const struct team *team,
                                   const struct environment *environment);

/* Whether a namespace is closed to a team (NULL: to every team): it matches spec.reservedNamespaces, or it is Argo CD's
 * own and the team may not deploy there.
 */
bool is_reserved_namespace(const struct policy *policy, const struct team *team, const char *namespace);

/* Whether a name is the root Application's or matches spec.reservedNames. */
bool is_reserved_name(const struct policy *policy, const char *name);

/* A cluster's address as Argo CD looks it up: it takes slashes off the end of an Application's (util/argo
 * GetDestinationServer), and not off a project's, which would then not match. */
const char *server_without_slashes(struct arena *arena, const char *server);

/* Whether two destinations are, or may be, the same cluster: the same server or the same name; in-cluster is
 * https://kubernetes.default.svc. */
bool same_cluster(const struct destination *left, const struct destination *right);

#endif
