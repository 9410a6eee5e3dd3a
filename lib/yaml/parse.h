/* Text to tree, as kustomize reads it: with go-yaml's grammar and go-yaml v3's tags.
 *
 * All functions fill `error` with the place of the fault, counted in the whole text. Aliases are expanded (a recursive
 * one is an error), merge keys are resolved as kyaml does, and PARSE_DEEPEST, the tree's node limit and a limit on what
 * aliases make bound the result. The text must outlive the origins table that it is registered in; so must the tree's
 * arena, where a text in UTF-16 is rewritten. */
#ifndef YAML_PARSE_H
#define YAML_PARSE_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/tree.h"

/* Maps and lists inside of each other. A trail (yaml/tree.h) is longer. */
enum { PARSE_DEEPEST = 500 };

struct yaml_text {
    const char *file; /* for messages: relative to the repository root */
    const char *bytes;
    size_t size;
    struct origins *origins;
    origin within; /* of the scalar that holds the text; 0: it is a file */
};

struct node_array {
    struct node **items;
    size_t count, room;
};

/* The documents of a text as kustomize splits it (a line that begins "---"), empty ones left out, with kyaml's
 * treatment of a sole List. Used for resources and patches. Of entries with the same key
 * a map keeps the first; it remembers the second, and one whose key is no scalar (node->unprintable). */
bool parse_documents(struct tree *tree, const struct yaml_text *text, struct node_array *out, struct error *error);

/* The first document only; NULL with no error for an empty text. For configuration files. Duplicate keys are an error.
 */
bool parse_first(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error);

/* The first document in YAML 1.1 (go-yaml v2 behind sigs.k8s.io/yaml), as kustomization files and JSON patches are
 * read: the tree of the JSON that it becomes. Scalars have their JSON text and type (`yes` is true, 0x1F is 31, a date
 * or
 * !!binary is a string), keys are strings, in the bytewise order of JSON; of duplicate keys the last one counts. */
bool parse_yaml11(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error);

#endif
