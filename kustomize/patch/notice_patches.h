/* What patches as a whole are noted for. Nothing happens where notices are not wanted. */
#ifndef KUSTOMIZE_NOTICE_PATCHES_H
#define KUSTOMIZE_NOTICE_PATCHES_H

#include "kustomize/kustomization/kust_target.h"
#include "kustomize/kustomization/kustomization.h"
#include "kustomize/patch/json_patch.h"

/* A patch whose target selects nothing. */
void notice_no_target(struct render *render, const struct resources *resources, const struct selector_fields *target);

/* A strategic merge patch whose target selects more than it seems to name, or something else. */
void notice_selection(struct render *render, const struct resources *resources, const struct selector_fields *target,
                      const struct resource *patch, const struct resource_matches *selected);

/* A patch that leaves a resource as it was `before` (NULL: not known). */
void notice_unchanged(struct render *render, const struct resource *patch, const struct resource *resource,
                      const struct node *before);

/* Words that a JSON patch's YAML 1.1 reads as another type or number than they look. */
void notice_misread(struct render *render, const struct yaml_text *text);

/* Paths that name one of several elements by its number. */
void notice_positions(struct render *render, const struct json_patch *patch, const struct resource *resource);

/* Values that `add` puts into the place of a map or a list that is there, which is no addition. */
void notice_overwritten(struct render *render, const struct json_patch *patch, const struct resource *resource);

/* Copies of what is not there, before the patch is applied. */
void notice_copies(struct render *render, const struct json_patch *patch, const struct resource *resource);

#endif
