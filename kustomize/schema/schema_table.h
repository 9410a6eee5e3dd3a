/* How schemas are made: inner header of the schemas. */
#ifndef KUSTOMIZE_SCHEMA_TABLE_H
#define KUSTOMIZE_SCHEMA_TABLE_H

#include "kustomize/schema/schema.h"

struct schema {
    const struct schema_property *properties; /* fields of a map */
    size_t property_count;
    const struct schema *others;   /* fields of a map that are not listed */
    const struct schema *items;    /* of a list */
    const char *const *merge_keys; /* of a list that is merged */
    struct schema_set *schemas;    /* of a file's schema: the above are not in use but for the merge keys, */
    const struct node *node;       /* this is */
};

struct schema_property {
    const char *name;
    const struct schema *schema;
};

/* A builtin kind, and a definition of the builtin schemas by name; NULL where there is none. */
const struct schema *schema_builtin(const char *api_version, const char *kind);
const struct schema *schema_builtin_definition(const char *name);

/* The schema that a node of a file is, references followed; NULL where one leads nowhere. */
const struct schema *schema_from_node(struct schema_set *schemas, const struct node *node);
const struct schema *schema_file_field(const struct schema *schema, const char *name);
const struct schema *schema_file_items(const struct schema *schema);

/* A definition by name: the file's node, or NULL where there is none or the builtin one wins; the builtin one where it
 * is in force. */
const struct node *schema_set_file_definition(const struct schema_set *schemas, const char *name);
const struct schema *schema_set_builtin_definition(const struct schema_set *schemas, const char *name);

/* The value under a key of any map of the file that is in force. */
const struct node *schema_set_file_member(const struct schema_set *schemas, const struct node *map, const char *key);

/* Where schemas that are made live. */
struct arena *schema_set_arena(const struct schema_set *schemas);
struct map *schema_set_made(const struct schema_set *schemas); /* struct node * -> struct schema * */

#endif
