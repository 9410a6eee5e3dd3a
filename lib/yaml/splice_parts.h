/* What the files of the edits share. Inner header of splice*.c. */
#ifndef YAML_SPLICE_PARTS_H
#define YAML_SPLICE_PARTS_H

#include "yaml/splice.h"

/* Where a node stands. */
struct surroundings {
    const struct layout_node *parent, *grandparent; /* NULL: outside of the document */
    const struct layout_item *item;                 /* of the parent */
    bool flow;                                      /* in [] or {} */
};
struct surroundings surroundings_of(const struct layout *layout, const struct layout_node *node);

/* How a file writes what is new. */
struct manner {
    const char *newline;
    bool json;          /* strings and keys are in double quotes */
    uint8_t quotes;     /* STYLE_SINGLE_QUOTED or STYLE_DOUBLE_QUOTED, where quotes are needed */
    uint32_t step;      /* columns of an inner block */
    uint32_t list_step; /* columns of a list below its key */
};
struct manner manner_of(const struct layout *layout);

/* What an edit is meant to do to a value of the old text. */
struct change {
    enum { CHANGE_REPLACES, CHANGE_ADDS, CHANGE_REMOVES } kind;
    const struct layout_node *of;
    const struct node *value; /* of what is new */
    const char *key;          /* of an entry that is added */
    uint32_t index;           /* of what is removed */
};

/* Reads the edited text. False, with an error: it has more changes than this one. */
bool reads_as_meant(const struct layout *layout, const struct change *change, const struct text *out,
                    struct error *error);

/* Appends a stretch of the old text. */
void put_range(const struct layout *layout, uint32_t from, uint32_t to, struct text *out);

/* Appends what stands before a place in [] or {}, with a blank behind a key that has no value: what follows would
 * else become a part of the key. */
void put_flow_before(const struct layout *layout, uint32_t to, struct text *out);

/* Appends a string as a scalar. False: it is not UTF-8. */
bool put_string(const struct manner *manner, const char *string, size_t size, enum node_style style, bool flow,
                struct text *out, struct error *error);

/* The scalars whose quotes new keys and values of a map take on. */
struct models {
    const struct layout_node *map, *list; /* a map like it, and a list of such maps; NULL: none */
};
enum node_style model_style(const struct models *models, const char *key);
enum node_style model_key_style(const struct models *models);
enum node_style quotes_of(const struct layout_node *node); /* STYLE_PLAIN: none, or no scalar */

/* A scalar node of the tree. */
bool put_scalar(const struct manner *manner, const struct node *scalar, enum node_style style, bool flow,
                struct text *out, struct error *error);

/* What stands between the parts of a collection in flow style. */
struct gaps {
    const char *open, *between, *close, *colon;
};

/* Whether a blank line stands between the last two items. */
bool items_are_apart(const struct layout *layout, const struct layout_node *of);

/* Where the line behind an item of a block begins, behind the comments that belong to the item. */
uint32_t line_behind(const struct layout *layout, const struct layout_item *item);

#endif
