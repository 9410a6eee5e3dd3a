/* reach.c: what renders read beyond their own app: directories of other teams, and of the whole repository; and
 * directories that no render reads. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/kustomization_file.h"
#include "check/workloads.h"
#include "generator/policy.h"

enum { DEEPEST = 16, MOST_DIRECTORIES = 20000 };

struct reach {
    struct check_input *input;
    struct kustomization_files files;
    struct map *apps;    /* an app's directory -> struct app */
    struct map *read;    /* what a render reads -> itself */
    struct map *targets; /* what discovery has found, and the directories above -> itself */
    size_t directories;
};

struct app {
    const char *name, *team, *directory;
    bool broken; /* one of its targets does not render: what that would read is not known */
};

static void mark_path(struct map *map, const char *path)
{
    *map_slot(map, path, strlen(path)) = (void *)path;
}

static bool is_marked(const struct map *map, const char *path)
{
    return map_get(map, path, strlen(path));
}

static void note_app(struct reach *reach, const struct check_target *target)
{
    const char *directory = check_app_directory(reach->input->arena, target->found);
    if (!directory)
        return;
    void **slot = map_slot(reach->apps, directory, strlen(directory));
    struct app *app = *slot;
    if (!app) {
        *slot = app = ARENA_NEW(reach->input->arena, struct app);
        *app = (struct app){target->found->app, target->found->team, directory, false};
    }
    app->broken = app->broken || !target->rendered;
}

/* The app in whose directory a path lies; NULL: in none. */
static const struct app *app_of(const struct reach *reach, const char *path)
{
    for (size_t size = strlen(path); size; size--)
        if (size == strlen(path) || path[size] == '/') {
            const struct app *app = map_get(reach->apps, path, size);
            if (app)
                return app;
        }
    return NULL;
}

/* Other teams. */

static void check_teams(struct reach *reach, const struct check_target *target)
{
    const struct app *last = NULL, *own = app_of(reach, target->directory);
    for (size_t i = 0; i < target->references.count; i++) {
        const char *path = target->references.names[i];
        if (own && path_is_within(path, own->directory) && strcmp(own->name, target->found->app) == 0)
            continue;
        const struct app *app = app_of(reach, path);
        if (!app || app == last || !app->team || strcmp(app->name, target->found->app) == 0 ||
            strcmp(app->team, target->found->team) == 0)
            continue;
        last = app;
        check_report_in(reach->input, target, RA105, kustomization_entry(&reach->files, target, path), NULL,
                        "'%s' of team '%s' reads '%s', which is of team '%s'", target->found->app, target->found->team,
                        path, app->team);
    }
}

/* The whole repository. Argo CD sends what the annotation's paths have in common. */

static void check_sent(struct reach *reach, const struct check_target *target)
{
    static const char *const path[] = {"metadata", "annotations", "argocd.argoproj.io/manifest-generate-paths", NULL};
    const char *sent = node_text(node_path(target->application, path));
    const struct app *own = app_of(reach, target->directory);
    if (!sent || !strstr(sent, ".whole-repository") || !own)
        return;
    for (size_t i = 0; i < target->references.count; i++)
        if (!path_is_within(target->references.names[i], own->directory)) {
            check_report_in(reach->input, target, RA119,
                            kustomization_entry(&reach->files, target, target->references.names[i]), NULL,
                            "Argo CD sends the whole repository for each render of '%s', because it reads '%s'",
                            own->name, target->references.names[i]);
            return;
        }
    check_report_in(reach->input, target, RA119, check_directory_place(reach->input, target->directory), NULL,
                    "Argo CD sends the whole repository for each render of '%s', because of a symbolic link in '%s'",
                    own->name, own->directory);
}

/* Directories that nothing reads. */

static bool is_passed_over(const char *name)
{
    static const char *const prefixes[] = {".", "_", "test", "example", "node_modules", "build", "vendor"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static void look_below(struct reach *reach, const char *directory, unsigned depth)
{
    struct check_input *input = reach->input;
    struct listing names;
    struct error ignored = {0};
    bool listed = depth < DEEPEST && reach->directories++ < MOST_DIRECTORIES &&
                  source_survey(input->source, input->arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < names.count; i++) {
        if (names.items[i].kind != FILE_DIRECTORY || is_passed_over(names.items[i].name))
            continue;
        const char *path = path_join(input->arena, directory, names.items[i].name);
        struct span place = check_directory_place(input, path);
        bool beside_targets = is_marked(reach->targets, directory);
        if (place.line && !beside_targets && !is_marked(reach->read, path))
            check_report_in(input, NULL, RA110, place, NULL, "no target reads '%s'", path);
        look_below(reach, path, depth + 1);
    }
}

/* Where apps keep what they share: beside something that one of them reads. */
static void look_at_shared(struct reach *reach, struct map *seen, const char *path)
{
    const char *above = path_directory(reach->input->arena, path);
    if (app_of(reach, path) || strcmp(above, ".") == 0 || is_marked(seen, above) || is_marked(reach->targets, above) ||
        !check_directory_place(reach->input, path).line)
        return;
    mark_path(seen, above);
    look_below(reach, above, 0);
}

static void look_beside(struct reach *reach, struct map *seen, const struct check_target *target)
{
    const struct app *own = app_of(reach, target->directory);
    for (size_t i = 0; i < target->references.count; i++)
        if (!own || !path_is_within(target->references.names[i], own->directory))
            look_at_shared(reach, seen, target->references.names[i]);
}

static void find_unreached(struct reach *reach)
{
    struct check_input *input = reach->input;
    struct map *seen = map_new(input->arena);
    bool all = true;
    for (size_t i = 0; i < input->target_count; i++) {
        const struct app *app = app_of(reach, input->targets[i].directory);
        all = all && input->targets[i].rendered;
        if (!app || app->broken || is_marked(seen, app->directory))
            continue;
        mark_path(seen, app->directory);
        look_below(reach, app->directory, 0);
    }
    for (size_t i = 0; all && i < input->target_count; i++)
        look_beside(reach, seen, &input->targets[i]);
}

static void note_target(struct reach *reach, const char *path)
{
    mark_path(reach->targets, path);
    mark_path(reach->read, path);
    mark_path(reach->targets, path_directory(reach->input->arena, path));
}

static void check_reach(struct check_input *input)
{
    if (!input->set)
        return;
    struct reach reach = {
        input, kustomization_files_open(input), map_new(input->arena), map_new(input->arena), map_new(input->arena), 0};
    for (size_t i = 0; i < input->set->target_count; i++)
        if (input->set->targets[i].path)
            note_target(&reach, input->set->targets[i].path);
    for (size_t i = 0; i < input->target_count; i++) {
        note_app(&reach, &input->targets[i]);
        for (size_t j = 0; j < input->targets[i].references.count; j++)
            mark_path(reach.read, input->targets[i].references.names[j]);
    }
    for (size_t i = 0; i < input->target_count; i++) {
        check_teams(&reach, &input->targets[i]);
        check_sent(&reach, &input->targets[i]);
    }
    if (input->whole)
        find_unreached(&reach);
    kustomization_files_close(&reach.files);
}

static const enum rule_id ids[] = {RA105, RA110, RA119, RULE_COUNT};
const struct check reach_check = {"reach", ids, check_reach};
