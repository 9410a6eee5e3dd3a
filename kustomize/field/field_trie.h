/* Many field paths as one trie, so that one walk of a resource finds all fields that any of them names.
 *
 * Each path carries numbers; a field that several paths reach is visited once, with their numbers in ascending order.
 */
#ifndef KUSTOMIZE_FIELD_TRIE_H
#define KUSTOMIZE_FIELD_TRIE_H

#include "base/error.h"
#include "yaml/tree.h"

struct field_trie;

struct field_trie *field_trie_new(struct arena *arena);

/* Adds a path of a field spec (kustomize/config.h). Numbers are added in ascending order. */
void field_trie_add(struct field_trie *trie, struct arena *arena, struct intern *keys, const char *path,
                    uint32_t number);

/* Called for each field found. To write, own the trail. */
typedef bool trie_visitor(void *context, struct tree *tree, const struct trail *trail, const uint32_t *numbers,
                          size_t count, struct error *error);

bool field_trie_walk(const struct field_trie *trie, struct tree *tree, struct node **root, trie_visitor *visit,
                     void *context, struct error *error);

#endif
