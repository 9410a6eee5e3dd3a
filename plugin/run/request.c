/* request.c: reads the environment that Argo CD gives to a plugin. */
#define _GNU_SOURCE /* environ */
#include "plugin/run/request.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/process.h"
#include "base/utf8.h"
#include "generator/make.h"
#include "plugin/run/parameters.h"

static const char unpacked_parent[] = "/_cmp_server/"; /* argo-cd cmpserver/plugin/plugin.go */

/* Outside of Argo CD's own namespace, names come as namespace_name. */
static const char *bare_name(const char *name)
{
    const char *end = name ? strrchr(name, '_') : NULL;
    return end ? end + 1 : name;
}

/* What Argo CD says gets into names, labels and messages. */
static bool check_variables(struct error *error)
{
    for (char *const *at = environ; *at; at++)
        if ((strncmp(*at, "ARGOCD_", 7) == 0 || strncmp(*at, "KUBE_", 5) == 0) && !utf8_is_valid(*at, strlen(*at)))
            return error_set(error, "the environment variable %.*s is not UTF-8", (int)strcspn(*at, "="), *at);
    return true;
}

bool request_read(struct arena *arena, struct request *out, struct error *error)
{
    if (!check_variables(error))
        return false;
    *out = (struct request){
        .app_name = bare_name(environment_value("ARGOCD_APP_NAME")),
        .namespace = environment_value("ARGOCD_APP_NAMESPACE"),
        .project = environment_value("ARGOCD_APP_PROJECT_NAME"),
        .repo_url = environment_value("ARGOCD_APP_SOURCE_REPO_URL"),
        .source_path = environment_value("ARGOCD_APP_SOURCE_PATH"),
        .revision = environment_value("ARGOCD_APP_REVISION"),
        .target_revision = environment_value("ARGOCD_APP_SOURCE_TARGET_REVISION"),
        .kube_version = environment_value("KUBE_VERSION"),
        .kube_api_versions = environment_value("KUBE_API_VERSIONS"),
        .engine_version = environment_value("ARGOCD_ENV_" VERSION_VARIABLE),
    };
    const char *parameters = environment_value(PARAMETERS_VARIABLE);
    return !parameters || parameters_read(arena, parameters, out, error);
}

/* The directory that Argo CD unpacks a request in; NULL where there is none above. */
static const char *unpacked_root(struct arena *arena, const char *directory)
{
    const char *found = NULL;
    for (const char *at = directory; (at = strstr(at, unpacked_parent)); at++)
        found = at;
    if (!found)
        return NULL;
    const char *name = found + sizeof unpacked_parent - 1;
    size_t size = strcspn(name, "/");
    return size ? arena_copy(arena, directory, (size_t)(name - directory) + size) : NULL;
}

/* The directory without a path at its end; NULL where it does not end so. */
static const char *without_end(struct arena *arena, const char *directory, const char *path)
{
    size_t size = strlen(directory), end = strlen(path);
    if (strcmp(path, ".") == 0)
        return directory;
    if (end >= size || strcmp(directory + size - end, path) != 0 || directory[size - end - 1] != '/')
        return NULL;
    return size - end == 1 ? "/" : arena_copy(arena, directory, size - end - 1);
}

const char *request_root(struct arena *arena, const char *directory, const char *source_path)
{
    const char *path = path_clean(arena, source_path);
    if (path_is_absolute(path) || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0)
        return NULL;
    const char *unpacked = unpacked_root(arena, directory);
    const char *root = without_end(arena, directory, path);
    if (root && (!unpacked || path_is_within(root, unpacked)))
        return root;
    return unpacked;
}

const char *request_part(struct arena *arena, const char *root, const char *directory, const char *source_path)
{
    const char *path = path_clean(arena, source_path);
    const char *part = without_end(arena, path, path_relative(arena, root, directory));
    bool whole = access(path_join(arena, root, path), F_OK) == 0; /* and the way there has a symbolic link */
    return part && strcmp(part, ".") != 0 && !whole ? part : NULL;
}

void request_explain(struct arena *arena, const struct repository *repository, struct error *error)
{
    if (repository->part && error->kind == ERROR_NOT_SENT)
        error_append(error, arena_format(arena,
                                         "; Argo CD has sent '%s' only, and sends the rest as soon as the root "
                                         "Application is synced at this commit",
                                         repository->part));
}

bool request_repository(struct arena *arena, const struct request *request, struct repository *out, struct error *error)
{
    if (!request->source_path)
        return repository_find(arena, ".", WITHOUT_GIT_HERE, out, error);
    *out = (struct repository){0};
    const char *directory = working_directory(arena, error);
    if (!directory)
        return false;
    const char *root = request_root(arena, directory, request->source_path);
    if (!root)
        return error_set(error, "the working directory does not end with ARGOCD_APP_SOURCE_PATH '%s'",
                         request->source_path);
    const char *part = request_part(arena, root, directory, request->source_path);
    return repository_open_part(arena, root, part, directory, out, error);
}
