/* Walking to the fields that field specs name (kustomize's fieldspec filter).
 *
 * The walk looks first and copies only where it writes: the visitor gets the way to the field and owns it with
 * trail_own when it has something to change. Specs are compiled once, for each kind of resource that turns up, so that
 * a resource costs only the paths of its own kind. */
#ifndef KUSTOMIZE_FIELD_PATH_H
#define KUSTOMIZE_FIELD_PATH_H

#include "base/map.h"
#include "kustomize/kustomization/kust_target.h"
#include "kustomize/specs/config.h"

/* What to make where a field is absent or null and its spec says create. */
enum create_kind { CREATE_NOTHING, CREATE_UNTAGGED, CREATE_STRING, CREATE_INT, CREATE_MAP };

/* A field that a spec led to. `node` is its value as it stands; to write, own the trail and change what that returns.
 */
struct found_field {
    struct tree *tree;
    const struct trail *trail;
    const struct node *node;
    const uint32_t *numbers; /* of the paths of a trie that lead to it */
    size_t number_count;
};

/* Returning false stops the walk with `error` filled. */
typedef bool field_visitor(void *context, const struct found_field *field, struct error *error);

/* Compiled specs. They live as long as the tree's arena; the specs are borrowed. */
struct field_paths;

struct field_paths *field_paths_compile(struct tree *tree, struct field_specs specs);

/* The same for a list of the render's config. What is compiled of kustomize's own is kept for the engine's later
 * renders. */
struct field_paths *field_paths_of(const struct render *render, struct field_specs specs);

/* Visits the fields of one resource that the specs select, spec by spec in their order, so that each sees what the one
 * before it wrote. */
bool field_paths_visit(struct field_paths *paths, struct resource *resource, enum create_kind create,
                       field_visitor *visit, void *context, struct error *error);

/* Many paths as one trie, so that one walk of a resource finds all fields that any of them names, and makes none. Each
 * path carries numbers, added in ascending order; a field that several paths reach is visited once, with all of theirs.
 */
struct field_trie;

struct field_trie *field_trie_new(struct arena *arena);
void field_trie_add(struct field_trie *trie, struct arena *arena, struct intern *keys, const char *path,
                    uint32_t number);
bool field_trie_walk(const struct field_trie *trie, struct tree *tree, struct node **root, field_visitor *visit,
                     void *context, struct error *error);

#endif
