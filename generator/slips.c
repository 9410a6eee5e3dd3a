/* slips.c: what a name in the repository that is nearly right was probably meant to be. */
#include "generator/slips.h"

#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "base/path.h"
#include "generator/name.h"
#include "source/kustomization_files.h"

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcasecmp(text + size - tail, end) == 0;
}

/* kustomisation.yaml, kustomization.yaml.txt, Kustomization.yml, kustomize.yaml. */
static bool is_nearly_kustomization(const char *name)
{
    return strncasecmp(name, "kustomi", 7) == 0 || nearest_name(name, kustomization_file_names);
}

static bool is_yaml(const char *name)
{
    return *name != '.' && (ends_with(name, ".yaml") || ends_with(name, ".yml"));
}

/* The first file that a test takes; NULL: none. */
static const char *find_file(const struct source *source, struct arena *arena, const char *directory,
                             const struct name_list *names, bool (*is_wanted)(const char *name))
{
    for (size_t i = 0; i < names->count; i++)
        if (is_wanted(names->names[i]) &&
            source_kind(source, path_join(arena, directory, names->names[i])) == FILE_REGULAR)
            return names->names[i];
    return NULL;
}

const char *find_lost_kustomization(const struct source *source, struct arena *arena, const char *directory)
{
    struct name_list names = {0};
    struct error ignored = {0};
    bool listed = source_list(source, arena, directory, &names, &ignored);
    error_free(&ignored);
    const char *near = listed ? find_file(source, arena, directory, &names, is_nearly_kustomization) : NULL;
    if (near)
        return arena_format(arena, "no kustomization.yaml in it, but '%s': rename it", printable_text(arena, near));
    if (listed && find_file(source, arena, directory, &names, is_yaml))
        return "no kustomization.yaml in it, but other YAML files: name them in one, or exclude the directory";
    return NULL;
}

const char *find_near_directory(const struct source *source, struct arena *arena, const char *parent, const char *name)
{
    struct name_list list = {0};
    struct error ignored = {0};
    bool listed = source_list(source, arena, parent, &list, &ignored);
    error_free(&ignored);
    if (!listed || !list.count)
        return NULL;
    const char **names = ARENA_ARRAY(arena, list.count + 1, const char *);
    memcpy(names, list.names, list.count * sizeof *names);
    const char *near = nearest_name(name, names);
    return near && is_one_line(near) && source_kind(source, path_join(arena, parent, near)) == FILE_DIRECTORY ? near
                                                                                                              : NULL;
}
