/* Text to tree, as kustomize reads it: libyaml's events, with go-yaml v3's tags.
 *
 * All functions fill `error` with the place of the fault, counted in the whole text. Aliases are expanded (a recursive
 * one is an error), merge keys are resolved as kyaml does, and the tree's node limit bounds the result. The text must
 * outlive the origins table that it is registered in. */
#ifndef YAML_PARSE_H
#define YAML_PARSE_H

#include "base/error.h"
#include "base/text.h"
#include "yaml/tree.h"

struct yaml_text {
    const char *file; /* for messages: relative to the repository root */
    const char *bytes;
    size_t size;
    struct origins *origins;
};

struct node_array {
    struct node **items;
    size_t count, room;
};

/* The documents of a text as kustomize splits it (a line that begins "---"), empty ones left out, with kyaml's
 * treatment of a sole List. Used for resources and patches. */
bool parse_documents(struct tree *tree, const struct yaml_text *text, struct node_array *out, struct error *error);

/* The first document only; NULL with no error for an empty text. For configuration files. */
bool parse_first(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error);

/* One value in YAML 1.1 (go-yaml v2 behind sigs.k8s.io/yaml), as kustomization files and JSON patches are read: the
 * same tree, with the scalars' tags resolved by YAML 1.1 (yes and on are booleans, 0777 is octal). */
bool parse_yaml11(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error);

#endif
