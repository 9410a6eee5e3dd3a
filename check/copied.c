/* copied.c: directories of one app that hold the names of another. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/text.h"
#include "check/check.h"

static struct map *apps_of(const struct check_input *input)
{
    struct map *apps = map_new(input->arena);
    for (size_t i = 0; i < input->set->target_count; i++) {
        const struct target *found = &input->set->targets[i];
        if (found->name)
            *map_slot(apps, found->app, strlen(found->app)) = (void *)found;
    }
    return apps;
}

/* A copy holds nothing of its own name. */
static bool has_own_name(const struct check_target *target)
{
    for (size_t i = 0; i < target->object_count; i++)
        if (string_begins(target->objects[i].name, target->found->app))
            return true;
    return false;
}

static const char *const name_path[] = {"metadata", "name", NULL};

static void check_copied_target(struct check_input *input, const struct map *apps, const struct check_target *target)
{
    const char *directory = check_app_directory(input->arena, target->found);
    if (!directory || has_own_name(target))
        return;
    for (size_t i = 0; i < target->object_count; i++) {
        const struct check_object *object = &target->objects[i];
        const struct target *other = map_get(apps, object->name, strlen(object->name));
        origin at = check_origin(object->root, name_path);
        struct span place = span_at(target->origins, at);
        if (other && strcmp(other->app, target->found->app) != 0 && place.file && path_is_within(place.file, directory))
            check_report(input, target, RA102, at, object,
                         "%s '%s' has the name of the app '%s', and this directory is that of '%s': was it copied?",
                         object->kind, object->name, other->app, target->found->app);
    }
}

static void check_copied(struct check_input *input)
{
    if (!input->set)
        return;
    const struct map *apps = apps_of(input);
    for (size_t i = 0; i < input->target_count; i++)
        if (input->targets[i].found && input->targets[i].rendered)
            check_copied_target(input, apps, &input->targets[i]);
}

static const enum rule_id ids[] = {RA102, RULE_COUNT};
const struct check copied_check = {"copied", ids, check_copied};
