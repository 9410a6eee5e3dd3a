/* policy.c: what a policy says of an app, an environment or a name. */
#include "generator/policy.h"

#include <string.h>

#include "generator/glob.h"
#include "generator/template.h"

const struct environment *policy_environment(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->spec.environments.count; i++)
        if (strcmp(policy_environments(policy)[i].name, name) == 0)
            return &policy_environments(policy)[i];
    return NULL;
}

const struct team *policy_team(const struct policy *policy, const char *app, const char *path)
{
    const struct team *owner = path ? directory_team(policy, path) : NULL;
    if (owner && !owner->apps.count)
        return owner;
    for (size_t i = 0; i < policy->spec.teams.count; i++) {
        const struct team *team = &policy_teams(policy)[i];
        const char *const *patterns = team->apps.items;
        for (size_t j = 0; j < team->apps.count; j++)
            if (glob_matches(patterns[j], app, 0))
                return team;
    }
    return NULL;
}

const struct team *team_by_name(const struct policy *policy, const char *name)
{
    for (size_t i = 0; name && i < policy->spec.teams.count; i++)
        if (strcmp(policy_teams(policy)[i].name, name) == 0)
            return &policy_teams(policy)[i];
    return NULL;
}

const struct team *directory_team(const struct policy *policy, const char *path)
{
    for (size_t i = 0; i < policy->spec.teams.count; i++) {
        const struct team *team = &policy_teams(policy)[i];
        for (size_t j = 0; j < team->paths.count; j++)
            if (pattern_covers(&team->directories[j], path))
                return team;
    }
    return NULL;
}

bool rule_finds(const struct discover_rule *rule, const struct environment *environment)
{
    const char *const *envs = rule->envs.items;
    if (rule->exclude)
        return false;
    for (size_t i = 0; i < rule->envs.count; i++)
        if (strcmp(envs[i], environment->name) == 0)
            return true;
    return !rule->envs.count && (!rule->env || strcmp(rule->env, environment->name) == 0);
}

bool is_reserved_name(const struct policy *policy, const char *name)
{
    const char *const *reserved = policy->spec.reserved_names.items;
    for (size_t i = 0; i < policy->spec.reserved_names.count; i++)
        if (glob_matches(reserved[i], name, 0))
            return true;
    return strcmp(name, policy->root_name) == 0;
}

const char *environment_revision(const struct policy *policy, const struct environment *environment)
{
    return environment->target_revision ? environment->target_revision : policy->target_revision;
}

const char *project_name(struct arena *arena, const struct policy *policy, const struct team *team,
                         const struct environment *environment)
{
    return expand_text(arena, policy->spec.projects.name,
                       (struct binding[]){{"team", team->name}, {"env", environment->name}, {NULL, NULL}});
}

const char *target_project(struct arena *arena, const struct policy *policy, const struct discover_rule *rule,
                           const struct team *team, const struct environment *environment)
{
    return rule->project
               ? expand_text(arena, rule->project, (struct binding[]){{"env", environment->name}, {NULL, NULL}})
               : project_name(arena, policy, team, environment);
}

const char *environment_root_name(struct arena *arena, const struct policy *policy,
                                  const struct environment *environment)
{
    return expand_text(arena, policy->spec.roots.name, (struct binding[]){{"env", environment->name}, {NULL, NULL}});
}
