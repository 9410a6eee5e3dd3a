/* compare_places.c: finds an app's targets in the environments before another one. */
#include "plugin/run/compare_places.h"

#include <string.h>

#include "base/map.h"
#include "generator/policy.h"

/* HEAD is whatever the remote's branch is. */
bool compare_follows_another(const struct compare *compare, const struct compare_target *target)
{
    const char *revision = target->found ? target->found->target_revision : NULL;
    return compare->into && revision && strcmp(revision, "HEAD") != 0 && strcmp(revision, compare->into) != 0;
}

static const char *place_of(const struct compare *compare, const char *app, const char *environment)
{
    return arena_format(compare->arena, "%s/%s", app, environment);
}

/* Of several clusters' targets the first one. */
void compare_index_places(struct compare *compare)
{
    compare->by_place = map_new(compare->arena);
    for (size_t i = 0; i < compare->head->count; i++) {
        const struct compare_target *target = &compare->head->targets[i];
        if (!target->found || compare_follows_another(compare, target))
            continue;
        const char *place = place_of(compare, target->found->app, target->found->environment);
        void **slot = map_slot(compare->by_place, place, strlen(place));
        *slot = *slot ? *slot : (void *)target;
    }
}

static const struct policy *policy_of(const struct compare *compare)
{
    const struct compare_side *side = compare->head->has_root ? compare->head : compare->base;
    return side->has_root ? side->root.set.policy : NULL;
}

/* How many environments come before this one. */
static size_t environment_index(const struct policy *policy, const char *name)
{
    size_t index = 0, count = policy ? policy->spec.environments.count : 0;
    while (index < count && strcmp(policy_environments(policy)[index].name, name) != 0)
        index++;
    return index < count ? index : 0;
}

struct earlier_targets compare_earlier(const struct compare *compare, const struct compare_target *target)
{
    const struct policy *policy = policy_of(compare);
    size_t index = target->found ? environment_index(policy, target->found->environment) : 0;
    struct earlier_targets out = {.targets = ARENA_ARRAY(compare->arena, index + 1, const struct compare_target *),
                                  .environments = ARENA_ARRAY(compare->arena, index + 1, const char *)};
    while (index-- > 0) {
        const char *name = policy_environments(policy)[index].name;
        const char *place = place_of(compare, target->found->app, name);
        const struct compare_target *before = map_get(compare->by_place, place, strlen(place));
        if (!before)
            continue;
        out.targets[out.count] = before;
        out.environments[out.count++] = name;
    }
    return out;
}
