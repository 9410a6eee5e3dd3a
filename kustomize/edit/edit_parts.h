/* Parts of the edits: each changes one field of an owned tree of a kustomization file. */
#ifndef KUSTOMIZE_EDIT_PARTS_H
#define KUSTOMIZE_EDIT_PARTS_H

#include "kustomize/edit/edits.h"
#include "kustomize/kustomization/kust_target.h"

bool edit_images(const struct edit_texts *images, struct tree *tree, struct node *file, struct error *error);
bool edit_components(const struct edits *edits, const struct kust_target *target, struct node *file,
                     struct error *error);

/* The owned map or list of a field, made where it is absent; NULL with an error where it is something else. */
struct node *edit_value(struct tree *tree, struct node *file, const char *field, enum node_kind kind,
                        struct error *error);

/* Puts an item into a list, over one of the same name. */
void edit_put_named(struct tree *tree, struct node *list, struct node *item);

/* Puts items over those of a field that have their names, and sorts all by name. */
bool edit_named_items(struct tree *tree, struct node *file, const char *field, struct node *given, struct error *error);

#endif
