/* By what the items of a list are told apart. */
#ifndef DIFF_LIST_KEYS_H
#define DIFF_LIST_KEYS_H

#include "base/text.h"
#include "diff/changes.h"

enum { MOST_LIST_KEYS = 4 };

struct list_key {
    const char *list;                 /* the field that holds the list */
    const char *kind;                 /* only in resources of this kind; NULL: in all others */
    const char *keys[MOST_LIST_KEYS]; /* of the items, NULL behind the last; none: only their place tells them apart */
    const char *otherwise;            /* what an item without one of the further keys has */
    bool order_acts;                  /* their order has an effect, wherever the list is */
};

/* What definitions say about the lists of custom resources. Lives as long as the arena. */
struct list_keys *list_keys_new(struct arena *arena);

/* Takes what a CustomResourceDefinition says; and what a file for the `openapi` of a kustomization does. Anything else
 * says nothing. */
void list_keys_learn(struct list_keys *keys, const struct node *definition);
void list_keys_learn_openapi(struct list_keys *keys, const struct node *root);

const struct list_key *list_keys_find(const struct list_keys *keys, const struct object_id *id, const char *path);

/* How the items of a list are told apart; NULL: by their place only. `path` is the list's in the resource; `custom` may
 * be NULL. */
const struct list_key *list_key_of(const struct list_keys *custom, const struct object_id *id, const char *path,
                                   const struct node *old, const struct node *new);

/* The text of an item's key, "name=app", in the memory of `out`; false where it has none. */
bool list_key_write(const struct list_key *key, const struct node *item, struct text *out);

#endif
