/* pending.c: fields that are not there yet are refused by name. A transformer that lands takes its line out. */
#include "kustomize/transformers.h"

static bool refuse(bool asked, const struct target *target, const char *field, struct error *error)
{
    if (!asked)
        return true;
    return error_at(error, field_origin(target->kustomization->node, field), "%s is not supported yet", field);
}

#define PENDING(function, member, field)                                    \
    bool function(struct target *target, struct error *error)               \
    {                                                                       \
        return refuse(target->kustomization->member, target, field, error); \
    }

PENDING(run_generators, generators.count, "generators")
PENDING(run_transformers, transformers.count, "transformers")
PENDING(run_validators, validators.count, "validators")
PENDING(apply_replacements, replacements.count, "replacements")
