/* sent_part.c: which directory of the repository is sent to the plugin for a render. */
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "generator/make.h"

/* Files and directories. Up to FEW the plugin costs less than Argo CD's own kustomize (docs/scaling.md). Beyond these
 * the answer is no, which is always safe. */
enum { FEW = 400, MOST_OF_AN_APP = 20000, DEEPEST = 64 };

struct survey {
    const struct source *source;
    struct arena *arena;
    size_t entries, most;
    bool links; /* whether symbolic links may be there */
};

/* A name that resolves to another one is a symbolic link, and what does not resolve leads out or nowhere. */
static bool is_link(const struct survey *survey, const char *path)
{
    struct error ignored = {0};
    const char *real = source_resolve(survey->source, survey->arena, path, &ignored);
    error_free(&ignored);
    return !real || strcmp(real, path) != 0;
}

static bool survey_below(struct survey *survey, const char *directory, size_t depth)
{
    struct name_list names;
    struct error ignored = {0};
    bool good =
        depth < DEEPEST && source_list(survey->source, survey->arena, directory, &names, &ignored) && !names.too_many;
    error_free(&ignored);
    for (size_t i = 0; good && i < names.count; i++) {
        const char *path = path_join(survey->arena, directory, names.names[i]);
        bool link = is_link(survey, path);
        good = ++survey->entries <= survey->most && (!link || survey->links) &&
               (link || source_kind(survey->source, path) != FILE_DIRECTORY || survey_below(survey, path, depth + 1));
    }
    return good;
}

/* Whether a directory has no more than so many entries, and no links where there may be none. The group that asks pays,
 * but not for the whole repository, which all ask for. */
static bool has_at_most(struct sending *sending, const char *directory, size_t most, bool links)
{
    const struct source *source = sending->input->source;
    struct share *share = strcmp(directory, ".") == 0 ? NULL : sending->share;
    size_t left = !share ? most : share->most_surveyed > share->surveyed ? share->most_surveyed - share->surveyed : 0;
    struct survey survey = {.source = source, .arena = arena_new(), .most = left < most ? left : most, .links = links};
    bool good = left && (links || !is_link(&survey, directory)) && survey_below(&survey, directory, 0);
    arena_free(survey.arena);
    if (share)
        share->surveyed += survey.entries;
    return good;
}

/* A link that leads out of a directory fails the render of all that are sent it, until the root has seen the link, and
 * changes what is sent for them: so it belongs to one team. */
static bool has_one_team(const struct sending *sending, const char *directory)
{
    const struct team *first = NULL;
    for (size_t i = 0; i < sending->target_count; i++) {
        const struct found *found = sending->targets[i];
        if (!path_is_within(found->path, directory))
            continue;
        const struct team *team = policy_team(sending->policy, found->app, found->path);
        if (first && team != first)
            return false;
        first = team;
    }
    return true;
}

/* Asked once for each directory and kind of question: apps share them, and so do environments. */
static bool remember_answer(struct map *answers, struct sending *sending, const char *directory,
                            bool (*ask)(struct sending *sending, const char *directory))
{
    static const char yes[] = "yes", no[] = "no";
    void **slot = map_slot(answers, directory, strlen(directory));
    if (!*slot)
        *slot = (void *)(ask(sending, directory) ? yes : no);
    return *slot == (const void *)yes;
}

static bool can_be_sent_alone(struct sending *sending, const char *directory)
{
    return has_at_most(sending, directory, MOST_OF_AN_APP, false);
}

static bool can_be_shared(struct sending *sending, const char *directory)
{
    return has_at_most(sending, directory, FEW, false) && has_one_team(sending, directory);
}

static bool has_few(struct sending *sending, const char *directory)
{
    return has_at_most(sending, directory, FEW, true);
}

struct sending sending_of(const struct generate_input *input, const struct policy *policy,
                          const struct found *const *targets, size_t target_count)
{
    struct arena *arena = input->tree->arena;
    return (struct sending){.input = input,
                            .policy = policy,
                            .targets = targets,
                            .target_count = target_count,
                            .alone = map_new(arena),
                            .shared = map_new(arena),
                            .few = map_new(arena)};
}

const char *sent_part(struct sending *sending, const struct found *found, const char *own,
                      const struct name_list *others)
{
    struct arena *arena = sending->input->tree->arena;
    const char *part = own;
    for (size_t i = 0; i < others->count; i++)
        while (!path_is_within(others->names[i], part))
            part = path_directory(arena, part);
    if (path_is_within(part, found->app_path))
        return remember_answer(sending->alone, sending, part, can_be_sent_alone) ? part : NULL;
    /* A group of apps has a directory below the one where all apps begin, which is everybody's. */
    if (path_is_within(found->start, part) || !remember_answer(sending->shared, sending, part, can_be_shared))
        return NULL;
    return part;
}

bool is_cheap_to_send(struct sending *sending, const char *part)
{
    return remember_answer(sending->few, sending, part ? part : ".", has_few);
}
