/* What strategic merge must know of a kind: which lists are merged by key.
 *
 * A schema describes one node of an object; NULL is a node of which nothing is known. The builtin ones are const tables
 * (kustomize/schema_builtin.c); a kustomization's openapi.path replaces them by those of a file
 * (kustomize/schema_file.c). */
#ifndef KUSTOMIZE_SCHEMA_H
#define KUSTOMIZE_SCHEMA_H

#include <stddef.h>

struct schema {
    const struct schema_property *properties; /* fields of a map */
    size_t property_count;
    const struct schema *others;   /* fields of a map that are not listed */
    const struct schema *items;    /* of a list */
    const char *const *merge_keys; /* of a list that is merged: its keys, then NULL; NULL: the list is replaced */
};

struct schema_property {
    const char *name;
    const struct schema *schema;
};

/* The schema of a builtin kind; NULL where the kind is not known. */
const struct schema *schema_builtin(const char *api_version, const char *kind);

/* The schema of a field; NULL where it, or the map, is not known. */
const struct schema *schema_field(const struct schema *schema, const char *name);

#endif
