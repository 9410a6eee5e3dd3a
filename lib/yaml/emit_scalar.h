/* Scalars as go-yaml v2's emitter writes them: plain, quoted or literal, folded at 80 columns. Inner header. */
#ifndef YAML_EMIT_SCALAR_H
#define YAML_EMIT_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Where the emitter stands; go-yaml's output depends on all four. */
struct emitter {
    struct text *out;
    int indent;      /* of the collection at hand; -1 outside of all */
    size_t column;   /* in characters */
    bool whitespace; /* the last character was one */
    bool indention;  /* nothing but indentation stands on the line */
};

/* What a string allows, found in one scan. */
struct shape {
    bool plain, single_quoted, block; /* styles that can hold it */
    bool newline;                     /* \n */
    bool separators;                  /* U+2028, U+2029 */
    bool multiline;                   /* any break */
    bool spaces;
    bool wide;      /* bytes from 0x7F */
    size_t columns; /* characters */
};

void shape_of(const char *text, size_t size, struct shape *shape);

void emit_indent(struct emitter *emitter, int indent);

/* An indicator character. `needs_space`: a space goes before it unless there is one; `block`: it counts as indentation
 * for what follows on the line. */
void emit_indicator(struct emitter *emitter, char indicator, bool needs_space, bool block);

/* A text that is safe as it is: a number, null, true. */
void emit_word(struct emitter *emitter, const char *text, size_t size);

/* A key of visible ASCII that needs no quotes, on a line of its own, with its colon. */
void emit_simple_key(struct emitter *emitter, const char *text, size_t size);

/* A simple key stays on one line. */
void emit_string(struct emitter *emitter, const char *text, size_t size, const struct shape *shape, bool simple_key);

#endif
