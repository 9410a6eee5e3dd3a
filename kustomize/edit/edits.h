/* Edits: what is changed in the kustomization file that is built before it is built, as `kustomize edit` would change
 * it.
 *
 * Argo CD's native source does so with source.kustomize (argo-cd util/kustomize/kustomize.go); this is the same for a
 * plugin. Fields that are NULL, empty or false change nothing. */
#ifndef KUSTOMIZE_EDITS_H
#define KUSTOMIZE_EDITS_H

#include "kustomize/kustomization/options.h"

struct edit_texts {
    const char **items;
    size_t count;
};

struct edit_pair {
    const char *name, *value;
};

struct edit_pairs {
    struct edit_pair *items;
    size_t count;
};

struct edits {
    const char *name_prefix, *name_suffix, *namespace;
    struct edit_texts images;     /* NAME=NEWNAME:TAG@DIGEST, as `kustomize edit set image` takes them */
    struct edit_texts patches;    /* each the YAML of an item of `patches` */
    struct edit_texts components; /* directories, patterns of their names, or URLs */
    struct edit_pairs replicas;   /* of a name: a number */
    struct edit_pairs labels, annotations;
    bool labels_without_selector, labels_include_templates;
    bool force_labels, force_annotations; /* a label that is there already is replaced, else an error */
    bool ignore_missing_components;
};

struct kust_target;

/* Changes the tree of the target's kustomization file; `root` may be NULL, and is replaced then. */
bool edits_apply(const struct edits *edits, const struct kust_target *target, struct node **root, struct error *error);

#endif
