/* Walking to the fields that field specs name (kyaml's fieldspec filter).
 *
 * The walk looks first and copies only where it writes: the visitor gets the way to the field and owns it with
 * trail_own when it has something to change. */
#ifndef KUSTOMIZE_FIELD_PATH_H
#define KUSTOMIZE_FIELD_PATH_H

#include "kustomize/config.h"
#include "kustomize/target.h"

/* What to make where a field is absent and its spec says create. */
enum create_kind { CREATE_NOTHING, CREATE_SCALAR, CREATE_MAP, CREATE_LIST };

/* Called for each field found. `node` is the field's value as it stands; to write, own the trail and change what that
 * returns. Returning false stops the walk with `error` filled. */
typedef bool field_visitor(void *context, struct tree *tree, const struct trail *trail, const struct node *node,
                           struct error *error);

/* Visits the fields of one resource that the specs select, spec by spec in their order. */
bool visit_fields(struct tree *tree, struct resource *resource, struct field_specs specs, enum create_kind create,
                  field_visitor *visit, void *context, struct error *error);

#endif
