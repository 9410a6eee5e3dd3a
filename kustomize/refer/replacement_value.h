/* Writing a value into the fields of a replacement's target. */
#ifndef KUSTOMIZE_REPLACEMENT_VALUE_H
#define KUSTOMIZE_REPLACEMENT_VALUE_H

#include "kustomize/field/path_matcher.h"
#include "kustomize/kustomization/kustomization.h"

/* Changes a field, which the tree owns, in place: a scalar takes the text alone and keeps its tag and style, anything
 * else becomes a copy of the value. With a delimiter only one piece of the field's text changes. */
bool replacement_write(struct tree *tree, struct node *field, const struct node *value,
                       const struct field_options *options, struct error *error);

/* The piece of a source's value that its options select: the value itself where there is no delimiter. NULL: error. */
const struct node *replacement_refine(struct tree *tree, const struct node *value, const struct field_options *options,
                                      struct error *error);

enum structured { NOT_STRUCTURED, STRUCTURED_WRITTEN, STRUCTURED_FAILED };

/* Writes to a place in a JSON or YAML text that a scalar on the way holds. NOT_STRUCTURED where there is no such text
 * or place; the caller then takes the path as it is. */
enum structured replacement_write_structured(struct path_matcher *path, struct tree *tree, struct node **root,
                                             const struct node *value, const struct field_options *options,
                                             struct error *error);

#endif
