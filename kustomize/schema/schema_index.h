/* Finding things in an OpenAPI file, which may have any number of definitions, fields and paths: each table is made
 * when it is first asked for, and each question then takes one look-up. Inner header of the schemas. */
#ifndef KUSTOMIZE_SCHEMA_INDEX_H
#define KUSTOMIZE_SCHEMA_INDEX_H

#include "kustomize/resource/resource.h"

struct schema_index;

/* Lives as long as the arena; the file is borrowed. */
struct schema_index *schema_index_new(struct arena *arena, const struct node *file);
const struct node *schema_index_file(const struct schema_index *index);

/* The value under a key of any map of the file; NULL where there is none. */
const struct node *schema_index_member(struct schema_index *index, const struct node *map, const char *key);

/* The last definition that names a kind; NULL: none. */
const struct node *schema_index_kind(struct schema_index *index, const char *api_version, const char *kind);

/* Whether paths name a kind, and none of them has a namespace (findNamespaceability). */
bool schema_index_is_cluster_scoped(struct schema_index *index, const struct gvk *gvk);

#endif
