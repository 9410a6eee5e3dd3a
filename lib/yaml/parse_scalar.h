/* Scalars as the scanner finds them, made into what go-yaml takes them for. Inner header of the parser. */
#ifndef YAML_PARSE_SCALAR_H
#define YAML_PARSE_SCALAR_H

#include "yaml/parse_stream.h"

struct raw_scalar {
    const char *text;
    size_t size;
    enum node_style style;
    const char *tag; /* in full, tag:yaml.org,2002:str; NULL: none */
    bool implicit;   /* the text decides (a plain scalar, or one tagged "!") */
};

struct scalar {
    const char *text;
    size_t size;
    enum node_tag tag;
    enum node_style style;
    bool tagged;
    bool beyond_json; /* it was refused because JSON has nothing like it */
    const char *tag_text;
};

/* The tag of a plain scalar without a tag. */
enum node_tag plain_tag(enum dialect dialect, const char *text, size_t size);

/* A tag that is written out: TAG_OTHER sets `*text`, from the tree's arena. */
enum node_tag explicit_tag(struct tree *tree, const char *tag, const char **text);

/* In YAML 1.1 the text takes the form that the value has in JSON (true, 31, 1e-7), which `*converted` holds; a key's is
 * that of a JSON string. NULL, or why go-yaml refuses the scalar. */
const char *read_scalar(struct tree *tree, enum dialect dialect, const struct raw_scalar *raw, bool is_key,
                        struct scalar *out);

#endif
