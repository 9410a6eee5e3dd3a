/* suffix.c: puts `nameSuffix` behind the names of resources. */
#include "kustomize/kustomization/transformers.h"
#include "kustomize/transform/affix.h"

bool add_name_suffix(struct kust_target *target, struct error *error)
{
    const char *suffix = target->kustomization->name_suffix;
    if (!suffix || !*suffix)
        return true;
    const struct affix affix = {suffix, true, field_origin(target->kustomization->node, "nameSuffix"),
                                target->accumulator->config->name_suffix};
    return add_affix(target, &affix, error) && kust_target_transformed(target, "SuffixTransformer", error);
}

bool suffix_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    return add_configured_affix(target, config, true, error) &&
           kust_target_transformed(target, "SuffixTransformer", error);
}
