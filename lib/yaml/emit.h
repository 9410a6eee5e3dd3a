/* Tree to text: exactly what kustomize prints.
 *
 * kustomize's way (Node, go-yaml v3 text, map, JSON, go-yaml v2 text) is done in one step: keys in natural order,
 * numbers and dates in their final form, the block style of go-yaml v2 at 80 columns. Fails, with the origin, on what
 * Go's JSON cannot hold: .inf, .nan, keys that are booleans or floats. */
#ifndef YAML_EMIT_H
#define YAML_EMIT_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/node.h"

/* Appends the document, without a separator. */
bool emit_yaml(const struct node *node, struct text *out, struct error *error);

/* The same value as JSON: keys sorted bytewise, no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped, as Go's
 * encoding/json prints it. Content hashes are made over this. */
bool emit_json(const struct node *node, struct text *out, struct error *error);

#endif
