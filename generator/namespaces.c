/* namespaces.c: the clusters and namespaces that a policy gives to a team's apps. */
#include <string.h>

#include "generator/glob.h"
#include "generator/name.h"
#include "generator/policy.h"
#include "generator/template.h"

#define IN_CLUSTER "https://kubernetes.default.svc"

static const char *server_of(const struct destination *destination)
{
    return destination->name && strcmp(destination->name, "in-cluster") == 0 ? IN_CLUSTER : destination->server;
}

const char *server_without_slashes(struct arena *arena, const char *server)
{
    size_t size = strlen(server);
    while (size && server[size - 1] == '/')
        size--;
    return arena_copy(arena, server, size);
}

bool same_cluster(const struct destination *left, const struct destination *right)
{
    const char *one = server_of(left), *other = server_of(right);
    if (one && other)
        return strcmp(one, other) == 0;
    return left->name && right->name && strcmp(left->name, right->name) == 0;
}

/* `segments`: what named segments stand for, as far as that is known; ends with a NULL name. */
static const char *pattern_of(struct arena *arena, const struct environment *environment,
                              const struct destination *destination, const char *template, const char *team,
                              const char *app, const struct binding *segments)
{
    struct binding values[PATTERN_LONGEST + 5] = {{"app", app},
                                                  {"env", environment->name},
                                                  {"team", team},
                                                  {"cluster", destination->cluster ? destination->cluster : ""}};
    for (size_t i = 0; segments[i].name; i++)
        values[4 + i] = segments[i];
    char *pattern = expand_text(arena, template, values), *out = pattern;
    for (const char *in = pattern; *in; in++) {
        if (*in == '{')
            in += strcspn(in, "}");
        *out++ = *in == '}' ? '*' : *in;
    }
    *out = '\0';
    return pattern;
}

const char *namespace_pattern(struct arena *arena, const struct environment *environment,
                              const struct destination *destination, const char *template, const char *team,
                              const char *app)
{
    static const struct binding none = {0};
    return pattern_of(arena, environment, destination, template, team, app, &none);
}

const char *namespace_template(const struct discover_rule *rule, const struct destination *destination)
{
    return rule->namespace ? rule->namespace : destination->namespace;
}

/* All that a star stands for in the narrow pattern, one stands for in the wide one. */
static bool is_within(const char *narrow, const char *wide)
{
    return strcmp(narrow, wide) == 0 || (!strchr(wide, '?') && glob_matches(wide, narrow, 0));
}

bool is_shared_namespace(const struct policy *policy, const char *pattern)
{
    const char *const *shared = policy->spec.shared_namespaces.items;
    for (size_t i = 0; i < policy->spec.shared_namespaces.count; i++)
        if (is_within(pattern, shared[i]))
            return true;
    return strcmp(pattern, policy->argocd_namespace) == 0;
}

bool uses_destination_namespace(const struct policy *policy, const struct environment *environment)
{
    for (size_t i = 0; i < policy->spec.discover.count; i++)
        if (!policy_rules(policy)[i].namespace && rule_finds(&policy_rules(policy)[i], environment))
            return true;
    return false;
}

/* An entry whose app has a fixed name gives a namespace to the team of that app; where its path is a pattern, a team
 * that is told by directories may be that, too. */
static bool can_own(const struct policy *policy, const struct team *team, const struct discover_rule *rule)
{
    bool by_directory = !rule->fixed_path && !team->apps.count;
    return by_directory || policy_team(policy, rule->app, rule->fixed_path) == team;
}

struct patterns {
    struct arena *arena;
    const struct policy *policy;
    const struct team *team;
    const struct environment *environment;
    const struct destination *destination;
    struct name_list list;
    size_t room;
};

static void add_once(struct patterns *out, const char *name)
{
    for (size_t i = 0; i < out->list.count; i++)
        if (strcmp(out->list.names[i], name) == 0)
            return;
    out->list.names = arena_grow(out->arena, out->list.names, out->list.count, &out->room, sizeof *out->list.names);
    out->list.names[out->list.count++] = name;
}

/* What a directory of a team says of the named segments of an entry's path, as {category} where it is apps/media.
 * False: the entry finds nothing there. Behind a ** nothing is known. */
static bool bind_segments(const struct patterns *out, const struct discover_rule *rule,
                          const struct path_pattern *directory, struct binding *values)
{
    size_t count = 0;
    values[0] = (struct binding){NULL, NULL};
    for (size_t i = 0; i < directory->count; i++) {
        const struct segment *own = &directory->segments[i], *segment = &rule->pattern.segments[i];
        if (i == rule->pattern.count)
            return false;
        if (own->kind == SEGMENT_ANY_DEPTH || segment->kind == SEGMENT_ANY_DEPTH)
            return true;
        if (own->kind == SEGMENT_WILD)
            continue;
        if (!segment_matches(segment, own->text))
            return false;
        if (segment->kind != SEGMENT_NAME || strcmp(segment->text, "env") == 0)
            continue;
        const char *part = segment_part(out->arena, segment, own->text);
        values[count++] =
            (struct binding){segment->text, out->policy->spec.normalize_names ? normal_name(out->arena, part) : part};
        values[count] = (struct binding){NULL, NULL};
    }
    return true;
}

static const char *take_app(struct binding *values)
{
    for (size_t i = 0; values[i].name; i++)
        if (strcmp(values[i].name, "app") == 0)
            return values[i].value;
    return "*";
}

/* Of a team without apps of its own, any app is. */
static void add_apps(struct patterns *out, const char *template, const struct discover_rule *rule,
                     struct binding *segments)
{
    const char *const *apps = out->team->apps.items;
    bool one_app = rule->app && rule->namespace;
    const char *app = one_app ? rule->app : out->team->apps.count ? NULL : take_app(segments);
    if (app)
        add_once(out,
                 pattern_of(out->arena, out->environment, out->destination, template, out->team->name, app, segments));
    for (size_t i = 0; !app && i < out->team->apps.count; i++)
        add_once(out, pattern_of(out->arena, out->environment, out->destination, template, out->team->name, apps[i],
                                 segments));
}

static void add_patterns(struct patterns *out, const struct discover_rule *rule)
{
    const char *template = namespace_template(rule, out->destination);
    struct binding segments[PATTERN_LONGEST + 1] = {{NULL, NULL}};
    if (rule->owner && rule->owner != out->team && !out->team->paths.count)
        return;
    if (rule->app && rule->namespace && !can_own(out->policy, out->team, rule))
        return;
    if (!out->team->paths.count)
        add_apps(out, template, rule, segments);
    for (size_t i = 0; i < out->team->paths.count; i++)
        if (bind_segments(out, rule, &out->team->directories[i], segments))
            add_apps(out, template, rule, segments);
}

/* `alone`: of this entry; one without a namespace stands for all that have none. NULL: of all entries. */
static struct name_list find_patterns(struct arena *arena, const struct policy *policy, const struct team *team,
                                      const struct environment *environment, const struct destination *destination,
                                      const struct discover_rule *alone)
{
    struct patterns out = {arena, policy, team, environment, destination, {0}, 0};
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        bool wanted = !alone || alone == rule || (!alone->namespace && !rule->namespace);
        if (wanted && rule_finds(rule, environment))
            add_patterns(&out, rule);
    }
    return out.list;
}

struct name_list rule_namespaces(struct arena *arena, const struct policy *policy, const struct team *team,
                                 const struct environment *environment, const struct destination *destination,
                                 const struct discover_rule *rule)
{
    return find_patterns(arena, policy, team, environment, destination, rule);
}

struct name_list namespace_patterns(struct arena *arena, const struct policy *policy, const struct team *team,
                                    const struct environment *environment, const struct destination *destination)
{
    return find_patterns(arena, policy, team, environment, destination, NULL);
}

static bool overlaps_any(const struct name_list *list, const char *pattern)
{
    for (size_t i = 0; i < list->count; i++)
        if (globs_overlap(list->names[i], pattern))
            return true;
    return false;
}

static struct name_list unshared_names(struct arena *arena, const struct policy *policy, const struct name_list *list)
{
    struct name_list out = {.names = ARENA_ARRAY(arena, list->count + 1, const char *)};
    for (size_t i = 0; i < list->count; i++)
        if (!is_shared_namespace(policy, list->names[i]))
            out.names[out.count++] = list->names[i];
    return out;
}

struct name_list namespace_denials(struct arena *arena, const struct policy *policy, const struct team *team,
                                   const struct environment *environment)
{
    const struct destination *destinations = environment_destinations(environment);
    const struct list *reserved = &policy->spec.reserved_namespaces;
    struct name_list out = {0};
    size_t room = 0;
    for (size_t i = 0; i < environment->destinations.count; i++) {
        struct name_list own = namespace_patterns(arena, policy, team, environment, &destinations[i]);
        struct name_list alone = unshared_names(arena, policy, &own);
        for (const struct team *before = policy_teams(policy); before < team; before++) {
            struct name_list theirs = namespace_patterns(arena, policy, before, environment, &destinations[i]);
            for (size_t j = 0; j < theirs.count; j++)
                if (!is_shared_namespace(policy, theirs.names[j]) && overlaps_any(&alone, theirs.names[j]))
                    name_list_add(arena, &out, &room, theirs.names[j]);
        }
        for (size_t j = 0; j < reserved->count; j++)
            if (overlaps_any(&own, ((const char *const *)reserved->items)[j]))
                name_list_add(arena, &out, &room, ((const char *const *)reserved->items)[j]);
        if (!team->argocd_admin && overlaps_any(&own, policy->argocd_namespace))
            name_list_add(arena, &out, &room, policy->argocd_namespace);
    }
    return out;
}

bool is_reserved_namespace(const struct policy *policy, const struct team *team, const char *namespace)
{
    const char *const *reserved = policy->spec.reserved_namespaces.items;
    for (size_t i = 0; i < policy->spec.reserved_namespaces.count; i++)
        if (glob_matches(reserved[i], namespace, 0))
            return true;
    return !(team && team->argocd_admin) && strcmp(namespace, policy->argocd_namespace) == 0;
}
