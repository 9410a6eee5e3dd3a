/* check_names.c: refuses name templates under which two things could get the same name. */
#include <string.h>

#include "base/map.h"
#include "generator/glob.h"
#include "generator/name.h"
#include "generator/policy.h"
#include "generator/template.h"

enum { MOST_NAMES = 20 };

/* The placeholders of a template for one app: the fixed ones, and the named segments that every path has. */
struct placeholders {
    const char *names[MOST_NAMES + 1];
    size_t count;
};

static void add_name(struct placeholders *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->names[i], name) == 0)
            return;
    if (all->count < MOST_NAMES)
        all->names[all->count++] = name;
}

/* Named segments other than {app} and {env} of the rules that include. */
static struct placeholders segment_names(const struct policy *policy)
{
    struct placeholders all = {0};
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        for (size_t j = 0; !rule->exclude && j < rule->pattern.count; j++)
            if (rule->pattern.segments[j].kind == SEGMENT_NAME)
                add_name(&all, rule->pattern.segments[j].text);
    }
    return all;
}

static bool is_free(const char *name)
{
    return strcmp(name, "env") != 0 && strcmp(name, "team") != 0 && strcmp(name, "cluster") != 0;
}

/* Every named segment tells targets apart, so the name has to use it; and a name can only use what every path has. */
static bool check_segments(const struct policy *policy, const struct placeholders *segments, struct error *error)
{
    const char *template = policy->spec.application.name;
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        for (size_t j = 0; !rule->exclude && j < segments->count; j++) {
            const char *name = segments->names[j];
            if (strcmp(name, "app") == 0 || !is_free(name))
                continue;
            bool here = pattern_find(&rule->pattern, name) >= 0, used = has_placeholder(template, name);
            if (here && !used)
                return error_at(error, field_origin(rule->node, "path"),
                                "spec.application.name does not use {%s}, so that two paths could give the same name: "
                                "use it there, or write * here",
                                name);
            if (!here && used)
                return error_at(error, field_origin(rule->node, "path"),
                                "this path has no {%s}, which spec.application.name uses", name);
        }
    }
    return true;
}

/* Two values side by side cannot be told apart unless a '.' stands between them, which values never have. */
static bool check_separation(const char *template, origin at, struct error *error)
{
    const char *previous = NULL;
    size_t previous_size = 0;
    bool dot = false;
    for (const char *here = template; *here;) {
        size_t size = *here == '{' ? strcspn(here, "}") + 1 : 1;
        dot = dot || *here == '.';
        if (*here == '{' && strncmp(here, "{env}", 5) != 0 && strncmp(here, "{team}", 6) != 0 &&
            strncmp(here, "{cluster}", 9) != 0) {
            bool same = previous && size == previous_size && memcmp(here, previous, size) == 0;
            if (previous && !same && !dot)
                return error_at(error, at,
                                "'%s': %.*s and %.*s could not be told apart in names; put a '.' between them",
                                template, (int)previous_size, previous, (int)size, here);
            previous = here;
            previous_size = size;
            dot = false;
        }
        here += size;
    }
    return true;
}

struct place_in_names {
    const struct environment *environment;
    const char *cluster;
    const char *pattern; /* all names that Applications there can have */
};

static char *name_pattern(struct arena *arena, const struct policy *policy, const struct placeholders *segments,
                          const struct place_in_names *place, const char *team)
{
    struct binding values[MOST_NAMES + 5] = {{"env", place->environment->name}, {"team", team}, {"app", "*"}};
    size_t count = 3;
    values[count++] = (struct binding){"cluster", place->cluster ? place->cluster : ""};
    for (size_t i = 0; i < segments->count; i++)
        values[count++] = (struct binding){segments->names[i], "*"};
    values[count] = (struct binding){NULL, NULL};
    return expand_text(arena, policy->spec.application.name, values);
}

static bool report_ambiguity(const struct policy *policy, const struct place_in_names *one,
                             const struct place_in_names *other, struct error *error)
{
    origin at = field_origin(policy->spec.application.node, "name");
    if (!at)
        at = other->environment->node->origin;
    if (one->environment == other->environment)
        return error_at(error, at,
                        "spec.application.name '%s': environment '%s' has several destinations, so the name needs "
                        "{cluster}, and no two of them that could be confused",
                        policy->spec.application.name, one->environment->name);
    return error_at(
        error, at,
        "spec.application.name '%s' is ambiguous: an app in '%s' and another one in '%s' could get the same "
        "name ('%s' and '%s'); rename an environment, or separate with a '.'",
        policy->spec.application.name, one->environment->name, other->environment->name, one->pattern, other->pattern);
}

/* {team} beside {app}: 'a' with app 'b-c' against 'a-b' with app 'c'. */
static bool check_teams_apart(struct arena *arena, const struct policy *policy, const struct placeholders *segments,
                              const struct place_in_names *place, struct error *error)
{
    size_t count = policy->spec.teams.count;
    const struct team *teams = policy_teams(policy);
    const char **patterns = ARENA_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        patterns[i] = name_pattern(arena, policy, segments, place, teams[i].name);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (globs_overlap(patterns[j], patterns[i]))
                return error_at(error, field_origin(policy->spec.application.node, "name"),
                                "spec.application.name '%s' is ambiguous: apps of team '%s' and of team '%s' could get "
                                "the same name; separate with a '.'",
                                policy->spec.application.name, teams[j].name, teams[i].name);
    return true;
}

static bool check_ambiguity(struct arena *arena, const struct policy *policy, const struct placeholders *segments,
                            struct error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->spec.environments.count; i++)
        count += policy_environments(policy)[i].destinations.count;
    struct place_in_names *places = ARENA_ARRAY(arena, count, struct place_in_names);
    count = 0;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        for (size_t j = 0; j < environment->destinations.count; j++) {
            struct place_in_names *place = &places[count++];
            *place = (struct place_in_names){environment, environment_destinations(environment)[j].cluster, NULL};
            place->pattern = name_pattern(arena, policy, segments, place, "*");
        }
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (globs_overlap(places[j].pattern, places[i].pattern))
                return report_ambiguity(policy, &places[j], &places[i], error);
    for (size_t i = 0; i < count && has_placeholder(policy->spec.application.name, "team"); i++)
        if (!check_teams_apart(arena, policy, segments, &places[i], error))
            return false;
    return true;
}

/* A {cluster} that is a part of names must be one. */
static bool check_clusters(const struct policy *policy, struct error *error)
{
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        for (size_t j = 0; j < environment->destinations.count; j++) {
            const struct destination *destination = &environment_destinations(environment)[j];
            bool used = has_placeholder(policy->spec.application.name, "cluster") ||
                        has_placeholder(destination->namespace, "cluster");
            if (used && (!destination->cluster || !is_label(destination->cluster)))
                return error_at(error, destination->node->origin,
                                "{cluster} is a part of names: give this destination a cluster: of lower-case letters, "
                                "digits and '-'");
        }
    }
    return true;
}

static bool check_application_name(struct arena *arena, const struct policy *policy, struct error *error)
{
    const char *template = policy->spec.application.name;
    origin at = field_origin(policy->spec.application.node, "name");
    struct placeholders segments = segment_names(policy), known = segments;
    static const char *const fixed[] = {"app", "env", "team", "cluster"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        add_name(&known, fixed[i]);
    if (!check_template_text(template, at, known.names, true, error))
        return false;
    if (!has_placeholder(template, "app"))
        return error_at(error, at, "spec.application.name '%s' needs {app}", template);
    return check_segments(policy, &segments, error) && check_separation(template, at, error) &&
           check_clusters(policy, error) && check_ambiguity(arena, policy, &segments, error);
}

/* `other` tells what already has a name, or is NULL. */
static bool check_made_name(const char *name, const char *template, origin at, const char *other, struct error *error)
{
    if (!is_subdomain(name))
        return error_at(error, at,
                        "'%s' makes the name '%s': a name is lower-case letters, digits, '-' and '.', at most "
                        "%d characters",
                        template, name, NAME_LONGEST);
    return !other || error_at(error, at, "'%s' makes the name '%s', which is %s", template, name, other);
}

static bool check_projects(struct arena *arena, const struct policy *policy, struct error *error)
{
    static const char *const names[] = {"team", "env", NULL};
    const struct policy_spec *spec = &policy->spec;
    struct map *taken = map_new(arena);
    origin at = field_origin(spec->projects.node, "name");
    if (!check_template_text(spec->projects.name, at, names, true, error))
        return false;
    for (size_t i = 0; i < spec->teams.count; i++)
        for (size_t j = 0; j < spec->environments.count; j++) {
            const struct team *team = &policy_teams(policy)[i];
            const struct environment *environment = &policy_environments(policy)[j];
            const char *name = project_name(arena, policy, team, environment);
            void **slot = map_slot(taken, name, strlen(name));
            const char *other = *slot                                     ? "the project of another team or environment"
                                : strcmp(name, "default") == 0            ? "Argo CD's own project"
                                : strcmp(name, policy->root_project) == 0 ? "the project of the roots"
                                                                          : NULL;
            *slot = (void *)team;
            if (!check_made_name(name, spec->projects.name, at ? at : team->node->origin, other, error))
                return false;
        }
    return true;
}

static bool check_roots(struct arena *arena, const struct policy *policy, struct error *error)
{
    static const char *const names[] = {"env", NULL};
    const struct naming *roots = &policy->spec.roots;
    struct map *taken = map_new(arena);
    origin at = field_origin(roots->node, "name");
    if (!check_template_text(roots->name, at, names, true, error))
        return false;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        const char *name = environment_root_name(arena, policy, environment);
        void **slot = map_slot(taken, name, strlen(name));
        const char *other = *slot                                  ? "the root of another environment"
                            : strcmp(name, policy->root_name) == 0 ? "the root Application itself"
                                                                   : NULL;
        *slot = (void *)environment;
        if (!check_made_name(name, roots->name, at ? at : environment->node->origin, other, error))
            return false;
    }
    return true;
}

bool policy_check_names(struct arena *arena, const struct policy *policy, struct error *error)
{
    return check_application_name(arena, policy, error) && check_projects(arena, policy, error) &&
           check_roots(arena, policy, error);
}
