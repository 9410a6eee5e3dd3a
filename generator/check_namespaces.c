/* check_namespaces.c: refuses a policy under which two teams could share a namespace. */
#include <string.h>

#include "generator/glob.h"
#include "generator/name.h"
#include "generator/policy.h"
#include "generator/template.h"

/* One namespace template at one destination of one environment. */
struct place_in_clusters {
    const struct environment *environment;
    const struct destination *destination;
    const struct discover_rule *rule; /* whose template it is; of no path: the destination's */
    const char *widest;               /* every namespace that any team can have there */
    struct name_list *teams;          /* the patterns of each team */
};

/* Two teams' patterns overlap harmlessly where they come from one template that tells apps apart: then the app in both
 * is one app, and it belongs to the first team. */
static bool tells_apps_apart(const char *template)
{
    size_t free_names = 0;
    for (const char *here = template; (here = strchr(here, '{')); here++)
        free_names += strncmp(here, "{env}", 5) != 0 && strncmp(here, "{cluster}", 9) != 0;
    return free_names == 1 && has_placeholder(template, "app");
}

static origin place_origin(const struct place_in_clusters *place)
{
    const struct node *node = place->rule->node ? place->rule->node : place->destination->node;
    return field_origin(node, "namespace");
}

static bool report_overlap(const struct place_in_clusters *one, const struct team *team, const char *pattern,
                           const struct place_in_clusters *other, const struct team *other_team,
                           const char *other_pattern, struct error *error)
{
    return error_at(
        error, place_origin(other),
        "namespaces overlap: team '%s' in '%s' has '%s', team '%s' in '%s' has '%s'; use {app}, {env} and {team} "
        "so that no namespace can belong to both, or list it in sharedNamespaces",
        team->name, one->environment->name, pattern, other_team->name, other->environment->name, other_pattern);
}

static bool check_pair_of_teams(const struct policy *policy, const struct place_in_clusters *one, size_t i,
                                const struct place_in_clusters *other, size_t j, struct error *error)
{
    const struct name_list *left = &one->teams[i], *right = &other->teams[j];
    const struct team *teams = policy_teams(policy);
    for (size_t k = 0; k < left->count; k++)
        for (size_t l = 0; l < right->count; l++)
            if (globs_overlap(left->names[k], right->names[l]) && !is_shared_namespace(policy, left->names[k]) &&
                !is_shared_namespace(policy, right->names[l]))
                return report_overlap(one, &teams[i], left->names[k], other, &teams[j], right->names[l], error);
    return true;
}

/* A team that is told by directories can have an app of any name. */
static bool has_directory_teams(const struct policy *policy)
{
    for (size_t i = 0; i < policy->spec.teams.count; i++)
        if (!policy_teams(policy)[i].apps.count)
            return true;
    return false;
}

static bool check_pair(const struct policy *policy, const struct place_in_clusters *one,
                       const struct place_in_clusters *other, struct error *error)
{
    bool together = same_cluster(one->destination, other->destination);
    bool one_environment = one->environment == other->environment;
    const char *template = namespace_template(one->rule, one->destination);
    bool one_template = strcmp(template, namespace_template(other->rule, other->destination)) == 0;
    bool none = !*one->widest || !*other->widest;
    if (none || (!together && !one_environment) || !globs_overlap(one->widest, other->widest))
        return true;
    bool harmless = one_environment && one_template && tells_apps_apart(template) && !has_directory_teams(policy);
    for (size_t i = 0; i < policy->spec.teams.count; i++)
        for (size_t j = 0; j < policy->spec.teams.count; j++) {
            bool same_team_is_fine = one->destination == other->destination || !together;
            if ((i == j && same_team_is_fine) || (i != j && harmless) || (one == other && i > j))
                continue;
            if (!check_pair_of_teams(policy, one, i, other, j, error))
                return false;
        }
    return true;
}

/* A namespace that is made without {app} is either reserved or not, for certain. */
static bool check_fixed(const struct policy *policy, const struct place_in_clusters *place, struct error *error)
{
    for (size_t i = 0; i < policy->spec.teams.count; i++) {
        const struct team *team = &policy_teams(policy)[i];
        const struct name_list own = place->teams[i];
        for (size_t j = 0; j < own.count; j++)
            if (!strpbrk(own.names[j], "*?") && is_reserved_namespace(policy, team, own.names[j]))
                return error_at(
                    error, place_origin(place),
                    "team '%s' in '%s': namespace '%s' is reserved (spec.reservedNamespaces; Argo CD's own is "
                    "always, but for a team with argocdAdmin)",
                    team->name, place->environment->name, own.names[j]);
    }
    return true;
}

static bool check_namespace_template(const struct policy *policy, const struct environment *environment,
                                     const struct destination *destination, const char *template,
                                     const struct discover_rule *rule, origin at, struct error *error)
{
    const char *names[PATTERN_LONGEST * 2 + 8] = {"app", "env", "team", "cluster"};
    size_t count = 4;
    const struct path_pattern *first = &rule->pattern;
    for (size_t i = 0; i < first->count; i++)
        if (first->segments[i].kind == SEGMENT_NAME)
            names[count++] = first->segments[i].text;
    if (rule->values)
        names[count++] = VALUE_PREFIX;
    names[count] = NULL;
    if (!*template)
        return policy->spec.projects.existing ||
               error_at(error, at,
                        "a namespace of \"\" is for projects.existing: a generated project permits namespaces by their "
                        "names");
    if (!check_template_text(template, at, names, true, error))
        return false;
    char plain[NAME_LONGEST + 1];
    struct arena *arena = arena_new();
    const char *pattern = namespace_pattern(arena, environment, destination, template, "t", "*");
    size_t size = strlen(pattern);
    bool fits = size <= NAME_LONGEST;
    for (size_t i = 0; fits && i <= size; i++)
        plain[i] = pattern[i] == '*' ? 'a' : pattern[i];
    fits = fits && is_label(plain);
    arena_free(arena);
    return fits ||
           error_at(error, at, "'%s' makes no namespaces: lower-case letters, digits and '-', at most %d characters",
                    template, NAME_LONGEST);
}

static bool check_templates_at(const struct policy *policy, const struct environment *environment,
                               const struct destination *destination, struct error *error)
{
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        if (rule->namespace && rule_finds(rule, environment) &&
            !check_namespace_template(policy, environment, destination, rule->namespace, rule,
                                      field_origin(rule->node, "namespace"), error))
            return false;
    }
    return check_namespace_template(policy, environment, destination, destination->namespace, policy_rules(policy),
                                    field_origin(destination->node, "namespace"), error);
}

static struct place_in_clusters make_place(struct arena *arena, const struct policy *policy,
                                           const struct environment *environment, const struct destination *destination,
                                           const struct discover_rule *rule)
{
    size_t count = policy->spec.teams.count;
    struct place_in_clusters place = {
        .environment = environment,
        .destination = destination,
        .rule = rule,
        .widest = namespace_pattern(arena, environment, destination, namespace_template(rule, destination), "*",
                                    rule->app ? rule->app : "*"),
        .teams = ARENA_ARRAY(arena, count, struct name_list),
    };
    for (size_t i = 0; i < count; i++)
        place.teams[i] = rule_namespaces(arena, policy, &policy_teams(policy)[i], environment, destination, rule);
    return place;
}

struct places {
    struct place_in_clusters *items;
    size_t count, room;
};

static bool add_place(struct arena *arena, const struct policy *policy, const struct environment *environment,
                      const struct destination *destination, const struct discover_rule *rule, struct places *out,
                      struct error *error)
{
    out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count] = make_place(arena, policy, environment, destination, rule);
    return check_fixed(policy, &out->items[out->count++], error);
}

/* The destination's own template, and those of entries. */
static bool add_places(struct arena *arena, const struct policy *policy, const struct environment *environment,
                       const struct destination *destination, struct places *out, struct error *error)
{
    static const struct discover_rule plain = {0};
    if (uses_destination_namespace(policy, environment) &&
        !add_place(arena, policy, environment, destination, &plain, out, error))
        return false;
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        if (rule->namespace && rule_finds(rule, environment) &&
            !add_place(arena, policy, environment, destination, rule, out, error))
            return false;
    }
    return true;
}

bool policy_check_namespaces(struct arena *arena, const struct policy *policy, struct error *error)
{
    struct places places = {0};
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        for (size_t j = 0; j < environment->destinations.count; j++) {
            const struct destination *destination = &environment_destinations(environment)[j];
            if (!check_templates_at(policy, environment, destination, error) ||
                !add_places(arena, policy, environment, destination, &places, error))
                return false;
        }
    }
    for (size_t i = 0; i < places.count; i++)
        for (size_t j = 0; j <= i; j++)
            if (!check_pair(policy, &places.items[j], &places.items[i], error))
                return false;
    return true;
}
