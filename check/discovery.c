/* discovery.c: directories that look like targets and are none, environments that an app lacks, overlays without
 * resources. */
#include <string.h>

#include "base/map.h"
#include "base/nearest.h"
#include "base/path.h"
#include "check/check.h"
#include "generator/policy.h"
#include "source/kustomization_files.h"

static const char **environment_names(const struct check_input *input)
{
    const struct policy *policy = input->set->policy;
    size_t count = policy->spec.environments.count;
    const char **names = ARENA_ARRAY(input->arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        names[i] = policy_environments(policy)[i].name;
    return names;
}

/* A file whose name is nearly that of a kustomization file; NULL: there is none. */
static const char *misnamed_file(const struct check_input *input, const char *directory)
{
    struct name_list files;
    struct error ignored = {0};
    bool listed = source_list(input->source, input->arena, directory, &files, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < files.count; i++)
        if (nearest_name(files.names[i], kustomization_file_names))
            return files.names[i];
    return NULL;
}

static void tell_misnamed(struct check_input *input, const char *path, const char *file)
{
    check_report_in(input, NULL, RA003, (struct span){path_join(input->arena, path, file), 1, 1, 0, 0}, NULL,
                    "no kustomization.yaml in '%s'; is '%s' meant to be it?", path, file);
}

static void tell_skipped(struct check_input *input, const struct target *target)
{
    struct span place = check_directory_place(input, target->path);
    check_report_in(input, NULL, RA003, place, NULL, "skipped: %s", target->problem);
}

/* It gets its Application, but not all that was asked for. What does not render is told of as that. */
static void tell_problem(struct check_input *input, const struct target *target)
{
    const char *file = source_kind(input->source, target->path) == FILE_DIRECTORY &&
                               check_directory_place(input, target->path).line == 0
                           ? misnamed_file(input, target->path)
                           : NULL;
    if (file)
        tell_misnamed(input, target->path, file);
    for (size_t i = 0; !file && i < input->target_count; i++)
        if (input->targets[i].found == target && input->targets[i].rendered)
            check_report_in(input, &input->targets[i], RA003, check_directory_place(input, target->path), NULL, "%s",
                            target->problem);
}

/* Bases lie where overlays do in some repositories. */
static const struct map *find_bases(const struct check_input *input)
{
    struct map *bases = map_new(input->arena);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].references.count; j++) {
            const char *path = input->targets[i].references.names[j];
            *map_slot(bases, path, strlen(path)) = (void *)path;
        }
    return bases;
}

static bool is_base(const struct map *bases, const char *path)
{
    return map_get(bases, path, strlen(path));
}

/* What an app has. A directory that is skipped by mistake counts for each environment: it is told of already. */
struct overlays {
    const struct target *first; /* that has an Application */
    struct map *environments;
    bool has_skipped;
};

/* Of apps that have an Application, in the order of their targets, which is by app. */
struct app_list {
    struct overlays *items;
    size_t count;
};

static struct app_list list_apps(const struct check_input *input, const struct map *bases)
{
    const struct root_set *set = input->set;
    struct app_list apps = {.items = ARENA_ARRAY(input->arena, set->target_count + 1, struct overlays)};
    struct map *by_name = map_new(input->arena);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        void **slot = target->app ? map_slot(by_name, target->app, strlen(target->app)) : NULL;
        if (!slot)
            continue;
        if (!*slot) {
            struct overlays *fresh = &apps.items[apps.count++];
            *fresh = (struct overlays){.environments = map_new(input->arena)};
            *slot = fresh;
        }
        struct overlays *app = *slot;
        app->has_skipped = app->has_skipped || (!target->name && !is_base(bases, target->path));
        if (target->name) {
            app->first = app->first ? app->first : target;
            *map_slot(app->environments, target->environment, strlen(target->environment)) = (void *)target;
        }
    }
    return apps;
}

static bool has_overlay(const struct overlays *app, const char *environment)
{
    return app->has_skipped || map_get(app->environments, environment, strlen(environment));
}

static void tell_missing(struct check_input *input, const struct app_list *list, const char *environment)
{
    size_t apps = 0, have = 0;
    for (size_t i = 0; i < list->count; i++) {
        apps += list->items[i].first != NULL;
        have += list->items[i].first && has_overlay(&list->items[i], environment);
    }
    for (size_t i = 0; 2 * have > apps && i < list->count; i++)
        if (list->items[i].first && !has_overlay(&list->items[i], environment))
            check_report_in(input, NULL, RA101, check_directory_place(input, list->items[i].first->path), NULL,
                            "'%s' has no overlay for '%s', as %zu of %zu apps have", list->items[i].first->app,
                            environment, have, apps);
}

/* What the plugin refuses, unless the Application allows it. */
static void tell_empty(struct check_input *input, const struct check_target *target)
{
    if (target->rendered && !target->object_count && target->application &&
        application_refuses_nothing(target->application))
        check_report_in(input, target, RA121, check_directory_place(input, target->directory), NULL,
                        "'%s' renders no resources, and nothing says that it may", target->name);
}

static void check_discovery(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        tell_empty(input, &input->targets[i]);
    if (!input->set || !input->whole)
        return;
    const struct map *bases = find_bases(input);
    struct app_list apps = list_apps(input, bases);
    for (size_t i = 0; i < input->set->target_count; i++)
        if (!input->set->targets[i].name && input->set->targets[i].path && !is_base(bases, input->set->targets[i].path))
            tell_skipped(input, &input->set->targets[i]);
        else if (input->set->targets[i].name && input->set->targets[i].problem)
            tell_problem(input, &input->set->targets[i]);
    for (const char **name = environment_names(input); *name; name++)
        tell_missing(input, &apps, *name);
}

static const enum rule_id ids[] = {RA003, RA101, RA121, RULE_COUNT};
const struct check discovery_check = {"discovery", ids, check_discovery};
