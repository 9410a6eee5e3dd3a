/* What strategic merge must know of a kind: which lists are merged by key.
 *
 * A schema describes one node of an object; NULL is a node of which nothing is known. The builtin ones are const tables
 * (kustomize/schema/schema_builtin.c); those of a file are read when they are asked for
 * (kustomize/schema/schema_file.c). */
#ifndef KUSTOMIZE_SCHEMA_H
#define KUSTOMIZE_SCHEMA_H

#include "base/error.h"
#include "kustomize/resource/resource.h"

struct schema_set;
struct schema;

/* Of a field of a map, and of a list's elements. */
const struct schema *schema_field(const struct schema *schema, const char *name);
const struct schema *schema_items(const struct schema *schema);

/* The keys by which a list is merged, then NULL; an empty array where its elements are their own keys; NULL where the
 * list is replaced. */
const char *const *schema_merge_keys(const struct schema *schema);

/* The schemas of one build: kustomize's process. A kustomization's `openapi` chooses them, the first that does for
 * everybody; what the builtin ones were asked before stays known. */
struct schema_set *schema_set_new(struct arena *arena);
bool schema_set_are_chosen(const struct schema_set *schemas);
const struct schema *schema_set_find(struct schema_set *schemas, const char *api_version, const char *kind);

/* Chooses the schemas of a file (its content), or the builtin version where `file` is NULL. The root's choice counts
 * more than one that came before. */
bool schema_set_choose(struct schema_set *schemas, bool is_root, const char *version, const struct node *file,
                       origin at, struct error *error);

/* Notes that a resource of this kind was read; returns whether the kind is known to have no namespace. */
bool schema_set_meet_kind(struct schema_set *schemas, const struct gvk *gvk);

/* Takes over what another build's schemas were asked for: a base that was rendered then. */
void schema_set_replay(struct schema_set *schemas, const struct schema_set *other);

#endif
