/* What is left of a scalar when kustomize has printed it with go-yaml v3, read it back into a Go value and written that
 * as JSON. Inner header of the emitters. */
#ifndef YAML_EMIT_VALUE_H
#define YAML_EMIT_VALUE_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/node.h"
#include "yaml/resolve.h"

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_INTEGER, VALUE_FLOAT, VALUE_STRING };

struct value {
    enum value_kind kind;
    bool truth;
    struct integer integer;
    double number;
    const char *text; /* of a string: the node's, or the scratch text's; a NUL stands behind it */
    size_t size;
};

/* Where the scalar stands: it decides how go-yaml v3 prints it, and so what comes back. */
struct value_place {
    bool flow; /* inside of a flow collection */
    bool key;
};

/* `scratch` is overwritten where the text has to be made anew. */
bool value_of(const struct node *scalar, struct value_place place, struct text *scratch, struct value *out,
              struct error *error);

/* Why a text is not printed: whoever decodes such bytes as if they were characters reads something else than stands
 * there. */
#define NOT_UTF8 "a text that is not UTF-8 cannot be printed: it has bytes that are no characters"

/* The string that go-yaml v2 reads from the JSON form: a raw NEL is a line break there and is folded; what it cannot
 * read is refused. Works on a string value in place; needed only where it has bytes from 0x7F. */
bool value_reread_json(struct value *value, bool key, origin at, struct text *scratch, struct error *error);

#endif
