/* app_place.c: finds where the policy looks for apps. */
#include "plugin/run/app_place.h"

#include <string.h>

#include "base/path.h"
#include "generator/name.h"
#include "generator/template.h"

static const char template_overlays[] = "k8s/overlays", template_manifests[] = "k8s";

static const char *join_literals(struct arena *arena, const struct path_pattern *pattern, size_t from, size_t to)
{
    const char *path = ".";
    for (size_t i = from; i < to; i++) {
        if (pattern->segments[i].kind != SEGMENT_LITERAL)
            return NULL;
        path = path_join(arena, path, pattern->segments[i].text);
    }
    return path;
}

/* literals/{app}/literals/{env}, with a directory between the two that the base lies beside. */
static bool fits_rule(struct arena *arena, const struct discover_rule *rule, struct app_place *out)
{
    int app = pattern_find(&rule->pattern, "app"), env = pattern_find(&rule->pattern, "env");
    if (rule->exclude || app < 0 || env != (int)rule->pattern.count - 1 || env < app + 2)
        return false;
    out->above = join_literals(arena, &rule->pattern, 0, (size_t)app);
    out->overlays = join_literals(arena, &rule->pattern, (size_t)app + 1, (size_t)env);
    return out->above && out->overlays;
}

bool app_place_find(struct arena *arena, const struct policy *policy, struct app_place *out, struct error *error)
{
    *out = (struct app_place){.policy = policy};
    for (size_t i = 0; i < policy->spec.discover.count; i++)
        if (fits_rule(arena, &policy_rules(policy)[i], out))
            return true;
    return error_at(error, field_origin(policy->spec.node, "discover"),
                    "no path gives an app a directory of its own with its overlays in it, as "
                    "'apps/{app}/k8s/overlays/{env}' does: there is no place for a template");
}

const char *app_place_path(struct arena *arena, const struct app_place *place, const char *path,
                           const char **environment)
{
    if (!path_is_within(path, template_manifests))
        return path;
    if (!path_is_within(path, template_overlays)) {
        const char *beside = path_directory(arena, place->overlays);
        return path_join(arena, beside, path + strlen(template_manifests) + 1);
    }
    const char *below = path + strlen(template_overlays) + 1;
    const char *name = arena_copy(arena, below, strcspn(below, "/"));
    bool known = policy_environment(place->policy, name) != NULL;
    if (!known)
        *environment = name;
    return known ? path_join(arena, place->overlays, below) : NULL;
}

/* The longer of two texts that stand around an app's name. */
static void take_longer(const char **longest, const char *text)
{
    if (!*longest || strlen(text) > strlen(*longest))
        *longest = text;
}

size_t app_place_longest_name(struct arena *arena, const struct app_place *place, const char **suffix)
{
    const struct policy *policy = place->policy;
    *suffix = NULL;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const struct environment *environment = &policy_environments(policy)[i];
        for (size_t j = 0; j < environment->destinations.count; j++) {
            const struct destination *destination = &environment_destinations(environment)[j];
            const struct binding values[] = {{"app", ""},
                                             {"env", environment->name},
                                             {"team", ""},
                                             {"cluster", destination->cluster ? destination->cluster : ""},
                                             {NULL, NULL}};
            take_longer(suffix, expand_text(arena, policy->spec.application.name, values));
            take_longer(suffix, expand_text(arena, destination->namespace, values));
        }
    }
    size_t size = *suffix ? strlen(*suffix) : 0;
    return size < NAME_LONGEST ? NAME_LONGEST - size : 0;
}

const char *app_place_namespace(struct arena *arena, const struct app_place *place, const char *app)
{
    const struct policy *policy = place->policy;
    const struct team *team = policy_team(policy, app, NULL);
    const struct environment *first = policy_environments(policy);
    const char *namespace = namespace_pattern(arena, first, environment_destinations(first),
                                              environment_destinations(first)->namespace, team ? team->name : "", app);
    size_t size = strlen(namespace), end = strlen(first->name) + 1;
    bool ends = size > end && namespace[size - end] == '-' && strcmp(namespace + size - end + 1, first->name) == 0;
    return ends && is_label(namespace) ? arena_copy(arena, namespace, size - end) : NULL;
}
