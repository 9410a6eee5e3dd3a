/* check_policy.c: refuses a policy that contradicts itself or that Argo CD could not follow. */
#include <string.h>

#include "base/map.h"
#include "generator/name.h"
#include "generator/policy.h"
#include "generator/template.h"

enum {
    MOST_ENVIRONMENTS = 100,
    MOST_TEAMS = 500,
    MOST_APP_PATTERNS = 2000,
    MOST_DESTINATIONS = 200,
    MOST_RULES = 200,
    MOST_TEAM_PATHS = 200
};

static bool check_count(const struct list *list, const struct node *node, const char *field, size_t most,
                        struct error *error)
{
    if (!list->count)
        return error_at(error, field_origin(node, field), "%s is empty", field);
    return list->count <= most || error_at(error, list->node->origin, "%s has more than %zu entries", field, most);
}

/* Names of one kind: labels, and no two alike. */
static bool check_name(struct map *taken, const char *name, const struct node *node, const char *what,
                       struct error *error)
{
    if (!is_label(name))
        return error_at(error, field_origin(node, "name"),
                        "%s '%s': a name is lower-case letters, digits and '-', at most %d characters", what, name,
                        NAME_LONGEST);
    void **slot = map_slot(taken, name, strlen(name));
    if (*slot)
        return error_at(error, field_origin(node, "name"), "%s '%s' stands here twice", what, name);
    *slot = (void *)node;
    return true;
}

static bool check_revision(const char *revision, const struct node *node, struct error *error)
{
    if (revision && (!*revision || *revision == '-' || !is_one_line(revision) || strlen(revision) > 255))
        return error_at(error, field_origin(node, "targetRevision"), "'%s' is no revision", revision);
    return true;
}

static bool check_source(const struct policy *policy, struct error *error)
{
    const struct node *node = node_find(policy->spec.node, "source");
    if (!policy->repo_url)
        return error_at(error, policy->spec.node->origin,
                        "spec.source.repoURL is missing, and Argo CD passed no repository");
    if (!is_repository(policy->repo_url))
        return error_at(error, field_origin(node, "repoURL"), "'%s' is no address of a repository", policy->repo_url);
    return check_revision(policy->target_revision, node, error);
}

static bool is_file_name(const char *name)
{
    return *name && is_one_line(name) && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool check_app_file(const struct policy *policy, struct error *error)
{
    const char *name = policy->spec.app_file;
    if (is_file_name(name))
        return true;
    return error_at(error, field_origin(policy->spec.node, "appFile"), "appFile: '%s' is no name of a file", name);
}

/* Addresses and names of clusters become patterns in AppProjects as well. */
static bool is_cluster_text(const char *text)
{
    return *text && is_one_line(text) && !strpbrk(text, "*?[]{}!\\ ") && strlen(text) <= 1000;
}

static bool check_destination(const struct environment *environment, const struct destination *destination,
                              struct error *error)
{
    origin at = destination->node->origin;
    if (!destination->name == !destination->server)
        return error_at(error, at, "environment '%s': a destination has either a name or a server", environment->name);
    if (!is_cluster_text(destination->name ? destination->name : destination->server))
        return error_at(error, at, "environment '%s': '%s' is no cluster", environment->name,
                        destination->name ? destination->name : destination->server);
    if (destination->cluster && node_find(destination->node, "cluster") && !is_label(destination->cluster))
        return error_at(error, field_origin(destination->node, "cluster"),
                        "'%s': {cluster} becomes a part of names; use lower-case letters, digits and '-'",
                        destination->cluster);
    return true;
}

static bool check_environments(struct arena *arena, const struct policy *policy, struct error *error)
{
    const struct policy_spec *spec = &policy->spec;
    struct map *taken = map_new(arena);
    size_t destinations = 0;
    if (!check_count(&spec->environments, spec->node, "environments", MOST_ENVIRONMENTS, error))
        return false;
    for (size_t i = 0; i < spec->environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        if (!check_name(taken, environment->name, environment->node, "environment", error) ||
            !check_revision(environment->target_revision, environment->node, error))
            return false;
        destinations += environment->destinations.count;
        if (destinations > MOST_DESTINATIONS)
            return error_at(error, environment->node->origin, "there are more than %d destinations", MOST_DESTINATIONS);
        for (size_t j = 0; j < environment->destinations.count; j++)
            if (!check_destination(environment, &environment_destinations(environment)[j], error))
                return false;
    }
    return true;
}

/* App patterns become namespace patterns in three dialects at once, so only what means the same in all is taken. */
static bool is_name_pattern(const char *pattern)
{
    char plain[NAME_LONGEST + 1];
    size_t size = strlen(pattern);
    if (!size || size > NAME_LONGEST)
        return false;
    for (size_t i = 0; i <= size; i++)
        plain[i] = pattern[i] == '*' || pattern[i] == '?' ? 'a' : pattern[i];
    return is_label(plain);
}

/* `everything` is the team before this one that takes every app; NULL: none. */
static bool check_apps(const struct team *team, const struct team **everything, struct error *error)
{
    const char *const *patterns = team->apps.items;
    if (!team->apps.count && (team->apps.node || !team->paths.count))
        return error_at(error, field_origin(team->node, "apps"),
                        "team '%s' has no apps: name them, or name its directories in paths", team->name);
    for (size_t i = 0; i < team->apps.count; i++) {
        origin at = team->apps.node->items[i]->origin;
        if (!is_name_pattern(patterns[i]))
            return error_at(error, at,
                            "team '%s': '%s' is no pattern of app names: lower-case letters, digits, '-', *, ?",
                            team->name, patterns[i]);
        if (*everything)
            return error_at(error, at, "team '%s' is never reached: team '%s' before it takes every app ('*')",
                            team->name, (*everything)->name);
    }
    for (size_t i = 0; i < team->apps.count; i++)
        if (strspn(patterns[i], "*") == strlen(patterns[i]))
            *everything = team;
    return true;
}

static bool check_paths(struct arena *arena, struct team *team, struct error *error)
{
    const char *const *paths = team->paths.items;
    if (team->paths.node && !team->paths.count)
        return error_at(error, team->paths.node->origin, "team '%s': paths is empty: remove it, or name directories",
                        team->name);
    if (team->paths.count > MOST_TEAM_PATHS)
        return error_at(error, team->paths.node->origin, "team '%s' has more than %d paths", team->name,
                        MOST_TEAM_PATHS);
    team->directories = ARENA_ARRAY(arena, team->paths.count + 1, struct path_pattern);
    for (size_t i = 0; i < team->paths.count; i++) {
        origin at = team->paths.node->items[i]->origin;
        struct path_pattern *pattern = &team->directories[i];
        if (!pattern_read(arena, paths[i], at, pattern, error))
            return false;
        for (size_t j = 0; j < pattern->count; j++)
            if (pattern->segments[j].kind == SEGMENT_NAME)
                return error_at(error, at, "team '%s': a path of a team has no {%s}: write * instead", team->name,
                                pattern->segments[j].text);
    }
    return true;
}

static bool check_team(const struct team *team, struct error *error)
{
    const struct cluster_resource *resources = team->cluster_resources.items;
    if (team->description && (strlen(team->description) > 255 || !is_one_line(team->description)))
        return error_at(error, field_origin(team->node, "description"),
                        "team '%s': a description is one line of at most 255 bytes", team->name);
    for (size_t i = 0; i < team->cluster_resources.count; i++)
        if ((!resources[i].group || !*resources[i].group) && strcmp(resources[i].kind, "Namespace") == 0)
            return error_at(error, resources[i].node->origin,
                            "team '%s': namespaces are permitted by the destinations; remove this entry", team->name);
    if (team->argocd_admin && !team->paths.count)
        return error_at(error, field_origin(team->node, "argocdAdmin"),
                        "team '%s': argocdAdmin needs paths: who may write there is an admin of Argo CD", team->name);
    if (team->permissions.node && !team->groups.count)
        return error_at(error, team->permissions.node->origin, "team '%s' has permissions but no groups", team->name);
    return true;
}

static bool check_teams(struct arena *arena, const struct policy *policy, struct error *error)
{
    const struct policy_spec *spec = &policy->spec;
    const struct team *everything = NULL;
    struct map *taken = map_new(arena);
    size_t patterns = 0;
    if (!check_count(&spec->teams, spec->node, "teams", MOST_TEAMS, error))
        return false;
    for (size_t i = 0; i < spec->teams.count; i++) {
        struct team *team = &((struct team *)spec->teams.items)[i];
        patterns += team->apps.count;
        if (patterns > MOST_APP_PATTERNS)
            return error_at(error, team->node->origin, "there are more than %d app patterns", MOST_APP_PATTERNS);
        if (!check_name(taken, team->name, team->node, "team", error) || !check_apps(team, &everything, error) ||
            !check_paths(arena, team, error) || !check_team(team, error))
            return false;
    }
    return true;
}

static bool check_reserved(const struct list *reserved, const char *what, struct error *error)
{
    const char *const *patterns = reserved->items;
    for (size_t i = 0; reserved->node && i < reserved->count; i++)
        if (!is_name_pattern(patterns[i]))
            return error_at(error, reserved->node->items[i]->origin,
                            "%s: '%s' is no pattern of names: lower-case letters, digits, '-', *, ?", what,
                            patterns[i]);
    return true;
}

static bool is_one_directory(const struct path_pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->segments[i].kind != SEGMENT_LITERAL)
            return false;
    return true;
}

/* What stands before the first variable part. */
static const char *literal_start(struct arena *arena, const struct path_pattern *pattern)
{
    const char *start = "";
    for (size_t i = 0; i < pattern->count && pattern->segments[i].kind == SEGMENT_LITERAL; i++)
        start = *start ? arena_format(arena, "%s/%s", start, pattern->segments[i].text) : pattern->segments[i].text;
    return start;
}

static bool check_envs(const struct policy *policy, const struct discover_rule *rule, struct error *error)
{
    const char *const *envs = rule->envs.items;
    for (size_t i = 0; i < rule->envs.count; i++) {
        if (!policy_environment(policy, envs[i]))
            return error_at(error, list_origin(&rule->envs, i), "environment '%s' is not listed", envs[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(envs[i], envs[j]) == 0)
                return error_at(error, list_origin(&rule->envs, i), "environment '%s' stands here twice", envs[i]);
    }
    return true;
}

/* Whether an environment stands once in an entry. */
static bool is_among(const struct list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(((const char *const *)names->items)[i], name) == 0)
            return true;
    return false;
}

static bool check_environments_once(const struct discover_rule *rule, const struct discover_rule *first,
                                    struct error *error)
{
    for (const struct discover_rule *other = rule; rule->item && other > first && other[-1].entry == rule->entry;
         other--)
        if (is_among(&other[-1].envs, rule->env) || (other[-1].env && strcmp(other[-1].env, rule->env) == 0))
            return error_at(error, field_origin(rule->item, "env"), "environment '%s' stands here twice", rule->env);
    return true;
}

static bool check_rule(struct arena *arena, const struct policy *policy, struct discover_rule *rule,
                       struct error *error)
{
    static const char *const kept[] = {"team", "cluster", "namespace", "path", "project", "name", "root"};
    origin at = field_origin(rule->node, "path");
    if (!pattern_read(arena, rule->path, at, &rule->pattern, error))
        return false;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (pattern_find(&rule->pattern, kept[i]) >= 0)
            return error_at(error, at, "{%s} has a meaning of its own: choose another name for this segment", kept[i]);
    if (rule->exclude)
        return (rule->node->count == 2) ||
               error_at(error, at,
                        "an exclusion is a path alone: without app, env, and what an Application would have");
    bool names_app = pattern_find(&rule->pattern, "app") >= 0, names_env = pattern_find(&rule->pattern, "env") >= 0;
    if (names_app == !!rule->app || names_env == (rule->env || rule->envs.count))
        return error_at(error, at,
                        "'%s' needs the app and the environment once each: as {app} and {env}, or as "
                        "fields app: and env: beside the path",
                        rule->path);
    if (rule->app && !is_label(rule->app))
        return error_at(error, field_origin(rule->node, "app"), "'%s' is no name of an app", rule->app);
    if (rule->env && !policy_environment(policy, rule->env))
        return error_at(error, field_origin(rule->node, "env"), "environment '%s' is not listed", rule->env);
    if (!check_envs(policy, rule, error) || !check_environments_once(rule, policy_rules(policy), error))
        return false;
    if (rule->values && !is_file_name(rule->values))
        return error_at(error, field_origin(rule->node, "values"), "values: '%s' is no name of a file", rule->values);
    if (rule->repo_url && !is_repository(rule->repo_url))
        return error_at(error, field_origin(rule->node, "repoURL"), "'%s' is no address of a repository",
                        rule->repo_url);
    find_value_words(arena, rule);
    if (rule->values && !rule->value_words.count)
        return error_at(error, field_origin(rule->node, "values"),
                        "values: neither the template nor the namespace has a {values....}");
    rule->owner = directory_team(policy, literal_start(arena, &rule->pattern));
    rule->fixed_path = is_one_directory(&rule->pattern) ? rule->path : NULL;
    return true;
}

static bool policy_check_discover(struct arena *arena, struct policy *policy, struct error *error)
{
    struct discover_rule *rules = policy->spec.discover.items;
    if (!check_count(&policy->spec.discover, policy->spec.node, "discover", MOST_RULES, error))
        return false;
    for (size_t i = 0; i < policy->spec.discover.count; i++)
        if (!check_rule(arena, policy, &rules[i], error))
            return false;
    return !rules[0].exclude || error_at(error, rules[0].node->origin,
                                         "an exclusion takes away from the paths above it, and there are none");
}

bool policy_check(struct tree *tree, struct policy *policy, struct error *error)
{
    struct arena *arena = tree->arena;
    return check_source(policy, error) && check_app_file(policy, error) && check_environments(arena, policy, error) &&
           check_teams(arena, policy, error) &&
           check_reserved(&policy->spec.reserved_namespaces, "reservedNamespaces", error) &&
           check_reserved(&policy->spec.reserved_names, "reservedNames", error) &&
           check_reserved(&policy->spec.shared_namespaces, "sharedNamespaces", error) &&
           policy_check_discover(arena, policy, error) && policy_check_names(arena, policy, error) &&
           policy_check_namespaces(arena, policy, error) && policy_check_templates(policy, error);
}
