/* A resource: one Kubernetes object on its way through a render.
 *
 * Owned by the render's arena. Its tree may be shared with a base until the first write (yaml/tree.h). What kustomize
 * keeps in build annotations (internal.config.kubernetes.io/...) is kept in fields here; kustomize/resource/history.h
 * reads what input brings along.
 *
 * The identity (kind, name, namespace, ...) is read from the tree and cached. Whoever writes to the tree at a place
 * that may belong to it calls resources_refresh (kustomize/resource/resources.h) afterwards. */
#ifndef KUSTOMIZE_RESOURCE_H
#define KUSTOMIZE_RESOURCE_H

#include "base/text.h"
#include "yaml/tree.h"

struct gvk {
    const char *group, *version, *kind; /* never NULL; "" where absent */
};

/* Empty fields of the selector match anything (kyaml resid Gvk.IsSelected). */
bool gvk_selected_by(const struct gvk *gvk, const struct gvk *selector);
bool gvk_equal(const struct gvk *left, const struct gvk *right);
struct gvk gvk_from(struct arena *arena, const char *api_version, const char *kind);

/* Whether the builtin schema says that the kind has no namespace; unknown kinds have one. Source: Kubernetes v1.21.2's
 * OpenAPI, which is what kustomize carries. */
bool gvk_is_cluster_scoped(const struct gvk *gvk);
bool gvk_scope_is_known(const struct gvk *gvk, bool *cluster);

struct resource_id {
    struct gvk gvk;
    const char *name, *namespace; /* never NULL; "" where absent */
};

/* Where kustomize compares namespaces: "default" for none, one fixed word for cluster-scoped kinds. */
extern const char not_a_namespace[];
const char *id_effective_namespace(const struct resource_id *id);
bool id_equal(const struct resource_id *left, const struct resource_id *right); /* effective namespaces compared */

/* As kustomize's messages print it: Deployment.v1.apps/web.[noNs]. */
void id_write(const struct resource_id *id, struct text *out);
const char *id_text(struct arena *arena, const struct resource_id *id);

/* What a resource was called before a transformer renamed it. Its group and version are those of today. */
struct past_id {
    const char *name, *namespace, *kind; /* the namespace is the effective one */
};

struct string_list {
    const char **items;
    size_t count, room;
};
void string_list_add(struct arena *arena, struct string_list *list, const char *item);

enum behavior { BEHAVIOR_UNSPECIFIED, BEHAVIOR_CREATE, BEHAVIOR_REPLACE, BEHAVIOR_MERGE };

struct resource {
    struct node *root; /* NULL or empty: deleted, dropped by resources_drop_empties */
    struct resource_id id;
    bool cluster_scoped;
    struct past_id *past; /* oldest first */
    size_t past_count, past_room;
    uint32_t twins;                        /* numbers given so far to scalars that are one node (tree_write_twins) */
    struct string_list prefixes, suffixes; /* innermost first */
    struct string_list variables;          /* names of vars whose value is in this resource */
    struct string_list referrers;          /* ids that refer to it, as text, in the order found */
    enum behavior behavior;
    bool generated; /* kustomize has noted a behavior on it, be it none */
    bool needs_hash;
    bool name_change_allowed, kind_change_allowed; /* of a patch: options */
    bool selects_many;                             /* of a patch: it applies to several resources */
    bool dropped;                                  /* no longer among its resources */
    size_t position;                               /* order among its resources; grows, with gaps */
    const char *group_version;                     /* the apiVersion that id.gvk was made from */
};

/* Reads the identity from the tree again. Within a set of resources use resources_refresh, which keeps the index too.
 */
void resource_read_identity(struct arena *arena, struct resource *resource);

/* A new resource around a tree, with its identity read. What the input carries as
 * build annotations is not read (kustomize/resource/history.h does). */
struct resource *resource_new(struct arena *arena, struct node *root);

/* A copy that shares the tree: what it writes is its own. */
struct resource *resource_copy(struct arena *arena, const struct resource *resource);

/* The id that the resource was loaded with, and the i-th past id as an id of today's group and version. */
struct resource_id resource_original_id(const struct resource *resource);
struct resource_id resource_past_id(const struct resource *resource, size_t index);
bool resource_was_named(const struct resource *resource, const char *name); /* at any time before */

/* Notes today's id as a past one (kustomize's StorePreviousId). */
void resource_store_past_id(struct arena *arena, struct resource *resource);

/* To be called when a patch replaced or removed all annotations: kustomize loses the history then, and so must we. */
void resource_forget_history(struct resource *resource);

/* Whether kustomize would have a build annotation on it. */
bool resource_has_history(const struct resource *resource);

/* A resource with a history has annotations in kustomize, even where it has none of its own, so that they can be added
 * to: makes the map where it is missing. An empty one goes when the render ends. */
void resource_demand_annotations(struct tree *tree, struct resource *resource);

/* What kustomize's SetLabels and SetAnnotations do with the labels or annotations that are there: all values become
 * strings, null too, all nodes are new, and an empty map goes. */
struct node *metadata_texts(struct tree *tree,
                            const struct node *map); /* of several entries with a key the last counts */
void metadata_make_texts(struct tree *tree, struct node *metadata, const struct key *key);
void resource_write_annotations(struct tree *tree, struct resource *resource);

/* Where `annotations` is there twice, kustomize joins both when it first writes annotations, and fails if it never
 * does. */
void resource_join_annotations(struct tree *tree, struct resource *resource);

/* Prefix and suffix lists that end alike: kustomize's PrefixesSuffixesEquals. */
bool resource_same_affixes(const struct resource *left, const struct resource *right, bool empty_matches);

/* The text of an annotation; NULL where absent. */
const char *resource_annotation(const struct resource *resource, const char *key);

/* The resource's annotations, to be written to; made where there are none. NULL: `metadata` or they are no map. */
struct node *resource_own_annotations(struct tree *tree, struct resource *resource);

#endif
