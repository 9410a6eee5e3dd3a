/* Where everything stands in a text: each value of it with the bytes at which it begins and ends.
 *
 * A layout is for edits of the text (yaml/splice.h). It is read with the scanner of the parser, so that both see the
 * same values, but it is not the tree: aliases, anchors, merge keys, duplicate keys and quotes are there as they are
 * written. It costs a scan of its own, and nothing where nobody asks for it.
 *
 * A layout lives in the arena that was passed, and borrows the text. Places are bytes from the beginning of the text,
 * byte order mark included. */
#ifndef YAML_LAYOUT_H
#define YAML_LAYOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "yaml/node.h"

enum layout_kind {
    LAYOUT_NOTHING, /* no value is written: it begins and ends where one could be */
    LAYOUT_SCALAR,
    LAYOUT_ALIAS,
    LAYOUT_MAP,
    LAYOUT_LIST,
};

struct layout_item;

struct layout_node {
    uint8_t kind;          /* enum layout_kind */
    uint8_t style;         /* enum node_style; STYLE_FLOW: [] or {} */
    bool anchored, tagged; /* what says so stands before `start` */
    uint32_t start, end;   /* of a block: from its first dash or key to the end of its last value */
    const char *text;      /* of a scalar, as it is read; an alias's name; of a tagged value not its tag. With a NUL */
    uint32_t size;
    struct layout_item *items;
    uint32_t count;
};

/* An item of a list, or an entry of a map. */
struct layout_item {
    uint32_t start, end;           /* of a block: from its dash, its `?` or its key */
    const struct layout_node *key; /* NULL: of a list */
    const struct layout_node *value;
};

struct layout {
    const char *file; /* for messages */
    const char *bytes;
    uint32_t size, first; /* `first`: behind the byte order mark */
    const struct layout_node **documents;
    size_t count; /* of documents; an empty text has none */
};

/* Reads a text of at most 64 MB. False: it is malformed, in UTF-16 or too deep; the error says where. */
bool layout_read(struct arena *arena, const char *file, const char *bytes, size_t size, struct layout *out,
                 struct error *error);

/* The last entry with a key, as in kustomization files the last one counts. NULL: the node (which may be NULL) is no
 * map or has none. */
const struct layout_item *layout_find(const struct layout_node *map, const char *key);

/* The value of a key, NULL where there is none; and a scalar's text, NULL for anything else. */
const struct layout_node *layout_value(const struct layout_node *map, const char *key);
const char *layout_text(const struct layout_node *node);
bool layout_has_text(const struct layout_node *map, const char *key, const char *text); /* the value under a key */

/* For messages. */
struct place layout_place(const struct layout *layout, uint32_t at);

/* The column of a place, from 0, and where its line begins and the next one does; the byte order mark is in no line. */
uint32_t layout_line_start(const struct layout *layout, uint32_t at);
uint32_t layout_next_line(const struct layout *layout, uint32_t at);
uint32_t layout_column(const struct layout *layout, uint32_t at);

#endif
