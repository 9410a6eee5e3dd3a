/* Tree to text as go-yaml v3 prints it: styles are kept, lines are never folded, lists stand below their key without
 * indentation.
 *
 * kustomize does not print resources so, but it compares values with patterns in this form, and edits YAML texts within
 * texts. */
#ifndef YAML_EMIT_V3_H
#define YAML_EMIT_V3_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/v3_comments.h"

/* Appends the text with its last line break. Fails where the tree is nested too deep, or
 * a text is not UTF-8. */
bool emit_v3(const struct node *node, struct text *out, struct error *error);

/* The same with comments. */
bool emit_v3_with(const struct node *node, const struct v3_comments *comments, struct text *out, struct error *error);

#endif
