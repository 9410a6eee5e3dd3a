/* The kustomization file: its types, as kustomize's api/types defines them, and the reading of one.
 *
 * Strings are NULL where the field is absent; kustomize treats an empty string alike. Each struct keeps the node that
 * it was read from, for messages. Everything lives in the render's arena. */
#ifndef KUSTOMIZE_KUSTOMIZATION_H
#define KUSTOMIZE_KUSTOMIZATION_H

#include "kustomize/kustomization/helm_fields.h"
#include "kustomize/specs/config.h"
#include "yaml/decode.h"
#include "yaml/parse.h"

struct object_meta {
    const struct node *node;
    const char *name, *namespace;
    struct list labels, annotations; /* of struct pair */
};

struct selector_fields {
    const struct node *node;
    const char *group, *version, *kind, *name, *namespace;
    const char *annotation_selector, *label_selector;
};

struct patch_options {
    const struct node *node;
    bool allow_name_change, allow_kind_change;
};

struct patch {
    const struct node *node;
    const char *path, *patch;
    const struct selector_fields *target;
    const struct patch_options *options;
};

struct image {
    const struct node *node;
    const char *name, *new_name, *tag_suffix, *new_tag, *digest;
};

struct replica {
    const struct node *node;
    const char *name;
    int64_t count;
};

struct field_spec_fields {
    const struct node *node;
    const char *group, *version, *kind, *path;
    bool create;
};

struct label {
    const struct node *node;
    struct list pairs; /* of struct pair */
    bool include_selectors, include_templates, include_volume_claim_templates;
    struct list fields; /* of struct field_spec_fields */
};

struct generator_options {
    const struct node *node;
    struct list labels, annotations; /* of struct pair */
    bool disable_name_suffix_hash, immutable;
};

/* An item of configMapGenerator or secretGenerator. */
struct generator_arguments {
    const struct node *node;
    const char *namespace, *name, *behavior, *env, *type;
    struct list literals, files, envs; /* of const char *; literals may hold NUL */
    const struct generator_options *options;
};

struct field_options {
    const struct node *node;
    const char *delimiter, *encoding;
    int64_t index;
    bool create;
};

struct replacement_source {
    const struct node *node;
    const char *group, *version, *kind, *name, *namespace, *field_path;
    const struct field_options *options;
};

struct replacement_target {
    const struct node *node;
    const struct selector_fields *select;
    struct list reject;      /* of struct selector_fields */
    struct list field_paths; /* of const char * */
    const struct field_options *options;
};

struct replacement {
    const struct node *node;
    const struct replacement_source *source;
    struct list targets; /* of struct replacement_target */
    const char *source_value;
    const char *path; /* of a file that holds replacements */
};

struct var_target {
    const struct node *node;
    const char *api_version, *group, *version, *kind, *name, *namespace;
};

struct field_reference {
    const struct node *node;
    const char *field_path;
};

struct var {
    const struct node *node;
    const char *name;
    struct var_target object;
    struct field_reference field;
};

struct legacy_sort_options {
    const struct node *node;
    struct list order_first, order_last; /* of const char * */
};

struct sort_options {
    const struct node *node;
    const char *order;
    const struct legacy_sort_options *legacy;
};

struct kustomization {
    const struct node *node;
    const char *api_version, *kind;
    const struct object_meta *metadata;
    struct list openapi; /* of struct pair */
    const char *name_prefix, *name_suffix, *namespace;
    struct list common_labels, common_annotations; /* of struct pair */
    struct list labels;                            /* of struct label */
    struct list patches_strategic_merge;           /* of const char * */
    struct list patches_json6902, patches;         /* of struct patch */
    struct list images;                            /* of struct image; imageTags are appended */
    struct list image_tags;
    struct list replacements; /* of struct replacement */
    struct list replicas;     /* of struct replica */
    struct list vars;         /* of struct var */
    const struct sort_options *sort_options;
    struct list resources, components, crds; /* of const char *; bases are appended to resources */
    struct list bases;
    struct list config_map_generator, secret_generator; /* of struct generator_arguments; env is in envs */
    const struct helm_globals *helm_globals;
    struct list helm_charts; /* of struct helm_chart; helmChartInflationGenerator is appended */
    struct list helm_chart_inflation_generator;
    const struct generator_options *generator_options;
    struct list configurations, generators, transformers, validators, build_metadata; /* of const char * */
};

/* For builtin transformers that read the same structs from their own configuration. */
extern const struct struct_type kustomization_type, selector_type, patch_options_type, image_type, replica_type,
    field_spec_type, config_map_arguments_type, secret_arguments_type, replacement_type, object_meta_type;

/* Field specs of a plugin's configuration. */
struct field_specs field_specs_from(struct arena *arena, const struct list *decoded);

/* Parses a kustomization file. The root is NULL for an empty text. */
bool kustomization_parse(struct tree *tree, const struct yaml_text *text, struct node **root, struct error *error);

/* Reads what was parsed: decodes it strictly, moves deprecated fields to their new places, checks kind and apiVersion
 * and that it is not empty. Warnings about deprecated fields are appended, one a line, as kustomize words them. */
const struct kustomization *kustomization_read(struct tree *tree, const char *file, const struct node *root,
                                               struct text *warnings, struct error *error);

/* The field that takes the place of a deprecated one; NULL: it is none. */
const char *kustomization_successor(const char *field);

#endif
