/* What name prefixes and suffixes share. */
#ifndef KUSTOMIZE_AFFIX_H
#define KUSTOMIZE_AFFIX_H

#include "kustomize/kustomization/kust_target.h"
#include "kustomize/specs/config.h"

struct affix {
    const char *text; /* may be empty */
    bool suffix;      /* else a prefix */
    origin origin;    /* of the text */
    struct field_specs specs;
};

/* Adds it to the fields that the specs name, of all resources but CustomResourceDefinitions, APIServices and
 * Namespaces. Where that is the resource's name, the old id and the affix are noted in the resource. The caller
 * then calls kust_target_transformed(). */
bool add_affix(struct kust_target *target, const struct affix *affix, struct error *error);

/* The same, with settings from a plugin's configuration: `field` is "prefix" or "suffix". */
bool add_configured_affix(struct kust_target *target, const struct node *config, bool suffix, struct error *error);

#endif
