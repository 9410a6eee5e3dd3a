/* Workloads: objects that have a template of pods, and who selects whose pods. For the groups of rules, and for who
 * shows what belongs together. */
#ifndef CHECK_WORKLOADS_H
#define CHECK_WORKLOADS_H

#include "check/check.h"

struct workload {
    const struct check_target *target;
    const struct check_object *object;
    const struct node *labels;   /* of its pods; NULL: none */
    const struct node *pod;      /* the pods' spec; never NULL */
    const struct node *selector; /* NULL: it has none of its own, as a Job or a Pod */
};

/* False: the object has no pods. */
bool workload_of(const struct check_target *target, const struct check_object *object, struct workload *out);

/* All workloads of all targets, in their order, and looked up by the namespace that they live in. The input has them
 * (input->workloads). */
struct workload_list {
    struct workload *items;
    size_t count;
    struct map *by_namespace; /* cluster_namespace_key -> struct neighbours */
};
struct workload_list *list_workloads(const struct check_input *input);

/* The workloads of one namespace in one cluster. */
struct neighbours {
    const struct workload **items;
    size_t count, room;
};
const struct neighbours *find_neighbours(const struct check_input *input, const struct workload_list *list,
                                         const struct check_target *target, const struct check_object *object);

/* A namespace in a cluster, as a key: clusters by their server, "in-cluster" being Argo CD's own; a directory that
 * stands alone is a cluster of its own. */
const char *cluster_namespace_key(struct arena *arena, const struct check_target *target, const char *namespace);

/* A name in such a namespace, as a key for objects of one kind. */
const char *namespaced_key(struct arena *arena, const struct check_target *target, const char *namespace,
                           const char *name);

/* Whether a target may have pods and Services of an operator's, of which nothing is known: an object of a kind that is
 * not Kubernetes' may stand for some. `known`: a further group whose kinds the caller understands. */
bool may_have_operator(const struct check_target *target, const char *known);

/* Containers of a pod, in the order of the text: init containers first. */
struct container {
    const struct node *node;
    const char *name; /* "" where it has none */
    bool is_init;     /* and does not go on running beside the others */
};
struct container *find_containers(struct arena *arena, const struct node *pod, size_t *count);

/* Where a container is named: `- name: web`; the container itself where it has no name. */
origin container_origin(const struct container *container);

/* The value at a path of keys; NULL: it is not there. */
const struct node *node_path(const struct node *node, const char *const *path);

/* The name of the Secret that a controller makes of an object, as of a SealedSecret; NULL: it makes none. */
const char *made_secret(const struct check_object *object);

/* Whether a name ends with the hash that kustomize gives what it generates: its next content has another name. */
bool name_has_hash(const char *name);

/* A whole number; false: it is none. */
bool node_number(const struct node *node, long *out);

#endif
