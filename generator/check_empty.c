/* check_empty.c: refuses a root set without Applications that nobody has asked for. */
#include <string.h>

#include "generator/make.h"

/* Applications, of one environment where the call is narrowed to it. */
static size_t count_applications(const struct root_set *set, const struct environment *only)
{
    size_t count = 0;
    for (size_t i = 0; i < set->target_count; i++)
        count += set->targets[i].name && (!only || strcmp(set->targets[i].environment, only->name) == 0);
    return count;
}

/* The one that tells why there is no target: of this environment before others. */
static const struct target *first_problem(const struct root_set *set, const struct environment *only)
{
    const struct target *first = NULL;
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (!target->problem || target->name)
            continue;
        if (only && target->environment && strcmp(target->environment, only->name) == 0)
            return target;
        first = first ? first : target;
    }
    return first;
}

/* Losing all would prune all, so an empty result has to be wanted. The first problem tells why there is none. */
static bool check_empty(const struct root_set *set, const struct environment *only, struct error *error)
{
    const struct policy *policy = set->policy;
    origin at = field_origin(policy->spec.node, "discover");
    bool allowed = policy->spec.allow_empty;
    if (only && only->allow_empty != CHOICE_UNSET)
        allowed = only->allow_empty == CHOICE_TRUE;
    if (allowed || count_applications(set, only))
        return true;
    const char *where = only ? " for environment " : "";
    const char *name = only ? only->name : "";
    const struct target *problem = first_problem(set, only);
    if (problem)
        return error_at(error, at, "spec.discover finds no target%s%s: %s: %s", where, name, problem->path,
                        problem->problem);
    if (set->missing)
        return error_at(error, at,
                        "spec.discover finds no target%s%s: there is no directory '%s'; if none is what you want, set "
                        "allowEmpty: true",
                        where, name, set->missing);
    return error_at(error, at, "spec.discover finds no target%s%s; if none is what you want, set allowEmpty: true",
                    where, name);
}

bool root_set_check_empty(const struct root_set *set, const char *environment, struct error *error)
{
    return check_empty(set, environment ? policy_environment(set->policy, environment) : NULL, error);
}
