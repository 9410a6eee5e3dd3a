/* Helm charts, inflated by the user's helm as kustomize does it (api/internal/builtins/HelmChartInflationGenerator.go).
 *
 * Charts are found in the kustomization's chart home, or pulled: into the cache where the version is exact, else for
 * this engine's life. Nothing is written to the repository. */
#ifndef KUSTOMIZE_HELM_H
#define KUSTOMIZE_HELM_H

#include "kustomize/kustomization/kust_target.h"

/* What the charts of one engine share. */
struct helm;
struct helm *helm_new(const struct helm_options *options, struct remote *remote);
void helm_free(struct helm *helm); /* removes what was pulled; NULL is allowed */

/* Whether charts may be inflated, by a helm that we know: asked once. */
bool helm_is_ready(struct helm *helm, struct error *error);

/* Runs helm with these words (NULL ends them), its homes in `config_home` or, where that is NULL, in a directory of
 * ours. What it prints is appended to `out`. `what` is for messages. */
bool helm_run(struct helm *helm, const char *what, const char *config_home, const char *const *words, struct text *out,
              struct error *error);

/* Writes a file for helm and returns its path; NULL with an error. */
const char *helm_file(struct helm *helm, const char *bytes, size_t size, struct error *error);

/* A chart on its way through one inflation. */
struct inflation {
    struct kust_target *target;
    struct helm *helm;
    struct helm_chart chart;
    const char *config_home;
    const char *home;            /* where charts of this version are, from the kustomization's directory */
    const struct source *source; /* what the chart is read from: the target's, or its own where it was pulled */
    const char *directory;       /* the chart, in that source */
    const char *path;            /* the chart, for helm */
};

/* Finds the chart, or pulls it. */
bool helm_locate(struct inflation *inflation, struct error *error);

/* Pulls the chart, now or before: a source that holds it by its name. */
const struct source *helm_pull(struct inflation *inflation, struct error *error);

/* The values files to give to helm, in order: the chart's or the kustomization's, with inline values merged in, and the
 * additional ones. */
bool helm_values(const struct inflation *inflation, struct string_list *files, struct error *error);

#endif
