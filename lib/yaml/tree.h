/* Making and changing nodes.
 *
 * A tree is the right to write: the arena that new nodes come from, the table that their keys are interned in, and an
 * owner number. A node whose `owner` is this number may be changed in place; any other is shared and is copied first
 * (tree_own), together with its ancestors, by whoever walks down to it. So a base that was rendered once serves many
 * overlays, and a write costs the path from the root of its resource at most once.
 *
 *     struct node *spec = tree_own_value(tree, tree_own(tree, &resource->root), key_spec);
 *
 * Functions that change a node demand that the tree owns it. */
#ifndef YAML_TREE_H
#define YAML_TREE_H

#include "base/arena.h"
#include "base/error.h"
#include "yaml/node.h"

/* Schema comments of the texts that were parsed, shared by all trees whose nodes meet. */
struct schema_comments {
    struct arena *arena; /* outlives these trees */
    const struct node **items;
    size_t count, room;
};

struct tree {
    struct arena *arena;
    struct intern *keys;
    struct schema_comments *schema_comments; /* NULL: schema comments are ignored */
    struct origins *origins;                 /* where the places of its nodes are; may be NULL */
    struct origins *writers;                 /* the same where writers are recorded (yaml/written.h), else NULL */
    uint32_t owner;
    size_t nodes;      /* made so far */
    size_t node_limit; /* parsing and copying fail beyond it; 0: no limit */
    size_t repeated;   /* maps in which parse_yaml11 met a key twice, or keys to merge */
    size_t steps;      /* of work that makes no nodes, counted by tree_count_steps */
    size_t step_limit; /* tree_count_steps fails beyond it; 0: no limit */
};

bool tree_refuse_steps(const struct tree *tree, struct error *error); /* internal: false */

/* What took too long to be done at all: an error even where there is no limit. A few of them can be added up. */
#define STEPS_BEYOND_LIMITS (SIZE_MAX / 64)

/* Counts steps; an error where there are more than there may be. A step is a comparison or two: some 50 ns. */
static inline bool tree_count_steps(struct tree *tree, size_t steps, struct error *error)
{
    tree->steps += steps;
    bool few = tree->step_limit ? tree->steps <= tree->step_limit : steps < STEPS_BEYOND_LIMITS;
    return few || tree_refuse_steps(tree, error);
}

/* What a comment # {"$ref": ...} or the like beside or above a value says, as a map: kyaml takes it for the value's
 * schema when it merges. NULL: there is none. */
const struct node *tree_schema(const struct tree *tree, const struct node *node);

/* New nodes, owned by the tree. Text is copied. */
struct node *tree_scalar(struct tree *tree, const char *text, size_t size, enum node_tag tag, enum node_style style);
struct node *tree_string(struct tree *tree, const char *text); /* TAG_STRING, plain: quoted where needed when printed */
struct node *tree_plain(struct tree *tree, const char *text);  /* TAG_NONE: the text decides its type */
struct node *tree_int(struct tree *tree, long long value);
struct node *tree_bool(struct tree *tree, bool value);
struct node *tree_null(struct tree *tree);
struct node *tree_map(struct tree *tree);
struct node *tree_list(struct tree *tree);

/* A deep copy, all owned, without twins. NULL beyond the node limit, or where it is nested more than TREE_DEEPEST deep:
 * patches and replacements could nest a tree in itself again and again. */
enum { TREE_DEEPEST = 1000 };
struct node *tree_copy(struct tree *tree, const struct node *node);
bool tree_refuse_copy(const struct tree *tree, origin at, struct error *error); /* why it is NULL; returns false */

/* Gives a subtree up, all the way down: from now on it may stand in several places, and who writes to it copies. */
void tree_share(struct node *node);

/* Makes the node in this slot the tree's own (a shallow copy where it is shared) and returns it. */
struct node *tree_own(struct tree *tree, struct node **slot);

/* The same for the value of a key of an owned map, and for an item of an owned list. NULL: no such key. */
struct node *tree_own_value(struct tree *tree, struct node *map, const struct key *key);
struct node *tree_own_item(struct tree *tree, struct node *list, size_t index);

/* Sets a key of an owned map: replaces the value in place, or appends the key. A new key has no tag, as kyaml's has
 * none: one that reads as a boolean or a number becomes one when printed. */
void tree_set(struct tree *tree, struct node *map, const struct key *key, struct node *value);
void tree_set_named(struct tree *tree, struct node *map, const char *key, struct node *value);
void tree_set_string(struct tree *tree, struct node *map, const char *key, const char *text);
void tree_set_given(struct tree *tree, struct node *map, const char *key, const char *text); /* NULL: not at all */

/* Appends an entry to an owned map that is known not to have its key. */
void tree_add(struct tree *tree, struct node *map, struct entry entry);

bool tree_remove(struct node *map, const struct key *key); /* from an owned map; false: it was not there */
void tree_append(struct tree *tree, struct node *list, struct node *item);
void tree_insert(struct tree *tree, struct node *list, size_t index, struct node *item);
void tree_remove_item(struct node *list, size_t index);

/* Gives an owned scalar a new text; tag and style stay (kustomize changes values so, and the old type shows through).
 */
void tree_set_text(struct tree *tree, struct node *scalar, const char *text, size_t size);

/* What puts texts together makes none that is larger: it could grow with each step. */
enum { TREE_LARGEST_TEXT = 16 * 1024 * 1024 };

/* A label that kustomize adds to several maps of a resource at once is one node there: whoever writes to it in one map
 * later (in place, as all do but JSON patches) writes to all. Such scalars share a number, `twins`. To be called after
 * a write to any scalar below this root: gives its twins there the same content. */
void tree_write_twins(struct tree *tree, struct node **root, const struct node *written);

/* The value of a key, made as a map where it is absent or null. NULL: it is there and is no map. The map is owned. */
struct node *tree_demand_map(struct tree *tree, struct node *map, const struct key *key);

/* Whether a node is of a kind; where not: "wrong node kind: expected ScalarNode but got MappingNode". */
bool demand_kind(const struct node *node, enum node_kind expected, struct error *error);

/* A way down from a root: the slot of the root and the index of the child taken at each level. It lets a walk look
 * without copying, and own the whole way only once there is something to write. */
enum { TRAIL_LONGEST = 512 };

struct trail {
    struct node **root;
    size_t depth;
    uint32_t steps[TRAIL_LONGEST];
};

/* Begins a trail at a root; its steps are not touched, since clearing them would cost more than most walks. */
static inline void trail_start(struct trail *trail, struct node **root)
{
    trail->root = root;
    trail->depth = 0;
}

struct node *trail_own(struct tree *tree, const struct trail *trail); /* owns all of the way; returns its end */
struct node *trail_end(const struct trail *trail);                    /* its end, without copying */

#endif
