/* prefix.c: puts `namePrefix` before the names of resources. */
#include "kustomize/kustomization/transformers.h"
#include "kustomize/transform/affix.h"

bool add_name_prefix(struct kust_target *target, struct error *error)
{
    const char *prefix = target->kustomization->name_prefix;
    if (!prefix || !*prefix)
        return true;
    const struct affix affix = {prefix, false, field_origin(target->kustomization->node, "namePrefix"),
                                target->accumulator->config->name_prefix};
    return add_affix(target, &affix, error) && kust_target_transformed(target, "PrefixTransformer", error);
}

bool prefix_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    return add_configured_affix(target, config, false, error) &&
           kust_target_transformed(target, "PrefixTransformer", error);
}
