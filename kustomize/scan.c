/* scan.c: finds what a kustomization reads by following the path lists of kustomization files, parsing nothing else.
 *
 * It serves the question "which directories must a change touch to matter here?". So it is generous: a text that may be
 * a path counts as one where something is there or could be, and a base that cannot be read ends only its own branch.
 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "kustomize/accumulate.h"

enum { MOST_DIRECTORIES = 2000 };

struct scan {
    struct render *render;
    struct map *seen; /* path -> itself */
    struct string_list directories, files;
};

static bool is_new(struct scan *scan, const char *path)
{
    void **slot = map_slot(scan->seen, path, strlen(path));
    if (*slot)
        return false;
    *slot = (void *)path;
    return true;
}

static bool scan_directory(struct scan *scan, const char *directory, struct error *error);

/* A name that is not the thing itself matters too: a link that is pointed elsewhere, and what is missing and may come.
 * Addresses of remote bases never begin with "..". */
static void note_name(struct scan *scan, const char *path, const char *full)
{
    if (strncmp(path, "../", 3) == 0 && path_is_within(full, ".") && is_new(scan, full))
        string_list_add(scan->render->arena, &scan->files, full);
}

/* A path of any list: a directory is scanned in turn, a file is noted, anything else is none of ours. */
static bool scan_path(struct scan *scan, const char *directory, const char *path, struct error *error)
{
    struct render *render = scan->render;
    if (!path || !*path || path_is_absolute(path) || strchr(path, '\n'))
        return true;
    char *full = path_join(render->arena, directory, path);
    struct error ignored = {0};
    char *real = source_resolve(render->options->source, render->arena, full, &ignored);
    error_free(&ignored);
    if (!real || strcmp(real, full) != 0)
        note_name(scan, path, full);
    if (!real)
        return true;
    enum file_kind kind = source_kind(render->options->source, real);
    if (kind == FILE_DIRECTORY)
        return scan_directory(scan, real, error);
    if (kind == FILE_REGULAR && is_new(scan, real))
        string_list_add(render->arena, &scan->files, real);
    return true;
}

static bool scan_list(struct scan *scan, const char *directory, const struct list *list, struct error *error)
{
    const char *const *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (!scan_path(scan, directory, items[i], error))
            return false;
    return true;
}

/* "key=path", or a path that is its own key. */
static bool scan_file_sources(struct scan *scan, const char *directory, const struct list *list, struct error *error)
{
    const char *const *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        const char *equals = strchr(items[i], '=');
        if (!scan_path(scan, directory, equals ? equals + 1 : items[i], error))
            return false;
    }
    return true;
}

static bool scan_generators(struct scan *scan, const char *directory, const struct list *list, struct error *error)
{
    const struct generator_arguments *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (!scan_file_sources(scan, directory, &items[i].files, error) ||
            !scan_list(scan, directory, &items[i].envs, error))
            return false;
    return true;
}

static bool scan_patches(struct scan *scan, const char *directory, const struct list *list, struct error *error)
{
    const struct patch *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (!scan_path(scan, directory, items[i].path, error))
            return false;
    return true;
}

static bool scan_replacements(struct scan *scan, const char *directory, const struct list *list, struct error *error)
{
    const struct replacement *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (!scan_path(scan, directory, items[i].path, error))
            return false;
    return true;
}

static bool scan_openapi(struct scan *scan, const char *directory, const struct list *list, struct error *error)
{
    const struct pair *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(items[i].key, "path") == 0 && !scan_path(scan, directory, items[i].value, error))
            return false;
    return true;
}

static bool scan_kustomization(struct scan *scan, const char *directory, const struct kustomization *k,
                               struct error *error)
{
    const struct list *const lists[] = {&k->resources,  &k->components,   &k->crds,       &k->configurations,
                                        &k->generators, &k->transformers, &k->validators, &k->patches_strategic_merge};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!scan_list(scan, directory, lists[i], error))
            return false;
    return scan_generators(scan, directory, &k->config_map_generator, error) &&
           scan_generators(scan, directory, &k->secret_generator, error) &&
           scan_patches(scan, directory, &k->patches, error) &&
           scan_patches(scan, directory, &k->patches_json6902, error) &&
           scan_replacements(scan, directory, &k->replacements, error) &&
           scan_openapi(scan, directory, &k->openapi, error);
}

static bool scan_directory(struct scan *scan, const char *directory, struct error *error)
{
    if (!is_new(scan, directory))
        return true;
    if (scan->directories.count == MOST_DIRECTORIES)
        return error_set(error, "'%s' refers to more than %d directories", scan->directories.items[0],
                         MOST_DIRECTORIES);
    string_list_add(scan->render->arena, &scan->directories, directory);
    struct target target = target_root(scan->render);
    target.directory = directory;
    struct error broken = {.origins = scan->render->origins};
    bool loaded = target_load(&target, &broken);
    if (!loaded && scan->directories.count == 1) { /* the directory asked for, whose error the caller wants */
        *error = broken;
        return false;
    }
    error_free(&broken);
    return !loaded || scan_kustomization(scan, directory, target.kustomization, error);
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char **sorted(struct arena *arena, const struct string_list *list)
{
    const char **copy = ARENA_ARRAY(arena, list->count, const char *);
    for (size_t i = 0; i < list->count; i++)
        copy[i] = arena_string(arena, list->items[i]);
    if (list->count)
        qsort(copy, list->count, sizeof *copy, compare_paths);
    return copy;
}

bool scan_references(struct render *render, struct arena *arena, const char *directory, struct reference_set *out,
                     struct error *error)
{
    struct scan scan = {.render = render, .seen = map_new(render->arena)};
    const char *real = source_resolve(render->options->source, render->arena, directory, error);
    bool good = real && scan_directory(&scan, real, error);
    *out = (struct reference_set){sorted(arena, &scan.directories), scan.directories.count, sorted(arena, &scan.files),
                                  scan.files.count};
    return good;
}
