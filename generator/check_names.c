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

static const char *name_template(const struct policy *policy, const struct discover_rule *rule)
{
    return rule->name ? rule->name : policy->spec.application.name;
}

static bool refuse_segment(const struct discover_rule *rule, const char *name, bool here, struct error *error)
{
    const char *whose = rule->name ? "this entry's name" : "spec.application.name";
    origin at = field_origin(rule->node, rule->name ? "name" : "path");
    if (here)
        return error_at(error, at,
                        "%s does not use {%s}, so that two paths could give the same name: use it there, or write * %s",
                        whose, name, rule->name ? "in the path" : "here");
    return error_at(error, at, "this path has no {%s}, which %s uses", name, whose);
}

/* Every named segment tells targets apart, so the name has to use it; and a name can only use what every path has. */
static bool check_segments(const struct policy *policy, const struct placeholders *segments, struct error *error)
{
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        for (size_t j = 0; !rule->exclude && j < segments->count; j++) {
            const char *name = segments->names[j];
            if (strcmp(name, "app") == 0 || !is_free(name))
                continue;
            bool here = pattern_find(&rule->pattern, name) >= 0;
            bool used = has_placeholder(name_template(policy, rule), name);
            if ((here && !used && !policy->reports_collisions) || (!here && used))
                return refuse_segment(rule, name, here, error);
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

/* Of an entry with a name of its own; without an entry, of all others. */
struct place_in_names {
    const struct discover_rule *rule;
    const struct environment *environment;
    const char *cluster;
    const char *template;
    const char *pattern; /* all names that Applications there can have */
};

static char *name_pattern(struct arena *arena, const struct placeholders *segments, const struct place_in_names *place,
                          const char *team)
{
    const char *app = place->rule && place->rule->app ? place->rule->app : "*";
    struct binding values[MOST_NAMES + 5] = {{"env", place->environment->name}, {"team", team}, {"app", app}};
    size_t count = 3;
    values[count++] = (struct binding){"cluster", place->cluster ? place->cluster : ""};
    for (size_t i = 0; i < segments->count; i++)
        values[count++] = (struct binding){segments->names[i], "*"};
    values[count] = (struct binding){NULL, NULL};
    return expand_text(arena, place->template, values);
}

static origin name_origin(const struct policy *policy, const struct place_in_names *place)
{
    origin at = field_origin(place->rule ? place->rule->node : policy->spec.application.node, "name");
    return at ? at : place->environment->node->origin;
}

static const char *name_field(const struct place_in_names *place)
{
    return place->rule ? "an entry's name" : "spec.application.name";
}

static bool report_ambiguity(const struct policy *policy, const struct place_in_names *one,
                             const struct place_in_names *other, struct error *error)
{
    const struct place_in_names *shown = one->rule ? one : other;
    origin at = name_origin(policy, shown);
    if (one->rule == other->rule && one->environment == other->environment)
        return error_at(error, at,
                        "%s '%s': environment '%s' has several destinations, so the name needs "
                        "{cluster}, and no two of them that could be confused",
                        name_field(shown), shown->template, one->environment->name);
    if (one->rule == other->rule)
        return error_at(error, at,
                        "%s '%s' is ambiguous: an app in '%s' and another one in '%s' could get the same "
                        "name ('%s' and '%s'); rename an environment, or separate with a '.'",
                        name_field(shown), shown->template, one->environment->name, other->environment->name,
                        one->pattern, other->pattern);
    return error_at(error, at,
                    "'%s' in '%s' and '%s' in '%s' could give the same name ('%s' and '%s'); change one, or let "
                    "application.collisions: report tell only of those that are there",
                    one->template, one->environment->name, other->template, other->environment->name, one->pattern,
                    other->pattern);
}

/* {team} beside {app}: 'a' with app 'b-c' against 'a-b' with app 'c'. */
static bool check_teams_apart(struct arena *arena, const struct policy *policy, const struct placeholders *segments,
                              const struct place_in_names *place, struct error *error)
{
    size_t count = policy->spec.teams.count;
    const struct team *teams = policy_teams(policy);
    const char **patterns = ARENA_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        patterns[i] = name_pattern(arena, segments, place, teams[i].name);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (globs_overlap(patterns[j], patterns[i]))
                return error_at(error, name_origin(policy, place),
                                "%s '%s' is ambiguous: apps of team '%s' and of team '%s' could get "
                                "the same name; separate with a '.'",
                                name_field(place), place->template, teams[j].name, teams[i].name);
    return true;
}

struct places {
    struct place_in_names *items;
    size_t count, room;
};

/* Where Applications of an entry can be; `rule` is NULL for the entries without a name of their own. */
static void add_places(struct arena *arena, const struct policy *policy, const struct placeholders *segments,
                       const struct discover_rule *rule, struct places *out)
{
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        for (size_t j = 0; j < environment->destinations.count && (!rule || rule_finds(rule, environment)); j++) {
            out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
            struct place_in_names *place = &out->items[out->count++];
            *place = (struct place_in_names){.rule = rule,
                                             .environment = environment,
                                             .cluster = environment_destinations(environment)[j].cluster,
                                             .template = rule ? rule->name : policy->spec.application.name};
            place->pattern = name_pattern(arena, segments, place, "*");
        }
    }
}

static struct places find_places(struct arena *arena, const struct policy *policy, const struct placeholders *segments)
{
    struct places places = {0};
    bool common = false;
    for (size_t i = 0; i < policy->spec.discover.count; i++)
        common = common || (!policy_rules(policy)[i].exclude && !policy_rules(policy)[i].name);
    if (common)
        add_places(arena, policy, segments, NULL, &places);
    for (size_t i = 0; i < policy->spec.discover.count; i++)
        if (policy_rules(policy)[i].name)
            add_places(arena, policy, segments, &policy_rules(policy)[i], &places);
    return places;
}

/* Entries of one template are told apart by their order: the first has an app's name in an environment. */
static bool same_names(const struct place_in_names *one, const struct place_in_names *other)
{
    const char *left = one->cluster ? one->cluster : "", *right = other->cluster ? other->cluster : "";
    return one->rule != other->rule && one->environment == other->environment && strcmp(left, right) == 0 &&
           strcmp(one->template, other->template) == 0;
}

/* No value has a '.', so names with more of them are other names. */
static bool names_overlap(const char *left, const char *right)
{
    size_t dots = 0, others = 0;
    for (const char *at = left; *at; at++)
        dots += *at == '.';
    for (const char *at = right; *at; at++)
        others += *at == '.';
    return dots == others && globs_overlap(left, right);
}

static bool check_ambiguity(struct arena *arena, const struct policy *policy, const struct placeholders *segments,
                            struct error *error)
{
    struct places places = find_places(arena, policy, segments);
    for (size_t i = 0; i < places.count; i++)
        for (size_t j = 0; j < i; j++)
            if (names_overlap(places.items[j].pattern, places.items[i].pattern) &&
                !same_names(&places.items[j], &places.items[i]))
                return report_ambiguity(policy, &places.items[j], &places.items[i], error);
    for (size_t i = 0; i < places.count; i++)
        if (has_placeholder(places.items[i].template, "team") &&
            !check_teams_apart(arena, policy, segments, &places.items[i], error))
            return false;
    return true;
}

static bool uses_cluster(const struct policy *policy, const struct environment *environment,
                         const struct destination *destination)
{
    if (has_placeholder(policy->spec.application.name, "cluster") || has_placeholder(destination->namespace, "cluster"))
        return true;
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        bool here = (rule->name && has_placeholder(rule->name, "cluster")) ||
                    (rule->namespace && has_placeholder(rule->namespace, "cluster"));
        if (here && rule_finds(rule, environment))
            return true;
    }
    return false;
}

/* A {cluster} that is a part of names must be one. */
static bool check_clusters(const struct policy *policy, struct error *error)
{
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        for (size_t j = 0; j < environment->destinations.count; j++) {
            const struct destination *destination = &environment_destinations(environment)[j];
            bool used = uses_cluster(policy, environment, destination);
            if (used && (!destination->cluster || !is_label(destination->cluster)))
                return error_at(error, destination->node->origin,
                                "{cluster} is a part of names: give this destination a cluster: of lower-case letters, "
                                "digits and '-'");
        }
    }
    return true;
}

/* A name of an entry's own tells its directories apart by {app}, or has a fixed one. */
static bool check_entry_name(const struct policy *policy, const struct discover_rule *rule, struct error *error)
{
    struct placeholders known = {.names = {"app", "env", "team", "cluster"}, .count = 4};
    origin at = field_origin(rule->node, "name");
    for (size_t i = 0; i < rule->pattern.count; i++)
        if (rule->pattern.segments[i].kind == SEGMENT_NAME)
            add_name(&known, rule->pattern.segments[i].text);
    if (!check_template_text(rule->name, at, known.names, true, error))
        return false;
    if (!rule->app && !has_placeholder(rule->name, "app"))
        return error_at(error, at, "name '%s' needs {app}: the path finds more than one", rule->name);
    if (rule->shared && !node_find(rule->item, "name") && !has_placeholder(rule->name, "env"))
        return error_at(error, at, "name '%s' needs {env}: the entry is for several environments", rule->name);
    return policy->reports_collisions || check_separation(rule->name, at, error);
}

static bool check_entry_names(const struct policy *policy, struct error *error)
{
    for (size_t i = 0; i < policy->spec.discover.count; i++)
        if (policy_rules(policy)[i].name && !check_entry_name(policy, &policy_rules(policy)[i], error))
            return false;
    return true;
}

static bool check_application_name(struct arena *arena, const struct policy *policy, struct error *error)
{
    const char *template = policy->spec.application.name;
    origin at = field_origin(policy->spec.application.node, "name");
    struct placeholders segments = segment_names(policy),
                        all = {.names = {"app", "env", "team", "cluster"}, .count = 4};
    for (size_t i = 0; i < segments.count; i++)
        add_name(&all, segments.names[i]);
    if (!check_template_text(template, at, all.names, true, error))
        return false;
    if (!has_placeholder(template, "app"))
        return error_at(error, at, "spec.application.name '%s' needs {app}", template);
    if (!check_clusters(policy, error) || !check_entry_names(policy, error) ||
        !check_segments(policy, &segments, error))
        return false;
    return policy->reports_collisions ||
           (check_separation(template, at, error) && check_ambiguity(arena, policy, &segments, error));
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
            const char *other = spec->projects.existing        ? NULL
                                : *slot                        ? "the project of another team or environment"
                                : strcmp(name, "default") == 0 ? "Argo CD's own project"
                                                               : NULL;
            if (strcmp(name, policy->root_project) == 0)
                other = "the project of the roots";
            *slot = (void *)team;
            if (!check_made_name(name, spec->projects.name, at ? at : team->node->origin, other, error))
                return false;
        }
    return true;
}

/* Existing projects that entries name. */
static bool check_entry_projects(struct arena *arena, const struct policy *policy, struct error *error)
{
    static const char *const names[] = {"env", NULL};
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        origin at = field_origin(rule->node, "project");
        if (!rule->project)
            continue;
        if (!policy->spec.projects.existing)
            return error_at(error, at, "project is for projects.existing: generated projects follow from teams alone");
        if (!check_template_text(rule->project, at, names, true, error))
            return false;
        for (size_t j = 0; j < policy->spec.environments.count; j++) {
            const struct environment *environment = &policy_environments(policy)[j];
            const char *name = target_project(arena, policy, rule, NULL, environment);
            bool root = strcmp(name, policy->root_project) == 0;
            if (rule_finds(rule, environment) &&
                !check_made_name(name, rule->project, at, root ? "the project of the roots" : NULL, error))
                return false;
        }
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
           check_entry_projects(arena, policy, error) && check_roots(arena, policy, error);
}
