/* Field specs from the OpenAPI definitions of custom resources (the field `crds`). */
#ifndef KUSTOMIZE_CRDS_H
#define KUSTOMIZE_CRDS_H

#include "kustomize/kustomization/kust_target.h"
#include "kustomize/specs/config.h"

/* Reads a map from type names to definitions: what their x-kubernetes-... extensions say becomes field specs. */
bool read_crds(struct render *render, const struct node *root, struct config *out, struct error *error);

#endif
