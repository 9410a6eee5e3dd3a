/* promotion.c: reads which images an environment runs. */
#include "plugin/change/promotion.h"

#include <string.h>

#include "generator/policy.h"
#include "kustomize/kustomization/image_name.h"
#include "plugin/change/overlay_images.h"
#include "plugin/run/images.h"

struct reading {
    const struct change_rendering *rendering;
    struct arena *arena;
    struct repository *repository;
    const struct promotion *promotion;
    struct changes targets; /* of the environment that is read */
    struct intents *out;
    struct text *notes;
    struct error *error;
};

/* The order of environments. */

static int find_environment(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->spec.environments.count; i++)
        if (strcmp(policy_environments(policy)[i].name, name) == 0)
            return (int)i;
    return -1;
}

static bool check_order(const struct policy *policy, const struct promotion *promotion, struct error *error)
{
    int from = find_environment(policy, promotion->from), to = find_environment(policy, promotion->to);
    if (from < 0 || to < 0)
        return error_set(error, "'%s' is no environment of the policy", from < 0 ? promotion->from : promotion->to);
    if (to == from + 1 || promotion->skips)
        return true;
    if (to <= from)
        return error_set(error, "%s does not come after %s in spec.environments; --skip does it all the same",
                         promotion->to, promotion->from);
    return error_set(error, "%s is not the next environment after %s, %s is: promote to that first, or --skip it",
                     promotion->to, promotion->from, policy_environments(policy)[from + 1].name);
}

/* Images. */

static bool is_promoted(const struct changes *changes, const char *name)
{
    for (size_t i = 0; i < changes->count; i++)
        if (strcmp(changes->items[i].edit.new_name, name) == 0)
            return true;
    return false;
}

/* Images that come from a base, a patch or a component are in both environments by the same file. */
static void note_others(struct reading *reading, const struct changes *changes, const struct change_target *target,
                        const struct container_images *images)
{
    for (size_t i = 0; i < images->count && !reading->promotion->image; i++) {
        const char *name = image_split(reading->arena, images->items[i].image).name;
        if (!is_promoted(changes, name))
            text_format(reading->notes, "%s: %s is set by no entry of %s: nothing to promote\n", target->label,
                        images->items[i].image, target->path);
    }
}

/* Setting what is set already changes nothing, and verifies that it is rendered so. */
static bool verify_target(struct reading *reading, const struct change_target *target, const struct image_wish *wishes,
                          size_t count)
{
    const struct image_intent intent = {.wishes = wishes, .count = count};
    const struct change_request request = {
        .directory = target->path, .intents = &intent, .count = 1, .overrules = true, .rendering = reading->rendering};
    struct repository same = *reading->repository;
    struct changes changes;
    struct rendered rendered = {0};
    struct container_images images = {0};
    bool good = session_build(&reading->targets.session, target->path, &rendered, reading->error) ||
                error_wrap(reading->error, "%s does not render", target->label);
    if (good)
        images_reached(reading->arena, &rendered, &images);
    good = good && changes_verify(&changes, reading->arena, &same, &request, reading->error);
    if (good)
        note_others(reading, &changes, target, &images);
    rendered_free(&rendered);
    return good;
}

static bool has_target(const struct change_targets *all, const char *app, const char *environment)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].app, app) == 0 && strcmp(all->items[i].environment, environment) == 0)
            return true;
    return false;
}

static bool read_target(struct reading *reading, const struct change_target *target)
{
    struct arena *arena = reading->arena;
    const struct promotion *promotion = reading->promotion;
    struct image_wish *wishes;
    size_t count;
    if (!overlay_images_read(arena, reading->repository->source, target->path, promotion->image, &wishes, &count,
                             reading->error))
        return false;
    if (!verify_target(reading, target, wishes, count))
        return false;
    if (!count)
        return promotion->image
                   ? error_set(reading->error, "%s: no entry of images sets '%s'", target->label, promotion->image)
                   : true;
    struct intents *out = reading->out;
    out->items = arena_grow(arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] =
        (struct image_intent){arena_format(arena, "%s/%s", target->app, promotion->to), wishes, count};
    return true;
}

static bool read_all(struct reading *reading, const struct change_targets *all)
{
    const struct promotion *promotion = reading->promotion;
    for (size_t i = 0; i < reading->targets.targets.count; i++) {
        const struct change_target *target = &reading->targets.targets.items[i];
        if (i && strcmp(target->label, target[-1].label) == 0 && strcmp(target->path, target[-1].path) == 0)
            continue;
        if (!promotion->apps && !has_target(all, target->app, promotion->to))
            continue;
        if (!read_target(reading, target))
            return false;
    }
    return true;
}

bool promotion_read(struct arena *arena, struct repository *repository, const struct promotion *promotion,
                    const struct change_request *request, struct intents *out, struct text *notes, struct error *error)
{
    struct reading reading = {.rendering = request->rendering,
                              .arena = arena,
                              .repository = repository,
                              .promotion = promotion,
                              .out = out,
                              .notes = notes,
                              .error = error};
    size_t apps = promotion->apps ? promotion->app_count : 1;
    struct image_intent *intents = ARENA_ARRAY(arena, apps, struct image_intent);
    for (size_t i = 0; i < apps; i++)
        intents[i].pattern = arena_format(arena, "%s/%s", promotion->apps ? promotion->apps[i] : "*", promotion->from);
    struct change_request wanted = {
        .root = request->root, .intents = intents, .count = apps, .rendering = request->rendering};
    struct image_intent everything = {.pattern = "*/*"};
    struct change_request whole = {
        .root = request->root, .intents = &everything, .count = 1, .rendering = request->rendering};
    struct changes all = {.arena = arena};
    bool good = changes_open(&reading.targets, arena, repository, &wanted, error) &&
                check_order(reading.targets.policy, promotion, error) &&
                (promotion->apps || changes_open(&all, arena, repository, &whole, error)) &&
                read_all(&reading, &all.targets);
    if (!promotion->apps)
        changes_close(&all);
    changes_close(&reading.targets);
    return good;
}
