/* What is there today, and the policy that would make the same of it.
 *
 *     adoption_open(&adoption, arena, &repository, url, revision)
 *     adoption_read_text, adoption_read_repository      objects of a cluster, or of the repository's files
 *     adoption_find_applications                        what ApplicationSets make is expanded
 *     adoption_propose                                  a policy, compared field by field with what is there
 *     adoption_write_text, adoption_write_json
 *     adoption_close
 *
 * Everything lives in the arena, and what was read as long as the adoption is open. */
#ifndef PLUGIN_ADOPT_ADOPTION_H
#define PLUGIN_ADOPT_ADOPTION_H

#include "base/map.h"
#include "diff/changes.h"
#include "plugin/run/session.h"

/* An Application, as it is there or as its ApplicationSet makes it. */
struct existing {
    const struct node *node;
    struct place place;
    const char *name, *project, *server, *cluster, *namespace, *path, *revision;
    const char *set;  /* the ApplicationSet that makes it; NULL: none */
    const char *left; /* why it is left as it is; NULL: the policy takes it over */
    const char *url;  /* the repository's address in it, where that is another than the policy's; NULL: it is not */
    bool by_hand;     /* left, but written into argo/root as it is */
    bool elsewhere;   /* its sources are not, or not alone, its directory here: its entry says where */

    /* Of a file that a git generator has read: its name, and what it says. NULL: none. */
    const char *values_file;
    const struct node *values;

    /* As it is placed in the policy: */
    const char *app, *environment, *renderer, *pattern;
    const char *path_environment;  /* the segment of its path that names the environment; NULL: none does */
    bool alone;                    /* no pattern finds it as it should be: its directory has an entry of its own */
    struct resource_change change; /* how the generated one differs */
    const char *new_name;          /* NULL: no Application is generated for its directory */
};

struct existing_set {
    const struct node *node;
    struct place place;
    const char *name, *namespace;
    size_t count; /* of its Applications */
    bool live;    /* they were read, and did not have to be expanded */
    bool partial; /* some of them are not known */
};

/* What could not be understood. */
struct gap {
    struct place place;
    const char *what, *reason;
};

struct adoption_environment {
    const char *name, *server, *cluster, *revision;
};

struct adoption {
    struct arena *arena;
    const struct repository *repository;
    struct tree tree;
    struct origins *origins;
    const char *url, *revision; /* the revision may be NULL: that of most Applications */
    bool url_is_given;
    const char *argocd_namespace;
    struct node **objects;
    size_t object_count, object_room;
    struct node **clusters; /* Argo CD's Secrets of clusters */
    size_t cluster_count, cluster_room;
    struct existing *apps;
    size_t count, room;
    struct existing_set *sets;
    size_t set_count, set_room;
    struct gap *gaps;
    size_t gap_count, gap_room;
    size_t project_count; /* AppProjects that were read */

    /* The proposal: */
    struct adoption_environment *environments;
    size_t environment_count;
    bool other_roots;            /* names like root-dev are taken: the roots of environments are called otherwise */
    struct name_list exclusions; /* directories that the policy would find, and that are not deployed today */
    struct name_list shared;     /* namespaces in which teams and environments meet */
    size_t shared_room;
    bool reports_collisions, normalizes;
    struct text by_hand; /* argo/root/applications.yaml; empty: none */
    struct text policy;
    const char *refusal; /* why the policy would not do; NULL: it does */
};

/* `url` is that of git's origin, which gives way to the one of most Applications; unless it was `given`. */
void adoption_open(struct adoption *adoption, struct arena *arena, const struct repository *repository, const char *url,
                   bool given, const char *revision);
void adoption_close(struct adoption *adoption);

/* The objects of a text, which has to live as long. `file` is for messages. */
bool adoption_read_text(struct adoption *adoption, const char *file, const char *bytes, size_t size,
                        struct error *error);

/* Those of all YAML files of the repository. One that cannot be read, as a chart's template, is a gap. */
bool adoption_read_repository(struct adoption *adoption, struct error *error);

void adoption_note(struct adoption *adoption, const struct node *at, const char *what, const char *reason);

bool adoption_find_applications(struct adoption *adoption, struct error *error);

/* The parameters that a generator of an ApplicationSet gives; `outer`: those around it, as in a matrix. False: it could
 * not be understood, which is noted. */
struct parameter_list {
    struct node **items;
    size_t count, room;
};
bool adoption_expand_generator(struct adoption *adoption, const char *set, const struct node *generator,
                               const struct node *outer, struct parameter_list *out);

/* The text or tree of an ApplicationSet's template with parameters put in, by Go's template language (the simple part
 * of it) or by Argo CD's older one. NULL: not understood, and `reason` says why. */
const char *set_text_expand(struct arena *arena, const char *text, const struct node *parameters, const char **reason);
struct node *set_tree_expand(struct tree *tree, const struct node *node, const struct node *parameters,
                             const char **reason);

/* A reason that no other program would find a way around. */
#define NOTHING_GIVES "no generator gives this"

/* The Applications that an ApplicationSet's template and templatePatch give with each of the parameters, by helm. NULL,
 * or the reason why they cannot be had. */
const char *go_template_expand(struct adoption *adoption, const struct node *set,
                               const struct parameter_list *parameters, struct parameter_list *out);

/* Under this key the parameters have what a file says that a git generator has read. */
#define FILE_CONTENT ".file"

/* Whether a generator's selector takes these parameters; `known` is false of an operator that is none. */
bool selector_takes(const struct node *selector, const struct node *parameters, bool *known);

/* Whether two have the same values under the keys of a merge generator. */
bool same_keys(const struct node *keys, const struct node *left, const struct node *right);

/* Whether two addresses are those of one repository, whichever way it is reached. */
bool same_repository(struct arena *arena, const char *left, const char *right);

/* Finds app, environment and pattern of each Application, and the environments. */
void adoption_place(struct adoption *adoption);

/* A text or tree with {app}, {env} and the like where the values stand. */
struct binding;
const char *learn_text(struct arena *arena, const char *text, const struct binding *values);
struct node *learn_tree(struct tree *tree, const struct node *node, const struct binding *values);

/* The same with words of the file that the ApplicationSet reads, `{values.chart.version}`, where the file says a value;
 * of the namespace (NULL: the file does not say it); and with what stands for a word that this file does not say. */
struct node *learn_values(struct tree *tree, const struct node *template, const struct existing *app);
const char *learn_namespace(struct arena *arena, const struct existing *app);
void learn_defaults(struct tree *tree, struct node *template, const struct node *wanted, const struct existing *app);

/* What a template has to say for the generated Application to have what this one has. */
struct node *template_for(struct tree *tree, const struct existing *app);

/* What an Application can say of itself: fields that Argo CD knows, and no empty ones. */
struct node *known_spec(struct tree *tree, const struct node *spec);

void adoption_write_policy(struct adoption *adoption);
const char *adoption_kustomization(const struct adoption *adoption); /* of argo/root */
bool adoption_propose(struct adoption *adoption, struct error *error);

/* The steps of taking over: a step begins without a space, its text goes on after one, a command stands after two. */
void adoption_write_steps(const struct adoption *adoption, struct text *out);
void adoption_write_text(const struct adoption *adoption, struct text *out);
bool adoption_write_json(struct adoption *adoption, struct text *out, struct error *error);

#endif
