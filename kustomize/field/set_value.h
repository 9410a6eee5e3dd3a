/* Writing values into fields as kustomize does (kyaml's FieldSetter and filtersutil.SetEntry).
 *
 * An existing scalar keeps its style, and so a quoted one stays a string; its tag becomes the one that is given. With
 * TAG_NONE the new text alone decides the type of a plain scalar: `name: e3` with the prefix 1 becomes the number 1e3.
 */
#ifndef KUSTOMIZE_SET_VALUE_H
#define KUSTOMIZE_SET_VALUE_H

#include "kustomize/field/field_path.h"
#include "yaml/written.h"

/* What a scalar gets: a text, its tag, and who says so, for where writers are recorded (yaml/written.h). */
struct new_scalar {
    const char *text;
    size_t size;
    enum node_tag tag;
    const char *step;                /* "images" */
    origin from;                     /* the field that says the whole text; of no meaning where there are parts */
    const struct writer_part *parts; /* NULL: it is one */
    size_t part_count;
};

/* Gives the scalar or null that a walk found a new text. Anything else is an error. */
bool set_found_scalar(const struct found_field *field, const struct new_scalar *value, struct error *error);

/* The same for a scalar that the tree owns. */
bool set_owned_scalar(struct tree *tree, struct node *scalar, const struct new_scalar *value, struct error *error);

/* Sets pairs (a decoded map of strings) in the maps that the specs name, of all resources, on behalf of a transformer.
 */
bool set_entries(struct kust_target *target, const struct list *pairs, struct field_specs specs,
                 const char *transformer_kind, struct error *error);

#endif
