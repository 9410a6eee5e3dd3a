/* directive.c: reads the $patch of a map. */
#include "kustomize/patch/strategic_merge.h"

static enum directive directive_from(const struct node *value)
{
    if (!value)
        return DIRECTIVE_NONE;
    if (node_equals(value, "delete"))
        return DIRECTIVE_DELETE;
    if (node_equals(value, "replace"))
        return DIRECTIVE_REPLACE;
    return node_equals(value, "merge") ? DIRECTIVE_MERGE : DIRECTIVE_UNKNOWN;
}

enum directive directive_of_map(const struct node *map)
{
    return directive_from(node_get(map, &key_dollar_patch));
}
