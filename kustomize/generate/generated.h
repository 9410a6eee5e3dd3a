/* What the generators of ConfigMaps and Secrets share. */
#ifndef KUSTOMIZE_GENERATED_H
#define KUSTOMIZE_GENERATED_H

#include "kustomize/generate/key_values.h"

/* A kind that is generated from key-value pairs. */
struct generated_kind {
    const char *kind, *generator, *field; /* "ConfigMap", "ConfigMapGenerator", "configMapGenerator" */
    const struct struct_type *arguments;
    void (*fill)(struct tree *tree, struct node *root, const struct generator_arguments *arguments,
                 const struct key_values *pairs, origin generator);
};

/* The step of a kustomization's field, and the builtin plugin, of one kind. */
bool generate_all(struct kust_target *target, const struct generated_kind *kind, const struct list *all,
                  struct error *error);
bool generate_from_config(struct kust_target *target, const struct generated_kind *kind, const struct node *config,
                          struct error *error);

/* A string in the style that kyaml gives it: literal where it has several lines, quoted where it would be taken for
 * something else. */
struct node *styled_string(struct tree *tree, const char *text, size_t size);

/* As styled_string, of the text's base64, in lines of 70 where it is longer. */
struct node *base64_string(struct tree *tree, const char *bytes, size_t size);

/* Notes that a value is that of a pair; `reason`, where it is not NULL, says what was made of it. */
void note_pair(struct tree *tree, struct node *value, const struct key_value *pair, const char *reason);

/* Tells what is lost of an object that a generator merges into, or takes the place of. To be asked before it does. */
void notice_merged(struct kust_target *target, const struct resource *generated,
                   const struct generator_arguments *arguments);

/* Appends to a map that has no such key. */
void append_entry(struct tree *tree, struct node *map, const char *key, size_t key_size, struct node *value);

#endif
