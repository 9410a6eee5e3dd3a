/* directory_content.c: whether a directory holds what its renderer needs. */
#include <string.h>

#include "base/path.h"
#include "generator/discover.h"
#include "generator/slips.h"
#include "source/kustomization_files.h"

static size_t count_kustomizations(const struct generate_input *input, const char *directory, size_t *regular)
{
    size_t count = 0;
    *regular = 0;
    for (const char *const *name = kustomization_file_names; *name; name++) {
        enum file_kind kind = source_kind(input->source, path_join(input->tree->arena, directory, *name));
        count += kind != FILE_ABSENT;
        *regular += kind == FILE_REGULAR;
    }
    return count;
}

/* NULL: a kustomization file is there. `broken`: there is one, but not one that can be rendered. */
static const char *check_kustomization(const struct generate_input *input, const char *directory, bool *broken)
{
    size_t regular, count = count_kustomizations(input, directory, &regular);
    const char *lost = count ? NULL : find_lost_kustomization(input->source, input->tree->arena, directory);
    *broken = count || lost;
    if (!count)
        return lost ? lost : "no kustomization.yaml in it";
    if (count > 1)
        return "more than one kustomization file in it: keep one";
    return regular ? NULL : "its kustomization file cannot be read";
}

static bool has_file(const struct generate_input *input, const char *directory, const char *name)
{
    return source_kind(input->source, path_join(input->tree->arena, directory, name)) == FILE_REGULAR;
}

/* Argo CD's directory source takes .yaml, .yml, .json and .jsonnet files (reposerver/repository/repository.go); only
 * with `recurse` those below. */
static bool has_manifests(const struct generate_input *input, const char *directory)
{
    static const char *const ends[] = {".yaml", ".yml", ".json", ".jsonnet"};
    struct name_list names;
    struct error ignored = {0};
    bool found = !source_list(input->source, input->tree->arena, directory, &names, &ignored) || names.too_many;
    for (size_t i = 0; !found && i < names.count; i++) {
        size_t size = strlen(names.names[i]);
        for (size_t j = 0; j < sizeof ends / sizeof *ends; j++)
            found = found || (size > strlen(ends[j]) && strcmp(names.names[i] + size - strlen(ends[j]), ends[j]) == 0);
        found = found ||
                source_kind(input->source, path_join(input->tree->arena, directory, names.names[i])) == FILE_DIRECTORY;
    }
    error_free(&ignored);
    return found;
}

/* Argo CD would find another source type in such a directory, unless the Application says `directory`. */
static const char *check_plain(const struct generate_input *input, const char *directory)
{
    size_t regular;
    if (count_kustomizations(input, directory, &regular))
        return "it has a kustomization file, which the renderer directory would apply as it stands";
    if (has_file(input, directory, "Chart.yaml"))
        return "it has a Chart.yaml, which the renderer directory would apply as it stands";
    return has_manifests(input, directory) ? NULL : "no YAML or JSON file in it, which the renderer directory needs";
}

const char *check_directory_content(const struct generate_input *input, enum renderer renderer, const char *directory,
                                    bool *broken)
{
    *broken = false;
    switch (renderer) {
    case RENDERER_HELM:
        return has_file(input, directory, "Chart.yaml") ? NULL : "no Chart.yaml in it, which the renderer helm needs";
    case RENDERER_DIRECTORY:
        return check_plain(input, directory);
    case RENDERER_OTHER:
        return NULL;
    default:
        return check_kustomization(input, directory, broken);
    }
}

bool is_opted_out(const struct generate_input *input, const char *directory)
{
    return source_kind(input->source, path_join(input->tree->arena, directory, DISCOVER_IGNORE_FILE)) == FILE_REGULAR;
}
