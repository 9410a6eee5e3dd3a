/* Nodes from a stream of events, in one pass. Inner header of the parser.
 *
 * The events are those of one document: values, and openings and closings that match. */
#ifndef YAML_PARSE_BUILDER_H
#define YAML_PARSE_BUILDER_H

#include "yaml/parse_scalar.h"

struct builder;

struct builder *builder_new(struct tree *tree, const struct origins *origins, enum dialect dialect);
void builder_free(struct builder *builder);

/* Begins a document. */
void builder_start(struct builder *builder);

/* What the document is; NULL: it had no event. */
struct node *builder_root(const struct builder *builder);

/* A value, with its anchor or NULL. */
bool builder_scalar(struct builder *builder, const struct raw_scalar *raw, const char *anchor, origin at,
                    struct error *error);
bool builder_alias(struct builder *builder, const char *name, origin at, struct error *error);

struct opening {
    enum node_kind kind;
    const char *tag, *anchor; /* NULL: none */
    bool flow;
    origin at;
};

bool builder_open(struct builder *builder, const struct opening *opening, struct error *error);
bool builder_close(struct builder *builder, struct error *error);

/* A schema comment (tree->schema_comments) about the key or value that was read last, or about the next one. `above` a
 * map in a list it is about the map, and about the first key otherwise. */
void builder_schema_behind(struct builder *builder, uint32_t schema);
void builder_schema_ahead(struct builder *builder, uint32_t schema, bool above);

/* Whether the next value stands inside of [] or {}. */
bool builder_in_flow(const struct builder *builder);

#endif
