/* accumulate.c: the recursion over bases and components. */
#include "kustomize/accumulate.h"

#include <string.h>

#include "base/path.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/provenance.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/shared_base.h"
#include "kustomize/text/url.h"

enum { DEEPEST_NESTING = 100 };

static bool check_depth(const struct kust_target *target, struct error *error)
{
    size_t depth = 0;
    for (; target; target = target->parent)
        depth++;
    if (depth > DEEPEST_NESTING)
        return error_set(error, "kustomizations are nested more than %d deep", DEEPEST_NESTING);
    return true;
}

/* A directory that is an ancestor of one being built, or that one itself, would come back to it. Each visit of a
 * repository has directories of its own. */
bool check_cycle(const struct kust_target *target, const char *candidate, struct error *error)
{
    for (const struct kust_target *visited = target; visited; visited = visited->parent)
        if (visited->clone == target->clone && path_is_within(visited->directory, candidate))
            return error_set(error, "cycle detected: candidate root '%s' contains visited root '%s'", candidate,
                             visited->directory);
    return check_depth(target, error);
}

/* Source: api/internal/loader/fileloader.go errIfRepoCycle */
static bool check_repository_cycle(const struct kust_target *target, const struct repository_url *url,
                                   struct error *error)
{
    for (const struct kust_target *visited = target; visited; visited = visited->parent)
        if (visited->clone && strncmp(visited->clone->url.raw, url->raw, strlen(url->raw)) == 0)
            return error_set(error, "cycle detected: URI '%s' referenced by previous URI '%s'", url->raw,
                             visited->clone->url.raw);
    return check_depth(target, error);
}

static bool has_ambiguous_segment(const char *path)
{
    for (const char *segment = path; segment; segment = strchr(segment, '/') ? strchr(segment, '/') + 1 : NULL) {
        size_t size = strcspn(segment, "/");
        const char *dots = strstr(segment, "..");
        if (dots && dots < segment + size - 1 && !(size == 2 && dots == segment))
            return true;
    }
    return false;
}

/* The directory that a path names, without links; NULL where it may not be built here. */
static char *base_directory(const struct kust_target *target, const char *path, struct error *error)
{
    const struct render *render = target->render;
    if (!*path)
        error_set(error, "new root cannot be empty");
    else if (path_is_absolute(path))
        error_set(error, "new root '%s' cannot be absolute", path);
    else if (has_ambiguous_segment(path))
        error_set(error, "path \"%s\" is ambiguous: it resolves to \"%s\"; check the indentation of the list", path,
                  path_clean(render->arena, path));
    if (error->message)
        return NULL;
    char *joined = path_join(render->arena, target->directory, path);
    char *real = source_resolve(target->source, render->arena, joined, error);
    if (real && source_kind(target->source, real) != FILE_DIRECTORY)
        error_set(error, "must build at directory: '%s' is not a directory", joined);
    return error->message || !check_cycle(target, real, error) ? NULL : real;
}

/* Makes the target of a repository's URL: a visit of its own. */
static bool enter_repository(struct kust_target *target, const struct repository_url *url, struct error *error)
{
    struct render *render = target->render;
    struct clone *clone = remote_clone(render->remote, render->arena, url, error);
    if (!clone)
        return false;
    target->clone = clone;
    target->source = clone->source;
    target->directory =
        source_resolve(clone->source, render->arena, path_join(render->arena, ".", url->directory), error);
    if (target->directory && source_kind(clone->source, target->directory) != FILE_DIRECTORY)
        error_set(error, "'%s' refers to a file; expecting a directory", kust_target_name(target, "."));
    return !error->message || error_wrap(error, "'%s'", clone->name);
}

/* Makes the target of a base or component: a directory, or a repository. */
static bool enter_base(const struct kust_target *parent, const char *path, struct kust_target *out, struct error *error)
{
    struct render *render = parent->render;
    struct repository_url url;
    *out = kust_target_below(parent, render, NULL);
    out->origin = origin_below(parent, path);
    if (!repository_url_parse(render->arena, path, &url)) {
        out->directory = base_directory(parent, path, error);
        return out->directory != NULL;
    }
    if (url.forced_git)
        render_warn(render,
                    "Warning: Forcing the git protocol using the 'git::' URL prefix is not supported. Kustomize "
                    "currently strips this invalid prefix, but will stop doing so in a future release. Please "
                    "remove the 'git::' prefix from your configuration.");
    return check_repository_cycle(parent, &url, error) && enter_repository(out, &url, error);
}

/* A kustomization file is no resource. */
static bool failed_file(const struct kust_target *target, const char *path, struct error *error)
{
    if (source_kind(target->source, path_join(target->render->arena, target->directory, path)) == FILE_REGULAR &&
        engine_is_kustomization_file(path))
        error_append(error, ": it is a kustomization: list its directory instead");
    return false;
}

static bool append_file(struct kust_target *target, const char *path, origin at, struct error *error)
{
    struct resource_matches found = {0};
    if (!kust_target_read_resources(target, path, &found, error))
        return failed_file(target, path, error);
    if (!found.count)
        render_notice(target->render, RA753, at, "'%s' holds no resource: it is empty, or all of it is a comment",
                      path);
    for (size_t i = 0; i < found.count; i++) {
        if ((target->render->track_origins && !annotate_file_origin(target, found.items[i], path, error)) ||
            !resources_append(kust_target_resources(target), found.items[i], error))
            return false;
    }
    return true;
}

static bool merge_accumulator(struct kust_target *target, const struct accumulator *more, struct error *error)
{
    struct accumulator *accumulator = target->accumulator;
    struct arena *arena = target->render->arena;
    if (!resources_append_all(&accumulator->resources, &more->resources, error))
        return false;
    accumulator->config = config_merge(target->render->tree, accumulator->config, more->config, error);
    return accumulator->config && merge_vars(arena, &accumulator->vars, &more->vars, error);
}

bool accumulate_target(struct kust_target *target, struct error *error)
{
    struct accumulator *accumulator = ARENA_NEW(target->render->arena, struct accumulator);
    resources_init(&accumulator->resources, target->render->arena, target->render->origins);
    accumulator->resources.allow_twins = target->render->options->allow_twins;
    accumulator->config = ARENA_NEW(target->render->arena, struct config);
    target->accumulator = accumulator;
    return run_steps(target, error);
}

bool build_base(struct kust_target *base, struct error *error)
{
    if (!kust_target_load(base, error))
        return false;
    if (strcmp(base->kustomization->kind, "Component") == 0)
        return error_at(error, field_origin(base->kustomization->node, "kind"),
                        "expected kind != 'Component' for path '%s': list it under components",
                        kust_target_name(base, "."));
    return accumulate_target(base, error);
}

static bool append_base(struct kust_target *parent, const char *path, struct error *error)
{
    struct kust_target base;
    if (!enter_base(parent, path, &base, error))
        return false;
    struct accumulator *shared = NULL;
    if (bases_are_shared(&base) && !shared_base(parent->render->bases, &base, &shared, error))
        return false;
    if (shared)
        return merge_accumulator(parent, shared, error);
    return build_base(&base, error) && merge_accumulator(parent, base.accumulator, error);
}

/* The URL of a file, or of a repository that looks like one: kustomize asks for the file first. */
static bool append_url(struct kust_target *target, const char *path, origin at, struct error *error)
{
    struct render *render = target->render;
    struct repository_url url;
    bool is_repository = repository_url_parse(render->arena, path, &url);
    if (is_repository && remote_knows_repository(render->remote, &url))
        return append_base(target, path, error);
    struct error no_file = {0};
    bool done = append_file(target, path, at, is_repository ? &no_file : error);
    if (!done && is_repository) {
        done = append_base(target, path, error);
        if (!done && no_file.message)
            error_wrap(error, "it is no file (%s)", no_file.message);
    }
    error_free(&no_file);
    return done;
}

/* kustomize tries each path as a file, then as a repository, and then as a directory. */
static bool append_path(struct kust_target *target, const char *path, origin at, struct error *error)
{
    struct arena *arena = target->render->arena;
    struct repository_url url;
    enum file_kind kind = FILE_ABSENT;
    if (url_is_file(path))
        return append_url(target, path, at, error);
    if (*path && !path_is_absolute(path))
        kind = source_kind(target->source, path_join(arena, target->directory, path));
    bool is_directory = kind == FILE_DIRECTORY || !*path || repository_url_parse(arena, path, &url);
    if (kind == FILE_REGULAR || !is_directory)
        return append_file(target, path, at, error);
    return append_base(target, path, error);
}

/* Says which item of the list it was, unless the error has a place already: that names the file. */
static bool failed_item(const struct list *list, size_t index, struct error *error)
{
    if (error_has_place(error))
        return false;
    error_locate_at(error, list_origin(list, index));
    return error_wrap(error, "accumulating resources from '%s'", ((const char *const *)list->items)[index]);
}

bool accumulate_paths(struct kust_target *target, const struct list *paths, struct error *error)
{
    const char *const *items = paths->items;
    for (size_t i = 0; i < paths->count; i++)
        if (!append_path(target, items[i], list_origin(paths, i), error))
            return failed_item(paths, i, error);
    return true;
}

bool accumulate_resources(struct kust_target *target, struct error *error)
{
    return accumulate_paths(target, &target->kustomization->resources, error);
}

/* kustomize merges what a component leaves into an empty accumulator: ids are checked again, and field specs may go. */
static bool merge_anew(struct kust_target *target, struct error *error)
{
    static const struct config empty;
    struct accumulator *accumulator = target->accumulator;
    accumulator->config = config_merge(target->render->tree, &empty, accumulator->config, error);
    return accumulator->config && resources_check_ids(kust_target_resources(target), error);
}

/* A component works on its parent's accumulator. */
static bool apply_component(struct kust_target *parent, const char *path, struct error *error)
{
    struct kust_target target;
    if (!enter_base(parent, path, &target, error) || !kust_target_load(&target, error))
        return false;
    if (strcmp(target.kustomization->kind, "Component") != 0)
        return error_at(error, field_origin(target.kustomization->node, "kind"),
                        "expected kind 'Component' for path '%s' but got '%s'", kust_target_name(&target, "."),
                        target.kustomization->kind);
    target.accumulator = parent->accumulator;
    return run_steps(&target, error) && merge_anew(parent, error);
}

bool accumulate_components(struct kust_target *target, struct error *error)
{
    const struct list *paths = &target->kustomization->components;
    for (size_t i = 0; i < paths->count; i++) {
        const char *path = ((const char *const *)paths->items)[i];
        if (apply_component(target, path, error))
            continue;
        if (error_has_place(error))
            return false;
        error_locate_at(error, list_origin(paths, i));
        return error_wrap(error, "accumulating components: '%s'", path);
    }
    return true;
}

bool engine_is_remote(const char *path)
{
    struct arena *arena = arena_new();
    struct repository_url url;
    bool remote = repository_url_parse(arena, path, &url);
    arena_free(arena);
    return remote;
}

bool enter_root(struct kust_target *root, const char *directory, struct error *error)
{
    struct repository_url url;
    if (repository_url_parse(root->render->arena, directory, &url))
        return enter_repository(root, &url, error);
    root->directory = source_resolve(root->source, root->render->arena, directory, error);
    return root->directory != NULL;
}
