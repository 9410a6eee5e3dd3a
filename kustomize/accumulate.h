/* Accumulating a kustomization: its resources and components, then its own generators and transformers. */
#ifndef KUSTOMIZE_ACCUMULATE_H
#define KUSTOMIZE_ACCUMULATE_H

#include "kustomize/engine.h"
#include "kustomize/kustomization/kust_target.h"

/* Makes a root the target of a directory of the engine's source, or of a repository's URL. */
bool enter_root(struct kust_target *root, const char *directory, struct error *error);

/* Gives a loaded target an accumulator of its own and runs its steps (kustomize's AccumulateTarget). */
bool accumulate_target(struct kust_target *target, struct error *error);

/* Loads and accumulates a directory that is a base: a Component is refused. */
bool build_base(struct kust_target *base, struct error *error);

/* A directory that is being built for this target, or contains one, must not be built for it again. */
bool check_cycle(const struct kust_target *target, const char *candidate, struct error *error);

/* The steps for the fields `resources` and `components`. */
bool accumulate_resources(struct kust_target *target, struct error *error);
bool accumulate_components(struct kust_target *target, struct error *error);

/* Files and directories of resources added to any accumulator of the target: used for plugin configurations too. */
bool accumulate_paths(struct kust_target *target, const struct list *paths, struct error *error);

/* Fills target->file and target->kustomization from its directory. */
bool kust_target_load(struct kust_target *target, struct error *error);
bool kust_target_load_file(struct kust_target *target, struct error *error); /* without the schemas that it chooses */

/* Runs the steps of one kustomization in kustomize's order (kustomize/pipeline.c). */
bool run_steps(struct kust_target *target, struct error *error);

/* Runs the steps that belong to the root alone: hashes, references, variables, order. */
bool run_root_steps(struct kust_target *target, struct error *error);

/* What directories were found to name, kept for as long as the arena: a repository does not change while an engine
 * lives. */
struct scan_notes;
struct scan_notes *scan_notes_new(struct arena *arena);

/* What engine_scan does, within a render whose arena may go afterwards; the result is in `arena`. */
bool scan_references(struct render *render, struct scan_notes *notes, struct arena *arena, const char *directory,
                     struct reference_set *out, struct error *error);

#endif
