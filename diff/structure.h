/* The structure of texts that are values: files of settings in ConfigMaps. */
#ifndef DIFF_STRUCTURE_H
#define DIFF_STRUCTURE_H

#include "yaml/tree.h"

/* What a text says as YAML, JSON, or lines of properties (with sections): a map or a list. NULL: nothing of these, or
 * something that a tree does not tell in full (several documents, keys that are there twice). It is made in the tree's
 * arena; its nodes have no place. */
const struct node *structure_of(struct tree *tree, const struct node *text);

#endif
