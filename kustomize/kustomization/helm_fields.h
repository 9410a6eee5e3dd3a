/* What a kustomization says about Helm charts (kustomize's api/types/helmchartargs.go). Strings are NULL where absent.
 */
#ifndef KUSTOMIZE_HELM_FIELDS_H
#define KUSTOMIZE_HELM_FIELDS_H

#include "yaml/decode.h"

struct helm_globals {
    const struct node *node;
    const char *chart_home, *config_home;
};

struct helm_chart {
    const struct node *node;
    const char *name, *version, *repo, *release_name, *namespace, *name_template, *kube_version;
    const char *values_file, *values_merge;
    const struct node *values_inline;
    struct list additional_values_files, api_versions; /* of const char * */
    bool include_crds, skip_hooks, skip_tests, debug, devel;
};

/* An item of helmChartInflationGenerator, the field's old form. Some of it kustomize reads and ignores. */
struct helm_chart_args {
    const struct node *node;
    const char *chart_name, *chart_version, *chart_repo_url, *chart_home, *chart_repo_name, *helm_bin, *helm_home;
    const char *values, *values_merge, *release_name, *release_namespace;
    const struct node *values_local;
    struct list extra_args; /* of const char * */
};

extern const struct struct_type helm_globals_type, helm_chart_type, helm_chart_args_type;

/* The old form's charts, appended to `charts`, and its homes where `globals` is not there. */
void helm_convert_args(struct arena *arena, const struct list *all, struct list *charts,
                       const struct helm_globals **globals);

#endif
