/* One document of YAML to nodes. Inner header of the parser. */
#ifndef YAML_PARSE_STREAM_H
#define YAML_PARSE_STREAM_H

#include "yaml/parse_text.h"

/* How scalars get their tags, and what a second entry with the same key means. */
enum dialect {
    DIALECT_RESOURCE, /* go-yaml v3; the first entry counts, and the map remembers the other (node->unprintable) */
    DIALECT_STRICT,   /* go-yaml v3; an error */
    DIALECT_YAML11,   /* go-yaml v2 and JSON; the last entry counts, as the merge keys between them do */
};

/* Memory that the documents of one text use in turn. */
struct loader;

struct loader *loader_new(struct tree *tree, const struct yaml_text *text, enum dialect dialect);
void loader_free(struct loader *loader);

/* The first document of a part; NULL where there is none. What follows it is not read. */
bool load_document(struct loader *loader, const struct part *part, struct node **out, struct error *error);

#endif
