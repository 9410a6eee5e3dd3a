/* unnamed_files.c: YAML and env files beside a kustomization that no kustomization names. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "check/check.h"

enum { MOST_FILES = 10000, DEEPEST = 8 };

struct search {
    struct check_input *input;
    struct map *named; /* files and directories that some render reads, or that were looked at */
    size_t files;
};

/* What could have been meant to be named. Names that begin with '.' belong to programs. */
static bool is_candidate(const char *name)
{
    return *name != '.' &&
           (path_has_extension(name, ".yaml") || path_has_extension(name, ".yml") || path_has_extension(name, ".env"));
}

/* Kept with a chart, or read by other programs. */
static bool is_other_programs(const char *name)
{
    static const char *const names[] = {"app.yaml", "Chart.yaml", "skaffold.yaml"};
    if (strncmp(name, "values", 6) == 0)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool is_named(struct search *search, const char *path)
{
    void **slot = map_slot(search->named, path, strlen(path));
    bool named = *slot;
    *slot = search;
    return named;
}

static void note_names(struct search *search, const struct check_target *target)
{
    for (size_t i = 0; i < target->references.count; i++)
        is_named(search, target->references.names[i]);
}

/* Whether a file beside it mentions a name: configurations of plugins and of functions name files in fields of their
 * own. */
static bool is_mentioned(struct search *search, const struct check_target *target, const char *directory,
                         const char *name)
{
    for (size_t i = 0; i < target->references.count; i++) {
        const char *path = target->references.names[i];
        const struct file_bytes *file = path_is_within(path, directory) ? check_file(search->input, path) : NULL;
        if (file && strstr(file->bytes, name))
            return true;
    }
    return false;
}

static void look_at_file(struct search *search, const struct check_target *target, const char *directory,
                         const char *path)
{
    struct check_input *input = search->input;
    if (is_mentioned(search, target, directory, path_base(path)))
        return;
    struct finding *finding = check_report_in(input, target, RA109, (struct span){path, 1, 1, 0, 0}, NULL,
                                              "'%s' is named by no kustomization", path_base(path));
    if (!finding->related_count)
        finding_add_related(input->findings, finding, check_directory_place(input, directory),
                            "the kustomization beside it");
}

/* `directory` has the kustomization; directories below it that have none of their own are looked into. */
static void look_into(struct search *search, const struct check_target *target, const char *directory,
                      const char *below, unsigned depth)
{
    struct listing names;
    struct error ignored = {0};
    struct check_input *input = search->input;
    bool listed = source_survey(input->source, input->arena, below, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < names.count && search->files < MOST_FILES; i++) {
        const char *name = names.items[i].name, *path = path_join(input->arena, below, name);
        enum file_kind kind = names.items[i].kind;
        search->files++;
        if (kind == FILE_DIRECTORY && depth < DEEPEST && strcmp(directory, ".") != 0 && *name != '.' && *name != '_' &&
            !check_directory_place(input, path).line && !is_named(search, path))
            look_into(search, target, directory, path, depth + 1);
        if (kind == FILE_REGULAR && is_candidate(name) && !is_other_programs(name) &&
            strcmp(path, check_directory_place(input, directory).file) != 0 && !is_named(search, path))
            look_at_file(search, target, directory, path);
    }
}

static void check_unnamed_files(struct check_input *input)
{
    struct search search = {.input = input, .named = map_new(input->arena)};
    struct map *seen = map_new(input->arena);
    for (size_t i = 0; i < input->target_count; i++)
        note_names(&search, &input->targets[i]);
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].references.count; j++) {
            const char *directory = input->targets[i].references.names[j];
            void **slot = map_slot(seen, directory, strlen(directory));
            if (*slot || !check_is_directory(input, directory) || !check_directory_place(input, directory).line)
                continue;
            *slot = input;
            look_into(&search, &input->targets[i], directory, directory, 0);
        }
}

static const enum rule_id ids[] = {RA109, RULE_COUNT};
const struct check unnamed_files_check = {"unnamed-files", ids, check_unnamed_files};
