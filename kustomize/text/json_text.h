/* JSON text to tree, strictly as Go's encoding/json reads it. */
#ifndef KUSTOMIZE_JSON_TEXT_H
#define KUSTOMIZE_JSON_TEXT_H

#include "yaml/parse.h"

/* All nodes are new. Numbers keep their text; of duplicate keys the last one counts; bytes in
 * strings that are not UTF-8 become U+FFFD. With `origins` NULL the nodes have
 * no place and errors name the byte. A string that Go would spell with other escapes is `tagged`. */
struct node *json_text_parse(struct tree *tree, const struct yaml_text *text, struct error *error);

#endif
