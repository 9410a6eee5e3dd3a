/* The index of resources: by name, and where many bear one name, by kind, namespace, group and version.
 *
 * It knows what a resource is and what it was, and is only ever added to: what it gives are candidates, in list order,
 * each once. */
#ifndef KUSTOMIZE_RESOURCE_INDEX_H
#define KUSTOMIZE_RESOURCE_INDEX_H

#include "kustomize/resource/resources.h"

struct resource_index;

struct resource_index *resource_index_new(struct arena *arena);

/* A resource that is in the list now, or has past ids that it had not. */
void resource_index_add(struct resource_index *index, struct resource *resource);

/* After a change: `before` is what the index knows. */
void resource_index_refresh(struct resource_index *index, struct resource *resource, const struct resource_id *before);

bool resource_index_has_many(const struct resource_index *index, const char *name);

/* By a clue with a name; by the id that a resource has or had; among all by a clue without a name. */
struct resource_matches resource_index_named(struct resource_index *index, const struct resource_clue *clue);
struct resource_matches resource_index_by_id(struct resource_index *index, const struct resource_id *id);
struct resource_matches resource_index_among(struct resource_index *index, const struct resource_matches *all,
                                             const struct resource_clue *clue);

#endif
