/* Keeping a tree whose arena is given up: what it needs of that arena is copied into another. */
#ifndef YAML_KEEP_H
#define YAML_KEEP_H

#include "base/arena.h"
#include "yaml/node.h"

/* The tree below a node without anything that lies in the memory that is given up. The old tree is spoilt: what stands
 * in several places is found again by what is noted in it. */
struct node *node_keep(struct node *node, const struct arena_extents *given_up, struct arena *arena);

#endif
