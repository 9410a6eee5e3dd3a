/* What the steps that apply patches share. */
#ifndef KUSTOMIZE_PATCH_APPLY_H
#define KUSTOMIZE_PATCH_APPLY_H

#include "kustomize/kustomization/transformers.h"
#include "kustomize/patch/json_patch.h"

/* The resources of a text, ready to be patches: nobody owns their trees, so that they can be shared by what they are
 * applied to. */
bool patch_read(struct kust_target *target, const struct yaml_text *text, struct resource_matches *out,
                struct error *error);

/* Notes what a patch may change. */
void patch_allow(struct tree *tree, struct resource *patch, const struct patch_options *options);

/* A strategic merge patch as it is applied to the resources that a selector finds: it takes their apiVersion and kind,
 * and its labels and annotations are texts. */
struct resource *patch_for_selected(struct tree *tree, const struct resource *patch);

/* Applies such a patch to all of `selected` and checks all ids. `unique` says that no id was there twice before, which
 * saves the check where none has changed; it is true afterwards. */
bool patch_apply_to_selected(struct kust_target *target, const struct resource_matches *selected,
                             const struct resource *patch, bool *unique, struct error *error);

/* The one resource that a patch names by its own id. */
struct resource *patch_find_target(const struct resources *resources, const struct resource *patch,
                                   struct error *error);

/* Selects the resources that a JSON patch names and applies it to them. */
bool patch_apply_json(struct kust_target *target, const struct selector_fields *fields, const struct json_patch *patch,
                      bool store_past_ids, struct error *error);

#endif
