/* The steps of a kustomization, one file each: see the table in kustomize/pipeline.c for their order.
 *
 * Each takes its settings from target->kustomization, does nothing where its field is absent, and ends every instance
 * with kust_target_transformed(). Each also serves as a builtin plugin, configured by a resource under `transformers`
 * or `generators` (the table in kustomize/builtins.c): then the settings come from that resource's node.
 *
 * To add a transformer: one file with one step and one plugin function, a line here, a row in each table, a case
 * directory. */
#ifndef KUSTOMIZE_TRANSFORMERS_H
#define KUSTOMIZE_TRANSFORMERS_H

#include "kustomize/kustomization/kust_target.h"

typedef bool plugin_function(struct kust_target *target, const struct node *config, struct error *error);

/* Generators. */
step_function generate_config_maps, generate_secrets;
plugin_function config_map_generator, secret_generator, iam_policy_generator, helm_chart_inflation_generator;

/* Other fields. */
step_function merge_configurations, run_generators, run_transformers, run_validators, inflate_helm_charts;

/* Transformers. */
step_function patch_strategic_merge, patch_targets, patch_json6902;
step_function set_namespace, add_name_prefix, add_name_suffix, add_labels, add_annotations, set_replicas, set_images,
    apply_replacements;
plugin_function patch_strategic_merge_transformer, patch_transformer, patch_json6902_transformer, namespace_transformer,
    prefix_transformer, suffix_transformer, label_transformer, annotations_transformer, replica_count_transformer,
    image_tag_transformer, replacement_transformer, value_add_transformer;

/* Steps of the root, after all targets are accumulated. */
step_function collect_vars;
step_function add_hashes, fix_name_references, resolve_vars, drop_local_config, sort_resources, finish_metadata,
    notice_references;
plugin_function hash_transformer;

/* The variables of a base join those of the kustomization that lists it; a repeated name is an error. */
bool merge_vars(struct arena *arena, struct list_of_vars *vars, const struct list_of_vars *more, struct error *error);

/* Generated resources join the target's: appended, merged or replaced by their behavior (kustomize's AbsorbAll). */
bool absorb_generated(struct kust_target *target, struct resource *generated, struct error *error);

/* Applies one strategic merge patch to one resource (its root becomes NULL where the patch deletes it). */
bool apply_strategic_merge(struct kust_target *target, struct resource *resource, const struct resource *patch,
                           struct error *error);

#endif
