/* Origin and transformer annotations: where a resource came from and what changed it (buildMetadata). */
#ifndef KUSTOMIZE_PROVENANCE_H
#define KUSTOMIZE_PROVENANCE_H

#include "kustomize/kustomization/kust_target.h"

/* The target's origin with a path of its kustomization appended. */
struct provenance origin_below(const struct kust_target *target, const char *path);

/* Notes the file that a resource was read from. Fails where its annotations are no map. */
bool annotate_file_origin(struct kust_target *target, struct resource *resource, const char *path, struct error *error);

/* Notes the kustomization file, for a plugin that it holds inline. */
void annotate_inline_origin(struct kust_target *target, struct resource *resource);

/* Notes that a field of this kustomization generated the resource, unless it has an origin. `kind` is the builtin's. */
void annotate_generator(struct kust_target *target, struct resource *resource, const char *kind);

/* Notes a builtin transformer in a resource: as its origin where it has none, else as a transformation. */
void annotate_transformer(struct kust_target *target, struct resource *resource, const char *kind);

/* Makes a resource's annotations final when it leaves the render: build annotations are removed, and all values become
 * strings.
 */
void finish_annotations(struct tree *tree, struct resource *resource, bool keep_origins, bool keep_transformations);

#endif
