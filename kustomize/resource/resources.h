/* The resources of a kustomization, in order, with an index by id (kustomize's ResMap).
 *
 * Ids need not be unique at all times: they are checked exactly where kustomize checks them. The index knows every name
 * that a resource has or had; results come in list order. */
#ifndef KUSTOMIZE_RESOURCES_H
#define KUSTOMIZE_RESOURCES_H

#include "base/error.h"
#include "kustomize/resource/resource.h"

struct resources {
    struct arena *arena;
    const struct origins *origins; /* for messages; may be NULL */
    struct resource **items;
    size_t count, room;
    struct resource_index *index; /* internal */
    size_t next_position;
    bool may_have_empty; /* internal: what resources_drop_empties has to look for */
    bool allow_twins;    /* two may have one id */
};

struct resource_matches {
    struct resource **items;
    size_t count, room;
};

/* What is known of the resources that are looked for; NULL: nothing. */
enum resource_fact { FACT_KIND, FACT_NAMESPACE, FACT_GROUP, FACT_VERSION, FACTS };
struct resource_clue {
    const char *name;         /* has it or had it */
    const char *facts[FACTS]; /* has the group and version; has or had the kind and the namespace (effective) */
};

void resource_matches_add(struct arena *arena, struct resource_matches *matches, struct resource *resource);
void resource_matches_order(struct resource_matches *matches); /* list order, each once */

void resources_init(struct resources *resources, struct arena *arena, const struct origins *origins);

/* Appends; an error where the current id is there already: "may not add resource with an already registered id: ...".
 */
bool resources_append(struct resources *resources, struct resource *resource, struct error *error);
bool resources_append_all(struct resources *resources, const struct resources *other, struct error *error);

/* Appends without the check, as kustomize's ApplyFilter does. */
void resources_add(struct resources *resources, struct resource *resource);

/* Checks all ids anew, in list order, as kustomize does where it clears and re-appends (strategic merge, legacy sort).
 */
bool resources_check_ids(const struct resources *resources, struct error *error);

/* Matches by current id, and by any id that a resource has or had (empty resources left out). */
struct resource_matches resources_by_current_id(const struct resources *resources, const struct resource_id *id);
struct resource_matches resources_by_any_id(const struct resources *resources, const struct resource_id *id);

/* All that the clue may be about, and few others: who asks looks at each, and leaves out those that are dropped. Valid
 * until a resource is added or changed. */
struct resource_matches resources_candidates(const struct resources *resources, const struct resource_clue *clue);

/* Whether so many have or had the name that more than the name should be asked for. */
bool resources_have_many(const struct resources *resources, const char *name);

/* After a write that may have touched apiVersion, kind, name or namespace: reads the identity again and keeps the index
 * current. Cheap; call it when in doubt. */
void resources_refresh(struct resources *resources, struct resource *resource);

/* After a resource was given the past ids of another: makes it found by them. */
void resources_index_past(struct resources *resources, struct resource *resource);

/* Set identity fields in the tree and in the index. Styles and tags are kept as kyaml's SetName and friends keep them:
 * an existing scalar keeps its style and gets tag string; a missing one is created. An empty namespace removes the
 * field. */
void resources_set_name(struct resources *resources, struct tree *tree, struct resource *resource, const char *name);
void resources_set_namespace(struct resources *resources, struct tree *tree, struct resource *resource,
                             const char *namespace);
void resources_set_kind(struct resources *resources, struct tree *tree, struct resource *resource, const char *kind);

/* Removes all whose tree is NULL or empty. Only what resources_refresh was called for can have become so. */
void resources_drop_empties(struct resources *resources);

#endif
