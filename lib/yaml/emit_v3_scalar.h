/* Scalars as go-yaml v3's emitter writes them. Inner header. */
#ifndef YAML_EMIT_V3_SCALAR_H
#define YAML_EMIT_V3_SCALAR_H

#include "base/text.h"
#include "yaml/node.h"

/* Where the emitter stands. */
struct v3_writer {
    struct text *out;
    int indent;      /* of the collection at hand; -1 outside of all */
    size_t column;   /* in characters */
    unsigned flow;   /* flow collections that it is inside of */
    bool whitespace; /* the last character was one, or begins a line */
    bool indention;  /* nothing but indentation stands on the line */
};

enum v3_place { V3_VALUE, V3_SIMPLE_KEY };

/* A scalar, or a key, which is one. */
struct v3_scalar {
    const char *text;
    size_t size;
    enum node_style style;
    const char *tag; /* to be written out; NULL: none */
};

void v3_break(struct v3_writer *writer);
void v3_indent(struct v3_writer *writer, int indent);

/* `space`: one goes before it unless there is one; `blank`: counts as whitespace itself; `block`: counts as
 * indentation. */
void v3_indicator(struct v3_writer *writer, const char *indicator, bool space, bool blank, bool block);

/* Whether it can stand before a colon without a question mark. */
bool v3_is_simple_key(const struct v3_scalar *scalar);

void v3_scalar(struct v3_writer *writer, const struct v3_scalar *scalar, enum v3_place place);

#endif
