/* The YAML tree: scalars, maps and lists, each with its tag, style and origin.
 *
 * Nodes live in an arena and are never freed singly. A node may be shared by several trees, so it is changed only
 * through yaml/tree.h, which copies what the tree at hand does not own. Aliases are expanded and merge keys resolved
 * when a text is parsed: a tree has no shared subtree of its own and no cycle.
 *
 * Tags and styles are those of go-yaml v3, on which kustomize's output depends: a scalar keeps its text, its tag
 * (resolved when parsed; TAG_NONE: resolve it from the text when it is needed) and its style. */
#ifndef YAML_NODE_H
#define YAML_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"
#include "base/known_keys.h"
#include "base/origin.h"

enum node_kind { NODE_SCALAR, NODE_MAP, NODE_LIST };

enum node_tag {
    TAG_NONE, /* not resolved: decided by the text, as for a plain scalar */
    TAG_STRING,
    TAG_INT,
    TAG_FLOAT,
    TAG_BOOL,
    TAG_NULL,
    TAG_TIMESTAMP,
    TAG_BINARY,
    TAG_MERGE,
    TAG_MAP,
    TAG_LIST,
    TAG_OTHER, /* tag_text holds it */
};

enum node_style {
    STYLE_PLAIN, /* for maps and lists: block */
    STYLE_SINGLE_QUOTED,
    STYLE_DOUBLE_QUOTED,
    STYLE_LITERAL,
    STYLE_FOLDED,
    STYLE_FLOW, /* maps and lists only */
};

struct node;

/* One key of a map and its value. A key that was not a string scalar keeps its tag. */
struct entry {
    const struct key *key; /* interned: compare pointers */
    struct node *value;
    origin origin; /* of the key */
    uint8_t tag, style;
};

/* Entries that a map cannot have: further ones with a key, and those whose key is a map or a list (their key is NULL).
 */
struct left_out {
    const struct origins *origins; /* of the text that was read */
    struct entry *entries;
    size_t count, room;
};

struct node {
    uint8_t kind, tag, style;
    bool tagged : 1;  /* the tag was written out (!!str x) */
    bool as_read : 1; /* of a scalar: it stands at its origin, with the comment behind it */
    uint32_t owner;   /* the tree that may change it in place (yaml/tree.h) */
    origin origin;
    uint32_t count; /* bytes of text, entries, or items */
    union {
        uint32_t room;  /* entries or items allocated */
        uint32_t twins; /* of a scalar, not 0: it and its like in the resource are one node (tree_write_twins) */
    };
    uint32_t schema;              /* schema comment (tree_schema), 0: none */
    const char *tag_text;         /* TAG_OTHER only */
    struct left_out *unprintable; /* of a map: what kustomize fails on when it prints it */
    union {
        const char *text; /* a NUL stands behind `count` bytes; the bytes may contain NUL */
        struct entry *entries;
        struct node **items;
    };
};

/* All accept NULL for the node, and look only: none changes anything. */

static inline bool node_is_map(const struct node *node)
{
    return node && node->kind == NODE_MAP;
}

static inline bool node_is_list(const struct node *node)
{
    return node && node->kind == NODE_LIST;
}

static inline bool node_is_scalar(const struct node *node)
{
    return node && node->kind == NODE_SCALAR;
}

/* A scalar tagged null, as kyaml's IsTaggedNull: a plain null, ~, Null, NULL or nothing, or one tagged !!null. A new
 * text without a tag is none, whatever it says. */
bool node_is_null(const struct node *node);

/* Absent or null (kyaml's IsMissingOrNull). */
static inline bool node_is_missing(const struct node *node)
{
    return !node || node_is_null(node);
}

/* Absent, null, an empty map or an empty list (kyaml's IsNilOrEmpty). */
bool node_is_empty(const struct node *node);

/* The value under a key; NULL where the node is no map or has no such key. */
struct node *node_get(const struct node *map, const struct key *key);
struct node *node_find(const struct node *map, const char *key);        /* by text, for keys that are not well known */
struct node *node_last(const struct node *map, const char *key);        /* the last where there are several */
struct node *node_at(const struct node *node, const char *const *path); /* through nested maps; a NULL ends the path */
struct entry *node_entry(const struct node *map, const struct key *key);

/* The text of a scalar; NULL for anything else. */
const char *node_text(const struct node *node);
const char *node_string(const struct node *node); /* of one that is a string, which `replicas: 3` is not */
bool node_equals(const struct node *scalar, const char *text);

static inline const char *node_text_or(const struct node *node, const char *otherwise)
{
    const char *text = node_text(node);
    return text ? text : otherwise;
}

/* Whether a list has this text. */
bool node_list_has(const struct node *list, const char *text);

/* The tag a plain scalar with this text resolves to in go-yaml v3 (YAML 1.2 core with 1.1's leftovers). */
enum node_tag node_resolve(const char *text, size_t size);

/* The node's tag, resolved where it is TAG_NONE. */
enum node_tag node_tag(const struct node *node);

/* The tag as go-yaml writes it: "!!str". */
const char *node_tag_name(const struct node *node);

/* Same kind, effective tag and value, all the way down; order of keys, styles and origins do not count. */
bool node_same(const struct node *left, const struct node *right);

#endif
