/* render_set.c: renders the root set and the targets that a RootApp finds. */
#include "plugin/render_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "generator/policy.h"
#include "plugin/images.h"
#include "plugin/jobs.h"
#include "plugin/progress.h"
#include "yaml/decode.h"

enum { MOST_TOGETHER = 8, ROOT_BEFORE_END = 8 };

static const char default_root[] = "argo/root";
static const char root_project[] = "argocd-root";

const char *render_set_root(struct arena *arena, const struct repository *repository, const char *option,
                            struct error *error)
{
    const char *root = default_root;
    if (option) {
        const char *here = working_directory(arena, error);
        if (!here)
            return NULL;
        const char *path = path_is_absolute(option) ? path_clean(arena, option) : path_join(arena, here, option);
        if (!path_is_within(path, repository->root)) {
            error_set(error, "--root %s: lies outside of the repository", option);
            return NULL;
        }
        root = path_relative(arena, repository->root, path);
    }
    if (source_kind(repository->source, root) == FILE_DIRECTORY)
        return root;
    error_set(error, "%s: no such directory; name the directory of the RootApp with --root DIR", root);
    return NULL;
}

static void note_targets(struct render_set *set, const struct rendering *rendering)
{
    set->targets = rendering->set.targets;
    set->target_count = rendering->set.target_count;
}

bool render_set_open(struct render_set *set, struct arena *arena, struct repository *repository, const char *root,
                     struct error *error)
{
    repository->source = source_snapshot(repository->source);
    *set = (struct render_set){.arena = arena, .repository = repository, .by_path = map_new(arena)};
    set->root = render_set_root(arena, repository, root, error);
    if (!set->root)
        return false;
    set->references = references_new();
    struct rendering_options options = {.repository = repository, .everything = true, .references = set->references};
    rendering_open(&set->rendering, &options);
    options.targets_only = true;
    rendering_open(&set->finding, &options);
    if (!rendering_find_targets(&set->finding, set->root, &set->found, error))
        return false;
    if (!set->finding.met_rootapp)
        return error_set(error, "%s: has no RootApp; name the directory that has with --root DIR", set->root);
    note_targets(set, &set->finding);
    return true;
}

/* Makes room for so many more at once: an array that grew step by step would leave as much behind. */
static void reserve_jobs(struct render_set *set, size_t more)
{
    struct render_job *jobs = ARENA_ARRAY(set->arena, set->count + more, struct render_job);
    if (set->count)
        memcpy(jobs, set->jobs, set->count * sizeof *jobs);
    set->jobs = jobs;
}

static void add_job(struct render_set *set, struct render_job job)
{
    set->jobs[set->count++] = job;
}

static const char *target_label(struct arena *arena, const struct target *target)
{
    return arena_format(arena, "%s/%s", target->app, target->environment);
}

const struct render_job *render_set_job(const struct render_set *set, const struct target *target)
{
    const size_t *index = target->name ? map_get(set->by_path, target->path, strlen(target->path)) : NULL;
    return index ? &set->jobs[*index] : NULL;
}

/* An operand names an app, or an app and an environment. */
static bool operand_matches(const char *operand, const struct target *target)
{
    size_t size = strlen(target->app);
    if (strncmp(operand, target->app, size) != 0)
        return false;
    return !operand[size] || (operand[size] == '/' && strcmp(operand + size + 1, target->environment) == 0);
}

static bool is_chosen(const struct target *target, const char *const *operands, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (operand_matches(operands[i], target))
            return true;
    return count == 0;
}

static bool check_operand(const struct render_set *set, const char *operand, struct error *error)
{
    const char **names = ARENA_ARRAY(set->arena, 2 * set->target_count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < set->target_count; i++) {
        if (!set->targets[i].name)
            continue;
        if (operand_matches(operand, &set->targets[i]))
            return true;
        names[count++] = set->targets[i].app;
        names[count++] = target_label(set->arena, &set->targets[i]);
    }
    const char *near = nearest_name(operand, names);
    if (near)
        return error_set(error, "no application '%s' (did you mean '%s'?)", operand, near);
    return error_set(error, "no application '%s'; 'rootapp list' shows them", operand);
}

/* Targets of several clusters have the same directory, and targets are sorted: neighbours. */
bool render_set_add_targets(struct render_set *set, const char *const *operands, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!check_operand(set, operands[i], error))
            return false;
    const char *before = "";
    reserve_jobs(set, set->target_count);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (!target->name || strcmp(target->path, before) == 0 || !is_chosen(target, operands, count))
            continue;
        before = target->path;
        size_t *index = ARENA_NEW(set->arena, size_t);
        *index = set->count;
        *map_slot(set->by_path, target->path, strlen(target->path)) = index;
        add_job(set, (struct render_job){.name = target_label(set->arena, target),
                                         .directory = target->path,
                                         .project = target->project ? target->project : ""});
    }
    return true;
}

void render_set_add_roots(struct render_set *set)
{
    const struct policy *policy = set->finding.set.policy;
    reserve_jobs(set, policy->spec.environments.count + 1);
    add_job(set, (struct render_job){.name = "root", .directory = set->root});
    if (policy->partition == PARTITION_NONE)
        return;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        const char *name = policy_environments(policy)[i].name;
        add_job(set, (struct render_job){.name = arena_format(set->arena, "root/%s", name),
                                         .directory = set->root,
                                         .environment = name});
    }
}

static void *begin(void *context)
{
    const struct render_set *set = context;
    struct rendering *rendering = memory_new(sizeof *rendering);
    rendering_open(rendering, &(struct rendering_options){
                                  .repository = set->repository, .share_bases = true, .references = set->references});
    return rendering;
}

static void finish(void *context, void *state)
{
    (void)context;
    rendering_close(state);
    free(state);
}

static void note_error(struct render_job *job, const struct error *error)
{
    struct text line = {0};
    error_write(error, &line);
    job->error = memory_copy(text_content(&line), line.size);
    text_free(&line);
}

/* The root set is rendered already: each of its jobs takes its part, as `narrow` of rendering.c does for one call. */
static void render_root(struct render_set *set, struct render_job *job)
{
    struct arena *arena = arena_new();
    struct error error = {.origins = engine_origins(set->rendering.engine)};
    struct rendered part = {.arena = arena, .items = ARENA_ARRAY(arena, set->rendered.count, const struct node *)};
    const struct root_set *root = &set->rendering.set;
    for (size_t i = 0; i < set->rendered.count; i++)
        if (root_set_selects(root, job->environment, set->rendered.items[i]))
            part.items[part.count++] = set->rendered.items[i];
    if ((job->environment && !root_set_check_empty(root, job->environment, &error)) ||
        !rendering_write(&set->rendering, &part, &job->text, &error))
        note_error(job, &error);
    if (!job->environment)
        text_bytes(&job->warnings, text_content(&set->rendered.warnings), set->rendered.warnings.size);
    error_free(&error);
    arena_free(arena);
}

/* With the trust that Argo CD's plugin would have in this Application's project. */
static void render_target(struct rendering *rendering, struct render_job *job)
{
    struct trust trust = {.root_project = root_project, .project = job->project};
    struct rendered rendered = {0};
    struct error error = {0};
    rendering->options.trust = &trust;
    if (!rendering_build(rendering, job->directory, &rendered, &error) ||
        !rendering_write(rendering, &rendered, &job->text, &error))
        note_error(job, &error);
    else
        images_find(&rendered, &job->images);
    rendering_note_references(rendering, job->directory);
    job->warnings = rendered.warnings;
    rendered.warnings = (struct text){0};
    rendered_free(&rendered);
    error_free(&error);
}

/* Jobs that one thread does one after the other, since they share bases; or, without any, the making of the root set.
 */
struct unit {
    size_t first, count;
};

struct run {
    struct render_set *set;
    struct unit *units;
    size_t count;
    struct progress progress;
    struct error *error; /* of the root set */
    bool good;
};

static bool same_app(const struct render_job *left, const struct render_job *right)
{
    size_t size = strcspn(left->name, "/");
    return strncmp(left->name, right->name, size) == 0 && right->name[size] == '/';
}

/* The jobs of targets, by apps. */
static void add_units(struct run *run)
{
    const struct render_job *jobs = run->set->jobs;
    for (size_t i = 0; i < run->set->count; i++) {
        struct unit *last = run->count ? &run->units[run->count - 1] : NULL;
        if (!jobs[i].project)
            continue;
        if (last && last->count < MOST_TOGETHER && same_app(&jobs[last->first], &jobs[i]))
            last->count++;
        else
            run->units[run->count++] = (struct unit){i, 1};
    }
}

/* The root set wants to know what the targets read, so it comes late; but not last, lest others wait for it. */
static void add_root_unit(struct run *run)
{
    size_t place = run->count - run->count / ROOT_BEFORE_END;
    memmove(run->units + place + 1, run->units + place, (run->count - place) * sizeof *run->units);
    run->units[place] = (struct unit){0};
    run->count++;
}

static void *run_begin(void *context)
{
    return begin(((struct run *)context)->set);
}

static void run_unit(void *context, void *state, size_t index)
{
    struct run *run = context;
    struct render_set *set = run->set;
    const struct unit *unit = &run->units[index];
    for (size_t i = 0; i < unit->count; i++)
        render_target(state, &set->jobs[unit->first + i]);
    if (!unit->count)
        run->good = rendering_build(&set->rendering, set->root, &set->rendered, run->error);
}

static void run_done(void *context, size_t count)
{
    progress_show(&((struct run *)context)->progress, count);
}

static void run_root_part(void *context, void *state, size_t index)
{
    struct render_set *set = context;
    (void)state;
    if (!set->jobs[index].project)
        render_root(set, &set->jobs[index]);
}

bool render_set_run(struct render_set *set, unsigned threads, struct error *error)
{
    struct run run = {.set = set, .units = ARENA_ARRAY(set->arena, set->count + 1, struct unit), .error = error};
    add_units(&run);
    add_root_unit(&run);
    run.progress = progress_begin("rendering", run.count);
    jobs_run(&(struct jobs){.count = run.count,
                            .threads = threads,
                            .context = &run,
                            .begin = run_begin,
                            .work = run_unit,
                            .end = finish,
                            .done = run_done});
    progress_end(&run.progress);
    if (!run.good)
        return false;
    note_targets(set, &set->rendering);
    jobs_run(&(struct jobs){.count = set->count, .threads = threads, .context = set, .work = run_root_part});
    return true;
}

void render_set_close(struct render_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        text_free(&set->jobs[i].text);
        text_free(&set->jobs[i].images);
        text_free(&set->jobs[i].warnings);
        free(set->jobs[i].error);
    }
    rendered_free(&set->rendered);
    rendered_free(&set->found);
    rendering_close(&set->rendering);
    rendering_close(&set->finding);
    references_free(set->references);
}

const struct node *render_set_application(const struct render_set *set, const char *name)
{
    for (size_t i = 0; i < set->rendered.count; i++) {
        const struct node *node = set->rendered.items[i];
        if (node_equals(node_get(node, &key_kind), "Application") &&
            node_equals(node_get(node_get(node, &key_metadata), &key_name), name))
            return node;
    }
    return NULL;
}
