/* Comments that hold a schema: # {"type": ...}. Inner header of the parser.
 *
 * kyaml looks for them beside and above the fields that it merges (fieldmeta/fieldmeta.go). They are found apart from
 * the tokens, which have no comments. */
#ifndef YAML_PARSE_COMMENTS_H
#define YAML_PARSE_COMMENTS_H

#include "yaml/parse_builder.h"

struct comment {
    const char *text; /* from the brace on */
    size_t size;
    size_t at, line; /* of the brace: a byte and a line of the text, from 0 */
    bool own_line;   /* nothing else is in its line */
    bool alone;      /* and no comment is directly above or below it */
};

struct comments {
    const struct part *part;
    struct comment *items;
    size_t count, room, next;
    size_t last_line;  /* where the last value ended */
    size_t taken_line; /* of the comment that was met last: what follows it in its line is its text */
};

/* All that look like one; some of them may be inside of scalars. */
void comments_find(struct comments *comments, const struct part *part);
void comments_free(struct comments *comments);

/* Where an event stands. */
struct stretch {
    size_t start, start_line, end, end_line;
    bool value;  /* a scalar, an alias, or the end of [] or {} */
    bool scalar; /* what looks like a comment inside of it is none */
    bool block;  /* of a scalar: only what is behind its first line is its own */
};

/* To be called before and after the builder gets an event. */
void comments_before(struct comments *comments, const struct stretch *event, struct tree *tree,
                     struct builder *builder);
void comments_after(struct comments *comments, const struct stretch *event, struct tree *tree, struct builder *builder);

#endif
