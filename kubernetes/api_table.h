/* What the API server knows about kinds, as a table: the inner header of kubernetes/.
 *
 * The builtin table is made by tools/make-schema; tables of custom resources are made from their definitions while
 * a repository is read (kubernetes/custom_kinds.c). Both are read by the same functions. */
#ifndef KUBERNETES_API_TABLE_H
#define KUBERNETES_API_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum api_shape_kind {
    SHAPE_ANY,
    SHAPE_STRING,
    SHAPE_INTEGER,
    SHAPE_NUMBER,
    SHAPE_BOOLEAN,
    SHAPE_INT_OR_STRING,
    SHAPE_QUANTITY,  /* a string or a number */
    SHAPE_OBJECT,    /* a map of anything */
    SHAPE_MAP,       /* a map whose values have the shape `of` */
    SHAPE_LIST,      /* a list whose items have the shape `of` */
    SHAPE_TYPE,      /* a map with the fields of the type `of` */
    SHAPE_OPEN_TYPE, /* the same, and any other fields */
};

struct api_shape {
    uint16_t kind; /* enum api_shape_kind */
    uint16_t of;
};

/* Bit N of `versions` and `required` stands for the minor version api_table.oldest + N. */
struct api_field {
    uint16_t name; /* number of a name, as all names here */
    uint16_t shape;
    uint8_t versions;
    uint8_t required;
};

struct api_kind {
    uint16_t group, version, kind;
    uint16_t type;                             /* one more than the number of its type; 0: its fields are not known */
    uint16_t versions;                         /* that serve it; 0: it was removed before the oldest one */
    uint16_t deprecated, removed;              /* minor versions; 0: neither */
    uint16_t new_group, new_version, new_kind; /* what replaces it; all 0: nothing */
};

struct api_table {
    unsigned oldest;   /* minor version of Kubernetes 1 */
    unsigned versions; /* how many, from the oldest one */
    const char *names; /* name N begins at N * name_size: no pointers, which the loader would have to adjust */
    size_t name_size;
    const char *const *own_names; /* instead of the two, in a table that is made at run time */
    const struct api_shape *shapes;
    const uint16_t
        *starts; /* type N has the fields from starts[N] to starts[N + 1], sorted by the bytes of their names */
    const struct api_field *fields;
    const struct api_kind *kinds; /* sorted by group, version and kind */
    size_t kind_count;
};

extern const struct api_table api_table;

static inline const char *api_name(const struct api_table *table, uint16_t number)
{
    return table->own_names ? table->own_names[number] : table->names + number * table->name_size;
}

#endif
