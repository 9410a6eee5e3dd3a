/* Strategic merge: a patch's tree into a resource's tree, as kyaml's merge2 does it.
 *
 * The patch is only read. What is taken over from it is shared, so that a patch that applies to a thousand resources is
 * not copied a thousand times: its nodes must not be owned by the tree that is written to (tree_share). The same node
 * as both destination and patch stands for something new, which is cleaned of nulls and directives on its way. */
#ifndef KUSTOMIZE_STRATEGIC_MERGE_H
#define KUSTOMIZE_STRATEGIC_MERGE_H

#include "base/error.h"
#include "kustomize/schema/schema.h"

struct merge {
    struct tree *tree;
    struct schema_set *schemas;
    struct error *error;
    struct render *render;           /* takes notices; may be NULL */
    const struct resource *resource; /* for notices: what is patched, and the field that is merged; may be NULL */
    const char *field;
    size_t depth;
    struct node **twins; /* written scalars that have twins */
    size_t twin_count, twin_room;
    bool all_odd; /* merge each list step by step: for tests/property/lists.c, which compares the two ways */
};

/* The result is `destination` itself (changed where the tree owns it, else a copy), what comes from `patch`, or NULL
 * where nothing is left. Either may be NULL; the schema too. */
bool merge_nodes(struct merge *merge, struct node *destination, struct node *patch, const struct schema *schema,
                 struct node **result);

/* To be called with the result of a merge: what was written to a scalar that has twins is written to them too. */
void merge_write_twins(struct merge *merge, struct node **root);

/* The same as merge_nodes for a list whose schema has merge keys. */
bool merge_list(struct merge *merge, struct node *destination, struct node *patch, const struct schema *schema,
                struct node **result);

/* The $patch directive of a map or list. */
enum directive { DIRECTIVE_NONE, DIRECTIVE_MERGE, DIRECTIVE_REPLACE, DIRECTIVE_DELETE, DIRECTIVE_UNKNOWN };

enum directive directive_of_map(const struct node *map);

/* The map without its directive: itself, where the tree owns it. */
struct node *directive_remove(struct tree *tree, struct node *map);

/* An error for a directive that does not exist. */
bool directive_unknown(struct merge *merge, const struct node *value);

#endif
