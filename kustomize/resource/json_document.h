/* Resources on their way through JSON and back. */
#ifndef KUSTOMIZE_JSON_DOCUMENT_H
#define KUSTOMIZE_JSON_DOCUMENT_H

#include "base/error.h"
#include "yaml/tree.h"

/* The tree of the JSON that a node becomes, all new; origins are kept. */
struct node *json_document(struct tree *tree, const struct node *node, struct error *error);

/* Makes of an owned JSON tree what kyaml's UnmarshalJSON makes: numbers become doubles, as go-yaml v3 prints them, and
 * the styles are those that it would choose. Fails on a number that is none in Go, and where it is nested more than
 * TREE_DEEPEST deep. */
bool json_document_reread(struct tree *tree, struct node *node, struct error *error);

/* What becomes of an item of a list kind, which kustomize takes out of it as JSON: numbers and dates get their JSON
 * form, strings are quoted, maps are in flow style. */
struct node *json_list_item(struct tree *tree, const struct node *item, struct error *error);

/* Takes from an owned subtree the styles that change a value on its way through go-yaml v3's text: what is left is
 * printed as Go decodes it. */
void json_clear_styles(struct node *node);

#endif
