/* The value of a variable, and texts with variables in them. */
#ifndef KUSTOMIZE_VARIABLE_VALUE_H
#define KUSTOMIZE_VARIABLE_VALUE_H

#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "base/writer.h"
#include "kustomize/kustomization/kustomization.h"
#include "kustomize/resource/resource.h"
#include "yaml/node.h"

struct variable_value {
    const char *name;
    enum node_tag tag;         /* TAG_MAP or TAG_LIST: it fits nowhere and is left as it is */
    const char *whole, *inner; /* its text where it stands alone, and within another text */
    size_t whole_size, inner_size;
    origin origin; /* of the field */
    bool used;
};

/* What the parts of an expanded text were taken from, where writers are recorded. */
struct variable_parts {
    struct arena *arena;
    origin input;
    struct writer_part *items;
    size_t count, room;
};

/* The id that a var's objref gives. */
struct resource_id variable_object_id(struct arena *arena, const struct var_target *object);

/* Reads a field's value. False where its text is no number that Go reads. */
bool variable_value_read(struct arena *arena, const struct node *node, struct variable_value *out);

/* Replaces each $(NAME) by its value in `values` (a map to struct variable_value); $$ is a dollar. `tag` becomes the
 * value's where the whole text is one variable, and TAG_STRING otherwise. `misfit` (or NULL) gets the name of a
 * variable that is a map or list. `parts` may be NULL, too. */
void variable_expand(const char *input, size_t size, const struct map *values, struct text *out, enum node_tag *tag,
                     const char **misfit, struct variable_parts *parts);

#endif
