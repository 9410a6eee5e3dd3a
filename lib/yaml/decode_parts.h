/* The parts of decoding, for decode.c alone: messages and scalars. */
#ifndef YAML_DECODE_PARTS_H
#define YAML_DECODE_PARTS_H

#include "yaml/decode.h"

/* The way from the root to the value at hand, for messages. */
struct step {
    const struct step *outer; /* NULL: the root */
    const char *name;         /* NULL: an item of a list */
    size_t index;
};

struct decoder {
    struct tree *tree;
    enum decode_mode mode;
    const char *root; /* the name of the root's type */
    struct error *error;
};

static inline bool is_go(const struct decoder *decoder)
{
    return decoder->mode != DECODE_EXACT;
}

/* Both ways of naming what a field takes. */
struct wanted {
    const char *go; /* NULL: made from `type` */
    const char *plain;
    const char *prefix; /* of the Go name of `type`: "", "[]" */
    const struct struct_type *type;
};

/* As encoding/json names what it found. */
const char *decode_json_name(const struct node *node);

/* Errors; all return false. A value is not what its field takes; a map has an entry that is no field; a required field
 * is absent. */
bool decode_wrong_type(struct decoder *decoder, const struct node *node, const struct wanted *wanted,
                       const struct step *at);

bool decode_unknown_field(struct decoder *decoder, const struct entry *entry, const struct struct_type *type,
                          const struct step *at);
bool decode_missing_field(struct decoder *decoder, const struct node *node, const struct field *field,
                          const struct step *at);

/* A text may hold NUL, a string may not. */
bool decode_text(struct decoder *decoder, const struct node *node, const struct step *at, const char **out);
bool decode_string(struct decoder *decoder, const struct node *node, const struct step *at, const char **out);
bool decode_bool(struct decoder *decoder, const struct node *node, const struct step *at, bool *out);
bool decode_int(struct decoder *decoder, const struct node *node, const struct step *at, int64_t *out);

#endif
