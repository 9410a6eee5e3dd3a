/* JSON documents that come from outside, as trees. */
#ifndef PLUGIN_JSON_H
#define PLUGIN_JSON_H

#include "base/error.h"
#include "yaml/tree.h"

/* Parses a JSON text; a duplicate key is an error. `what` is how messages call it. NULL with an error on failure. */
struct node *json_parse(struct tree *tree, const char *what, const char *text, size_t size, struct error *error);

#endif
