/* The comment behind a scalar. */
#ifndef YAML_LINE_COMMENT_H
#define YAML_LINE_COMMENT_H

#include "base/origin.h"
#include "yaml/node.h"

/* From its hash to the end of the line; NULL: there is none, or the scalar is not where it was read. In flow maps and
 * lists, behind tags and anchors, and of texts in several lines none is found. The bytes that were looked at, of a line
 * that may be long, are added to `looked_at`. */
const char *line_comment(const struct origins *origins, const struct node *scalar, size_t *size, size_t *looked_at);

#endif
