/* What the two files of the grammar share: the state of a loader. Inner header of parse_stream.c and parse_values.c. */
#ifndef YAML_PARSE_LOADER_H
#define YAML_PARSE_LOADER_H

#include "yaml/parse_builder.h"
#include "yaml/parse_comments.h"
#include "yaml/scan.h"

enum { MOST_DIRECTIVES = 100 };

/* %TAG handle prefix */
struct tag_directive {
    const char *handle, *prefix;
};

struct loader {
    struct scanner scanner;
    enum dialect dialect;
    struct tree *tree;
    struct builder *builder;
    const struct origins *origins;
    struct part part;
    struct comments comments;
    struct tag_directive directives[MOST_DIRECTIVES + 2];
    size_t directive_count;
    struct text tag; /* of the value that is being read */
};

/* The next token; NULL with the scanner's error. */
const struct token *next_token(struct loader *loader, struct error *error);

static inline origin origin_of(const struct loader *loader, uint32_t offset)
{
    return loader->part.start ? loader->part.start + offset : 0;
}

/* Something that was being read, named by `context`, began at an offset. */
bool fail_within(const struct loader *loader, uint32_t at, const char *problem, const char *context,
                 uint32_t context_at, struct error *error);

/* The value of a document, which must be there. */
bool read_document_value(struct loader *loader, struct error *error);

/* A null in place of one, where a token begins. */
bool add_nothing_at(struct loader *loader, const struct token *token, struct error *error);

#endif
