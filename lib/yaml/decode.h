/* Tree to C structs, strictly, from a table of fields.
 *
 *     struct image { const struct node *node; const char *name, *new_tag; };
 *     static const struct field image_fields[] = {
 *         FIELD_STRING(struct image, name, "name"),
 *         FIELD_STRING(struct image, new_tag, "newTag"),
 *         FIELD_END,
 *     };
 *
 * Everything comes from the tree's arena. Absent and null fields stay zero. Where a struct type says `node_offset`, the
 * node that it was read from is stored there, so that a later message can name the line of a field
 * (field_origin(image->node, "newTag")). An unknown field, a wrong type or a missing required field is an error at its
 * line, with the nearest known name. */
#ifndef YAML_DECODE_H
#define YAML_DECODE_H

#include "base/error.h"
#include "yaml/tree.h"

enum field_kind {
    FIELD_IS_STRING,        /* const char * */
    FIELD_IS_BOOL,          /* bool */
    FIELD_IS_OPTIONAL_BOOL, /* enum choice */
    FIELD_IS_INT,           /* int64_t */
    FIELD_IS_NODE,          /* const struct node *: any value, untouched */
    FIELD_IS_STRUCT,        /* a nested struct, in place */
    FIELD_IS_POINTER,       /* const struct X *: NULL where absent */
    FIELD_IS_LIST,          /* struct list of structs (`of` is set) or of const char * */
    FIELD_IS_TEXT_LIST,     /* struct list of const char * that may hold NUL: the list's node knows their sizes */
    FIELD_IS_STRING_MAP,    /* struct list of struct pair, in the order of the file */
};

enum choice { CHOICE_UNSET, CHOICE_FALSE, CHOICE_TRUE };

/* `items` points to an array of const char *, of struct pair, or of the field's struct type. */
struct list {
    void *items;
    size_t count;
    const struct node *node; /* the list or map itself; NULL: absent. Tells `x: []` from no x. */
};

struct pair {
    const char *key, *value;
    origin origin; /* of the value */
};

struct struct_type {
    const char *name; /* as messages call it: the Go type's name where there is one */
    size_t size;
    const struct field *fields;
    int node_offset; /* of a `const struct node *` member; -1: none */
};

struct field {
    const char *name; /* NULL ends a table */
    enum field_kind kind;
    size_t offset;
    const struct struct_type *of;
    uint8_t marks;
};

/* What else a table says of a field. Marks from FIELD_OWNER on mean something to the table's owner alone. */
enum field_mark { FIELD_REQUIRED = 1, FIELD_OWNER = 2 };

#define FIELD_OF(type, member, text, what, element)    \
    {                                                  \
        text, what, offsetof(type, member), element, 0 \
    }
#define FIELD_MARKED(type, member, text, what, marks)     \
    {                                                     \
        text, what, offsetof(type, member), NULL, (marks) \
    }
#define FIELD_STRING(type, member, text) FIELD_OF(type, member, text, FIELD_IS_STRING, NULL)
#define FIELD_BOOL(type, member, text) FIELD_OF(type, member, text, FIELD_IS_BOOL, NULL)
#define FIELD_CHOICE(type, member, text) FIELD_OF(type, member, text, FIELD_IS_OPTIONAL_BOOL, NULL)
#define FIELD_INT(type, member, text) FIELD_OF(type, member, text, FIELD_IS_INT, NULL)
#define FIELD_NODE(type, member, text) FIELD_OF(type, member, text, FIELD_IS_NODE, NULL)
#define FIELD_STRUCT(type, member, text, element) FIELD_OF(type, member, text, FIELD_IS_STRUCT, element)
#define FIELD_POINTER(type, member, text, element) FIELD_OF(type, member, text, FIELD_IS_POINTER, element)
#define FIELD_STRINGS(type, member, text) FIELD_OF(type, member, text, FIELD_IS_LIST, NULL)
#define FIELD_TEXTS(type, member, text) FIELD_OF(type, member, text, FIELD_IS_TEXT_LIST, NULL)
#define FIELD_LIST(type, member, text, element) FIELD_OF(type, member, text, FIELD_IS_LIST, element)
#define FIELD_STRING_MAP(type, member, text) FIELD_OF(type, member, text, FIELD_IS_STRING_MAP, NULL)
#define FIELD_END                         \
    {                                     \
        NULL, FIELD_IS_STRING, 0, NULL, 0 \
    }

/* How strictly: Go's encoding/json matches keys without regard to case and lets the last of several variants win.
 * Lenient: unknown fields are ignored, and numbers and booleans serve as strings, as kustomize does it in the
 * configuration of builtin plugins. */
enum decode_mode { DECODE_EXACT, DECODE_AS_GO, DECODE_AS_GO_LENIENT };

bool decode(struct tree *tree, const struct node *node, const struct struct_type *type, enum decode_mode mode,
            void *out, struct error *error);

/* The origin of a field's value, else of the node, for messages. */
origin field_origin(const struct node *node, const char *field);
origin field_key_origin(const struct node *node, const char *field); /* of its key; 0: there is no such field */

/* The place of the i-th item of a decoded list, for messages. */
origin list_origin(const struct list *list, size_t index);

#endif
