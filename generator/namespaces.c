/* namespaces.c: the clusters and namespaces that a policy gives to a team's apps. */
#include <string.h>

#include "generator/glob.h"
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

const char *namespace_pattern(struct arena *arena, const struct environment *environment,
                              const struct destination *destination, const char *team, const char *app)
{
    const struct binding values[] = {{"app", app},
                                     {"env", environment->name},
                                     {"team", team},
                                     {"cluster", destination->cluster ? destination->cluster : ""},
                                     {NULL, NULL}};
    char *pattern = expand_text(arena, destination->namespace, values), *out = pattern;
    for (const char *in = pattern; *in; in++) {
        if (*in == '{')
            in += strcspn(in, "}");
        *out++ = *in == '}' ? '*' : *in;
    }
    *out = '\0';
    return pattern;
}

static void add_once(struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return;
    list->names[list->count++] = name;
}

struct name_list namespace_patterns(struct arena *arena, const struct team *team, const struct environment *environment,
                                    const struct destination *destination)
{
    const char *const *apps = team->apps.items;
    struct name_list list = {.names = ARENA_ARRAY(arena, team->apps.count, const char *)};
    for (size_t i = 0; i < team->apps.count; i++)
        add_once(&list, namespace_pattern(arena, environment, destination, team->name, apps[i]));
    return list;
}

static bool overlaps_any(const struct name_list *list, const char *pattern)
{
    for (size_t i = 0; i < list->count; i++)
        if (globs_overlap(list->names[i], pattern))
            return true;
    return false;
}

static size_t count_patterns(const struct policy *policy, const struct environment *environment)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->spec.teams.count; i++)
        count += policy_teams(policy)[i].apps.count;
    return count * environment->destinations.count + policy->spec.reserved_namespaces.count + 1;
}

struct name_list namespace_denials(struct arena *arena, const struct policy *policy, const struct team *team,
                                   const struct environment *environment)
{
    const struct destination *destinations = environment_destinations(environment);
    const struct list *reserved = &policy->spec.reserved_namespaces;
    struct name_list out = {.names = ARENA_ARRAY(arena, count_patterns(policy, environment), const char *)};
    for (size_t i = 0; i < environment->destinations.count; i++) {
        struct name_list own = namespace_patterns(arena, team, environment, &destinations[i]);
        for (const struct team *before = policy_teams(policy); before < team; before++) {
            struct name_list theirs = namespace_patterns(arena, before, environment, &destinations[i]);
            for (size_t j = 0; j < theirs.count; j++)
                if (overlaps_any(&own, theirs.names[j]))
                    add_once(&out, theirs.names[j]);
        }
        for (size_t j = 0; j < reserved->count; j++)
            if (overlaps_any(&own, ((const char *const *)reserved->items)[j]))
                add_once(&out, ((const char *const *)reserved->items)[j]);
        if (overlaps_any(&own, policy->argocd_namespace))
            add_once(&out, policy->argocd_namespace);
    }
    return out;
}

bool is_reserved_namespace(const struct policy *policy, const char *namespace)
{
    const char *const *reserved = policy->spec.reserved_namespaces.items;
    for (size_t i = 0; i < policy->spec.reserved_namespaces.count; i++)
        if (glob_matches(reserved[i], namespace, 0))
            return true;
    return strcmp(namespace, policy->argocd_namespace) == 0;
}
