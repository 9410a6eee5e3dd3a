/* chart.c: finds a chart in the chart home, or pulls it, and sees that nothing in it leads out. */
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "kustomize/helm/helm.h"

enum { DEEPEST_CHART = 32, MOST_FILES = 20000 };

/* helm follows links wherever they lead, so nothing below the chart may lead out of its source. */
static bool check_tree(const struct source *source, struct arena *arena, const char *directory, unsigned depth,
                       size_t *files, struct error *error)
{
    struct name_list list;
    if (depth > DEEPEST_CHART)
        return error_set(error, "chart: '%s' is nested more than %d deep", directory, DEEPEST_CHART);
    if (!source_list(source, arena, directory, &list, error))
        return false;
    *files += list.count;
    if (*files > MOST_FILES)
        return error_set(error, "chart: '%s' has more than %d files", directory, MOST_FILES);
    for (size_t i = 0; i < list.count; i++) {
        const char *path = path_join(arena, directory, list.names[i]);
        enum file_kind kind = source_kind(source, path);
        if (kind == FILE_REFUSED || kind == FILE_OTHER)
            return source_resolve(source, arena, path, error) && error_set(error, "%s: is no regular file", path);
        if (kind == FILE_DIRECTORY && !check_tree(source, arena, path, depth + 1, files, error))
            return false;
    }
    return true;
}

static bool check_chart(const struct inflation *inflation, struct error *error)
{
    struct arena *scratch = arena_new();
    size_t files = 0;
    bool good = check_tree(inflation->source, scratch, inflation->directory, 0, &files, error);
    arena_free(scratch);
    return good;
}

/* kustomize's absChartHome, from the kustomization's directory: a chart of a known version has a place of its own. */
static const char *home_of(const struct inflation *inflation)
{
    struct arena *arena = inflation->target->render->arena;
    const struct helm_chart *chart = &inflation->chart;
    if (!string_is_given(chart->version) || !string_is_given(chart->repo))
        return inflation->home;
    return path_join(arena, inflation->home, arena_format(arena, "%s-%s", chart->name, chart->version));
}

static bool pull_chart(struct inflation *inflation, struct error *error)
{
    inflation->source = helm_pull(inflation, error);
    inflation->directory = path_clean(inflation->target->render->arena, inflation->chart.name);
    if (!inflation->source)
        return false;
    if (source_kind(inflation->source, inflation->directory) != FILE_DIRECTORY)
        return error_set(error, "what was pulled is no chart '%s'", inflation->chart.name);
    return true;
}

bool helm_locate(struct inflation *inflation, struct error *error)
{
    const struct kust_target *target = inflation->target;
    struct arena *arena = target->render->arena;
    if (path_is_absolute(inflation->home))
        return error_set(error, "chartHome '%s' is absolute and so outside of the repository", inflation->home);
    inflation->home = home_of(inflation);
    const char *place = path_join(arena, target->directory, path_join(arena, inflation->home, inflation->chart.name));
    inflation->source = target->source;
    inflation->directory = place;
    if (source_kind(target->source, place) != FILE_DIRECTORY && !string_is_given(inflation->chart.repo))
        return error_set(error, "no repo specified for pull, no chart found at '%s'", place);
    if (source_kind(target->source, place) != FILE_DIRECTORY && !pull_chart(inflation, error))
        return false;
    const char *real = source_resolve(inflation->source, arena, inflation->directory, error);
    if (!real || !check_chart(inflation, error))
        return false;
    inflation->path = source_system_path(inflation->source, arena, real);
    return inflation->path || error_set(error, "helm can only read charts of a directory");
}
