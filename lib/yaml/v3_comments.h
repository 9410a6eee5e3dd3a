/* Comments of a YAML text, for printing its tree anew as go-yaml v3 does (yaml/emit_v3.h). */
#ifndef YAML_V3_COMMENTS_H
#define YAML_V3_COMMENTS_H

#include "base/map.h"
#include "base/origin.h"
#include "yaml/node.h"

/* What stands around a value. Lines of several comments are divided by line feeds; an empty one is blank. */
struct v3_comment {
    const char *above;  /* its key or dash; NULL: nothing */
    const char *behind; /* it, or its key where it goes on below; NULL: nothing */
};

struct v3_comments {
    struct map *by_node; /* pointers to nodes to struct v3_comment; NULL: there are none */
    const char *end;     /* behind the last value; NULL: nothing */
    bool incomplete; /* the text has comments that go-yaml v3 would move, or anchors or merge keys, which the tree has
                        no more */
};

/* The comment at a node; NULL: none. */
struct v3_comment *v3_comment_at(const struct v3_comments *comments, const struct node *node);

/* Finds the comments of the text that a tree was read from, whose nodes have their places in `origins`. */
void v3_comments_find(struct arena *arena, const struct node *root, const char *text, size_t size,
                      const struct origins *origins, struct v3_comments *out);

#endif
