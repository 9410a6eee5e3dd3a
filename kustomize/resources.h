/* The resources of a kustomization, in order, with an index by id (kustomize's ResMap).
 *
 * Ids need not be unique at all times: they are checked exactly where kustomize checks them. The index knows every name
 * that a resource has or had; results come in list order. */
#ifndef KUSTOMIZE_RESOURCES_H
#define KUSTOMIZE_RESOURCES_H

#include "base/error.h"
#include "base/map.h"
#include "kustomize/resource.h"

struct resources {
    struct arena *arena;
    struct resource **items;
    size_t count, room;
    struct map *by_name; /* internal */
    size_t next_position;
};

struct resource_matches {
    struct resource **items;
    size_t count, room;
};

void resources_init(struct resources *resources, struct arena *arena);

/* Appends; an error where the current id is there already: "may not add resource with an already registered id: ...".
 */
bool resources_append(struct resources *resources, struct resource *resource, struct error *error);
bool resources_append_all(struct resources *resources, const struct resources *other, struct error *error);

/* Appends without the check, as kustomize's ApplyFilter does. */
void resources_add(struct resources *resources, struct resource *resource);

/* Checks all ids anew, in list order, as kustomize does where it clears and re-appends (strategic merge, legacy sort).
 */
bool resources_check_ids(const struct resources *resources, struct error *error);

/* Matches by current id, by any id that a resource has or had (empty resources left out), by any past name, and by any
 * name, current or past. */
struct resource_matches resources_by_current_id(const struct resources *resources, const struct resource_id *id);
struct resource_matches resources_by_any_id(const struct resources *resources, const struct resource_id *id);
struct resource_matches resources_by_past_name(const struct resources *resources, const char *name);
struct resource_matches resources_by_any_name(const struct resources *resources, const char *name);

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

/* Removes all whose tree is NULL or empty. */
void resources_drop_empties(struct resources *resources);

#endif
