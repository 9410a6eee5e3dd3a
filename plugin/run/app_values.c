/* app_values.c: finds what a new app is called by others: its image, its namespace, its repository. */
#include "plugin/run/app_values.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "generator/name.h"
#include "plugin/run/git_remote.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"

enum { LONGEST_ANSWER = 512 };

static bool is_image_name(const char *image)
{
    const char *slash = strrchr(image, '/'), *last = slash ? slash + 1 : image;
    for (const char *at = image; *at; at++)
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && !strchr("./_-:", *at))
            return false;
    return *last && *image != '/' && !strchr(last, ':');
}

/* What stands before the app's name in an image that is called like the app: "docker.io/acme/". NULL: it is not. */
static const char *registry_of(struct arena *arena, const char *image, const char *app)
{
    const char *name = image;
    for (const char *at = image; *at && *at != '\n' && *at != '@'; at++)
        if (*at == '/')
            name = at + 1;
    size_t size = strlen(app);
    bool same = strncmp(name, app, size) == 0 && (!name[size] || strchr(":@\n", name[size]));
    return same && name > image ? arena_copy(arena, image, (size_t)(name - image)) : NULL;
}

/* NULL where two apps have different ones, or none has any. */
static const char *common_registry(struct arena *arena, const struct render_set *set)
{
    const char *common = NULL;
    for (size_t i = 0; i < set->target_count; i++) {
        const struct render_job *job = render_set_job(set, &set->targets[i]);
        const char *image = job ? text_content(&job->images) : "";
        for (; *image; image += strcspn(image, "\n"), image += *image == '\n') {
            const char *registry = registry_of(arena, image, set->targets[i].app);
            if (registry && common && strcmp(registry, common) != 0)
                return NULL;
            common = registry ? registry : common;
        }
    }
    return common;
}

static const char *image_of_registry(struct arena *arena, const struct repository *repository, const char *root,
                                     const char *app)
{
    struct repository own;
    struct render_set set = {0};
    struct error ignored = {0};
    const char *image = NULL;
    if (repository_open(arena, repository->root, repository->root, &own, &ignored)) {
        bool good = render_set_open(&set, arena, &own, path_join(arena, own.root, root), &ignored);
        render_set_add_targets(&set, NULL, 0);
        const char *registry = good && render_set_run(&set, 0, &ignored) ? common_registry(arena, &set) : NULL;
        image = registry ? arena_format(arena, "%s%s", registry, app) : NULL;
        render_set_close(&set);
        repository_close(&own);
    }
    error_free(&ignored);
    return image;
}

static const char *ask_image(struct arena *arena, const char *app)
{
    struct text question = {0};
    char line[LONGEST_ANSWER];
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return NULL;
    text_format(&question, "Name of its image, without a tag (as docker.io/acme/%s): ", app);
    output_note(&question);
    text_free(&question);
    ssize_t size = read(STDIN_FILENO, line, sizeof line - 1);
    line[size > 0 ? size : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return *line ? arena_string(arena, line) : NULL;
}

static bool find_image(struct arena *arena, const struct repository *repository, const char *root,
                       struct template_values *values, struct error *error)
{
    if (!values->image)
        values->image = image_of_registry(arena, repository, root, values->app);
    if (!values->image)
        values->image = ask_image(arena, values->app);
    if (!values->image)
        return error_set(error, "the other apps have no registry in common: name the image with --image");
    return is_image_name(values->image) ||
           error_set(error, "'%s' is no name of an image: lower-case, and without a tag or a digest", values->image);
}

static bool find_repository(struct arena *arena, const struct repository *repository, const struct app_place *place,
                            struct template_values *values, struct error *error)
{
    const char *given = values->repository;
    if (given) {
        const char *name = repository_name(arena, arena_format(arena, "git:%s", given));
        return (name && strcmp(name, given) == 0) || error_set(error, "'%s' is no OWNER/NAME of a repository", given);
    }
    const char *remote = git_origin(arena, repository->root);
    if (remote)
        values->repository = repository_name(arena, remote);
    if (!values->repository)
        values->repository = repository_name(arena, place->policy->repo_url);
    return values->repository ||
           error_set(error, "neither git's origin nor the policy's repoURL has the name of a repository: give it with "
                            "--repo OWNER/NAME");
}

static bool find_namespace(struct arena *arena, const struct app_place *place, struct template_values *values,
                           struct error *error)
{
    if (!values->namespace)
        values->namespace = app_place_namespace(arena, place, values->app);
    if (!values->namespace)
        values->namespace = values->app;
    return is_label(values->namespace) || error_set(error, "'%s' is no name of a namespace", values->namespace);
}

bool app_values_find(struct arena *arena, const struct repository *repository, const char *root,
                     const struct app_place *place, struct template_values *values, struct error *error)
{
    return find_namespace(arena, place, values, error) && find_repository(arena, repository, place, values, error) &&
           find_image(arena, repository, root, values, error);
}
