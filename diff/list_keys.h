/* By what the items of a list are told apart. */
#ifndef DIFF_LIST_KEYS_H
#define DIFF_LIST_KEYS_H

#include "base/text.h"
#include "yaml/node.h"

enum { MOST_LIST_KEYS = 2 };

struct list_key {
    const char *list;                 /* the field that holds the list */
    const char *kind;                 /* only in resources of this kind; NULL: in all others */
    const char *keys[MOST_LIST_KEYS]; /* of the items; the second one may be NULL */
    const char *otherwise;            /* what an item without the second key has */
    bool order_acts;                  /* their order has an effect, wherever the list is */
};

/* How the items of a list are told apart; NULL: by their place only. `kind` is the resource's. */
const struct list_key *list_key_of(const char *kind, const char *list, const struct node *old, const struct node *new);

/* The text of an item's key, "name=app", in the memory of `out`; false where it has none. */
bool list_key_write(const struct list_key *key, const struct node *item, struct text *out);

#endif
