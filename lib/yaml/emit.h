/* Tree to text: exactly what kustomize prints.
 *
 * kustomize prints a resource in four steps: go-yaml v3 writes the node and reads it back into Go values, encoding/json
 * writes those, and go-yaml v2 reads the JSON and writes the text. Here it is one step with the same result, flaws
 * included:
 *   - keys in natural order (yaml/natural.h), block style, 80 columns; numbers and dates in their final form;
 *   - the style of a scalar is chosen anew; its old one decides only what go-yaml v3 does not carry over: folded texts
 *     with indented lines or several breaks at the end change, in flow collections an empty scalar and a date with a
 *     time become strings;
 *   - a tag has to fit its text: "abc" tagged !!int is refused, as by go-yaml.
 * Refused with the origin of the scalar or key: what JSON cannot hold (.inf, .nan, keys that are null, booleans or
 * fractions, unless at the root), what go-yaml v2 cannot read (control characters, bytes that are not UTF-8, keys over
 * 1,024 characters), what go-yaml v3 cannot read back (a text of several lines that begins with a tab), collections
 * nested beyond EMIT_DEEPEST.
 *
 * All append to `out` and leave it as it was on failure. The tree is not changed. A limit of `out` is for the caller
 * to check. */
#ifndef YAML_EMIT_H
#define YAML_EMIT_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/node.h"

enum { EMIT_DEEPEST = 1000 };

/* The document with a newline at its end and no separator. */
bool emit_yaml(const struct node *node, struct text *out, struct error *error);

/* Several documents, with `---` between them. What stands before the one that fails stays. */
bool emit_yaml_documents(const struct node *const *nodes, size_t count, struct text *out, struct error *error);

/* The same value as JSON: keys sorted bytewise, no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped, as Go's
 * encoding/json prints it. Content hashes are made over this. */
bool emit_json(const struct node *node, struct text *out, struct error *error);

/* The same once Go has read the JSON into an interface: every number went through a float64, so 9007199254740993 is
 * 9007199254740992. */
bool emit_json_rounded(const struct node *node, struct text *out, struct error *error);

/* Several documents, one a line: what a reader of Kubernetes (sigs.k8s.io/yaml) makes of emit_yaml_documents. */
bool emit_json_lines(const struct node *const *nodes, size_t count, struct text *out, struct error *error);

/* A string in quotes; bytes that are not UTF-8 become \ufffd. */
void emit_json_string(const char *string, size_t size, struct text *out);

#endif
