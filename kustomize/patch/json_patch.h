/* JSON patches (RFC 6902) as gopkg.in/evanphx/json-patch.v4 applies them. */
#ifndef KUSTOMIZE_JSON_PATCH_H
#define KUSTOMIZE_JSON_PATCH_H

#include "yaml/parse.h"

struct json_patch;

/* Reads a list of operations: strict JSON where the text begins with '[', else YAML 1.1. What an operation lacks is
 * found when it is applied. */
struct json_patch *json_patch_read(struct tree *tree, const struct yaml_text *text, struct error *error);

size_t json_patch_count(const struct json_patch *patch);

/* The value of an operation; NULL where it has none. */
const struct node *json_patch_value(const struct json_patch *patch, size_t index);

/* Applies all operations to a document, which passes through JSON and comes back with what JSON made of it: numbers
 * are doubles, styles are those of a printer. Where an operation fails, the document is left as it was. */
bool json_patch_apply(struct tree *tree, const struct json_patch *patch, struct node **root, struct error *error);

/* Whether an operation tests, copies or moves all annotations, alone or with what they are in. */
bool json_patch_reads_annotations(const struct json_patch *patch);

/* The `from` of an operation that would copy null, because it is not there; NULL: it is none of these. Adds to
 * `looked_at` how many entries it has passed. */
const char *json_patch_copies_nothing(struct tree *tree, const struct json_patch *patch, size_t index,
                                      struct node *root, uint64_t *looked_at, origin *at);

/* The path of an operation; NULL: it has none. */
const char *json_patch_operation(const struct json_patch *patch, size_t index); /* add; NULL: it has none */
const char *json_patch_path(const struct json_patch *patch, size_t index, origin *at);

#endif
