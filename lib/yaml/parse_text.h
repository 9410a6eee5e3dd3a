/* A text before it is parsed: its characters, its place among the origins, and the parts that kustomize cuts it into.
 * Inner header of the parser. */
#ifndef YAML_PARSE_TEXT_H
#define YAML_PARSE_TEXT_H

#include "yaml/parse.h"

/* A stretch of UTF-8. */
struct part {
    const char *bytes;
    size_t size;
    origin start; /* of its first character; 0: unknown */
};

/* Registers a text. One in UTF-16 is first rewritten into the tree's arena, and so is one that is to be split and has a
 * line that ends in CR CR LF. */
bool text_prepare(struct tree *tree, const struct yaml_text *text, bool split, struct part *out, struct error *error);

/* The documents of a text, one after the other. kustomize cuts a text at lines that begin "---" before it parses, and
 * then reads the first document of each part (kyaml kio/byteio_reader.go, splitDocuments). */
struct splitter {
    const struct origins *origins;
    struct part rest;
    bool undivided, done, failed;
    size_t found; /* parts so far */
};

struct splitter split_text(const struct yaml_text *text, const struct part *prepared);

/* False at the end, and after an invalid separator, with an error and `failed` set. */
bool split_next(struct splitter *splitter, struct part *out, struct error *error);

#endif
