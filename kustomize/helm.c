/* helm.c: refuses helm charts, which this engine does not inflate. */
#include "kustomize/transformers.h"

bool inflate_helm_charts(struct target *target, struct error *error)
{
    const struct kustomization *kustomization = target->kustomization;
    const struct node *charts =
        kustomization->helm_charts ? kustomization->helm_charts : kustomization->helm_chart_inflation_generator;
    if (node_is_empty(charts))
        return true;
    return error_at(error, charts->origin,
                    "helmCharts is not supported: render the chart with helm and list the result");
}
