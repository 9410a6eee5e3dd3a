/* What is made once for each kind of resource that turns up: compiled field specs, fields that hold references.
 *
 * What is made from kustomize's own field specs is the same in every render, so an engine keeps it for all of them. */
#ifndef KUSTOMIZE_KIND_TABLE_H
#define KUSTOMIZE_KIND_TABLE_H

#include "kustomize/kustomization/kust_target.h"

struct kind_table;

struct kind_table *kind_table_new(struct arena *arena);

/* The arena that what is put into the table must come from. */
struct arena *kind_table_arena(const struct kind_table *table);

/* The place of what was made for a kind, NULL at first. Valid until the next look-up. */
void **kind_table_slot(struct kind_table *table, const struct gvk *gvk);

/* An engine's tables, one for each list of the builtin config. */
struct kind_tables *kind_tables_new(struct arena *arena);

/* The table for a list of field specs or references of a render's config: the engine's where the list is kustomize's
 * own, else a fresh one. One list must always be asked for by the same caller, because only that caller knows what the
 * table holds. */
struct kind_table *kind_table_of(const struct render *render, const void *list);

#endif
