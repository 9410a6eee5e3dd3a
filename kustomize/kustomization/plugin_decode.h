/* The configuration of builtin plugins: resources of apiVersion `builtin`. */
#ifndef KUSTOMIZE_PLUGIN_DECODE_H
#define KUSTOMIZE_PLUGIN_DECODE_H

#include "kustomize/kustomization/kust_target.h"
#include "yaml/decode.h"

/* Decodes leniently, as kustomize does, what the running plugin of a target is given, and notes what it passes over. */
bool plugin_decode(struct kust_target *target, const struct node *config, const struct struct_type *type, void *out,
                   struct error *error);

/* Notes the fields of a node that its type does not have, all the way down. */
void notice_unknown_fields(struct render *render, const char *what, const struct node *node,
                           const struct struct_type *type);

#endif
