/* render_set.c: renders the root set and the targets that a RootApp finds. */
#include "plugin/run/render_set.h"

#include <fnmatch.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "finding/finding.h"
#include "generator/policy.h"
#include "plugin/run/render_worker.h"

static const char default_root[] = "argo/root";

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
    if (!option && !repository->has_git)
        error_set(error,
                  "not in a git repository, and there is no %s here; start in the repository, or name the directory of "
                  "the RootApp with --root DIR",
                  root);
    error_set(error, "%s: no such directory; %s", root,
              option ? "name the directory of the RootApp with --root DIR"
                     : "'rootapp init' writes it, and --root DIR names another one");
    return NULL;
}

bool render_set_open(struct render_set *set, struct arena *arena, struct repository *repository, const char *root,
                     struct error *error)
{
    *set = (struct render_set){
        .arena = arena, .repository = repository, .by_path = map_new(arena), .resources = map_new(arena)};
    set->root = render_set_root(arena, repository, root, error);
    set->filter.directory = repository->directory;
    set->references = reference_cache_new();
    pthread_mutex_init(&set->mutex, NULL);
    return set->root;
}

void render_set_add_targets(struct render_set *set, const char *const *operands, size_t count)
{
    set->filter.operands = operands;
    set->filter.operand_count = count;
    set->targets_wanted = true;
}

void render_set_add_roots(struct render_set *set, const char *const *operands, size_t count)
{
    set->roots = true;
    set->root_operands = operands;
    set->root_operand_count = count;
}

void render_set_keep_trees(struct render_set *set, bool images)
{
    set->keeps_trees = true;
    set->keeps_images = images;
}

bool render_set_references(const struct render_set *set, const char *directory, struct name_list *out)
{
    size_t cost;
    return reference_cache_find(set->references, directory, out, &cost);
}

void render_set_note_findings(struct render_set *set)
{
    set->notes_findings = true;
}

void render_set_findings(const struct render_set *set, struct findings *out)
{
    render_workers_findings(set, out);
    if (set->rendered.findings)
        findings_add_all(out, set->rendered.findings, NULL);
}

void render_set_add_work(struct render_set *set, void (*beside)(void *context),
                         void (*take)(void *context, struct render_job *const *jobs, size_t count), void *context)
{
    set->beside = beside;
    set->take = take;
    set->context = context;
}

static const char *target_label(struct arena *arena, const struct target *target)
{
    return arena_format(arena, "%s/%s", target->app, target->environment);
}

/* One directory may be in several environments, and then is several files. */
static const char *job_key(struct arena *arena, const struct target *target, size_t *size)
{
    const char *key = arena_join(arena, (const char *const[]){target->app, target->environment, target->path}, 3, '\n');
    *size = strlen(key);
    return key;
}

const struct render_job *render_set_job(const struct render_set *set, const struct target *target)
{
    size_t size;
    const char *key = target->name ? job_key(set->arena, target, &size) : NULL;
    return key ? map_get(set->by_path, key, size) : NULL;
}

enum { MOST_NAMED = 5 };

void render_set_note_left(const struct render_set *set, struct text *out)
{
    size_t count = 0;
    for (size_t i = 0; set->targets_wanted && i < set->target_count; i++) {
        const struct target *target = &set->targets[i];
        if (target->name && target->renderer && filter_selects(&set->filter, target) && count++ < MOST_NAMED)
            text_format(out, "%s %s/%s (%s)", count == 1 ? "rootapp: Argo CD renders these itself:" : ",", target->app,
                        target->environment, target->renderer);
    }
    if (count > MOST_NAMED)
        text_format(out, " and %zu more", count - MOST_NAMED);
    if (count)
        text_byte(out, '\n');
}

static void work_on(void *context, void *state, struct queued *queued)
{
    struct render_set *set = context;
    struct unit *unit = (struct unit *)queued;
    if (!unit->count)
        set->beside(set->context);
    if (!unit->rendered)
        render_worker_run(set, state, unit);
    if (set->takes && unit->count)
        set->take(set->context, unit->jobs, unit->count);
}

static void show_progress(void *context, size_t done, size_t added)
{
    struct render_set *set = context;
    progress_show(&set->progress, done, added);
}

static void send_unit(struct render_set *set)
{
    if (!set->unit)
        return;
    set->unit->next = set->units;
    set->units = set->unit;
    queue_add(set->queue, &set->unit->queued);
    set->unit = NULL;
}

static bool is_broken(const struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        if (unit->jobs[i]->error)
            return true;
    return false;
}

/* What the renders of targets note on their way is what the root set needs of them. */
static void await_targets(void *context)
{
    struct render_set *set = context;
    send_unit(set);
    queue_wait(set->queue);
}

/* The root set needs one more while of one thread. All targets are rendered: what came of them can be taken meanwhile.
 */
static void take_targets(void *context)
{
    struct render_set *set = context;
    set->takes = set->take;
    for (const struct unit *unit = set->units; unit; unit = unit->next)
        set->takes = set->takes && (set->keeps_going || !is_broken(unit));
    for (struct unit *unit = set->units; set->takes && unit; unit = unit->next) {
        unit->rendered = true;
        queue_add(set->queue, &unit->queued);
    }
}

static struct render_job *add_job(struct render_set *set, struct render_job fresh)
{
    struct render_job *job = ARENA_NEW(set->arena, struct render_job);
    *job = fresh;
    if (!set->unit)
        set->unit = ARENA_NEW(set->arena, struct unit);
    set->unit->jobs[set->unit->count++] = job;
    if (set->unit->count == MOST_TOGETHER)
        send_unit(set);
    return job;
}

static bool same_app(const struct unit *unit, const struct target *target)
{
    const char *name = unit->jobs[0]->name;
    size_t size = strlen(target->app);
    return strncmp(name, target->app, size) == 0 && name[size] == '/';
}

/* Queues a target's render, once where it is on several clusters. Its texts live no longer than the root set, which may
 * come to nothing. */
static void add_found(void *context, const struct target *target)
{
    struct render_set *set = context;
    if (!set->targets_wanted || target->renderer || !filter_selects(&set->filter, target) ||
        render_set_job(set, target))
        return;
    if (set->unit && !same_app(set->unit, target))
        send_unit(set);
    size_t size;
    const char *directory = arena_string(set->arena, target->path), *key = job_key(set->arena, target, &size);
    *map_slot(set->by_path, key, size) =
        add_job(set, (struct render_job){.name = target_label(set->arena, target),
                                         .directory = directory,
                                         .project = arena_string(set->arena, target->project)});
}

static bool wants_root(const struct render_set *set, const char *name)
{
    for (size_t i = 0; i < set->root_operand_count; i++)
        if (fnmatch(set->root_operands[i], name, FNM_PATHNAME) == 0)
            return true;
    return !set->root_operand_count;
}

static void add_root(struct render_set *set, const char *name, const char *environment)
{
    if (!wants_root(set, name))
        return;
    set->jobs[set->count++] =
        add_job(set, (struct render_job){.name = name, .directory = set->root, .environment = environment});
    send_unit(set);
}

static void add_roots(struct render_set *set)
{
    const struct policy *policy = set->session.set.policy;
    add_root(set, "root", NULL);
    for (size_t i = 0; policy->partition != PARTITION_NONE && i < policy->spec.environments.count; i++) {
        const char *name = policy_environments(policy)[i].name;
        add_root(set, arena_format(set->arena, "root/%s", name), name);
    }
}

/* Targets are sorted: those that have the same directory, on several clusters, are neighbours. */
static void collect_jobs(struct render_set *set)
{
    const struct render_job *before = NULL;
    set->jobs = ARENA_ARRAY(set->arena, set->target_count + set->session.set.policy->spec.environments.count + 1,
                            struct render_job *);
    if (set->roots)
        add_roots(set);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct render_job *job = render_set_job(set, &set->targets[i]);
        if (job && job != before)
            set->jobs[set->count++] = (struct render_job *)job;
        before = job;
    }
}

/* For render_set_application and render_set_project: the first of each name. */
static void note_resources(struct render_set *set)
{
    for (size_t i = 0; i < set->rendered.count; i++) {
        const struct node *node = set->rendered.items[i];
        const char *kind = node_text(node_get(node, &key_kind));
        const char *name = node_text(node_get(node_get(node, &key_metadata), &key_name));
        if (!kind || !name)
            continue;
        const char *key = arena_join(set->arena, (const char *const[]){kind, name}, 2, '\n');
        void **slot = map_slot(set->resources, key, strlen(key));
        if (!*slot)
            *slot = (void *)node;
    }
}

static bool make_root_set(struct render_set *set, struct error *error)
{
    session_open(&set->session, &(struct session_options){.repository = set->repository,
                                                          .load_restrictor = set->rules.load_restrictor,
                                                          .remote = set->rules.remote,
                                                          .helm = set->rules.helm,
                                                          .argocd_namespace = set->rules.argocd_namespace,
                                                          .everything = true,
                                                          .references = set->references,
                                                          .warn = set->keeps_trees || set->notes_findings,
                                                          .found = add_found,
                                                          .all_found = await_targets,
                                                          .generated = take_targets,
                                                          .context = set});
    if (!session_build(&set->session, set->root, &set->rendered, error))
        return false;
    if (!set->session.met_rootapp)
        return error_set(error, "%s: has no RootApp; name the directory that has with --root DIR", set->root);
    set->targets = set->session.set.targets;
    set->target_count = set->session.set.target_count;
    return filter_check(&set->filter, set->targets, set->target_count, set->arena, error);
}

bool render_set_run(struct render_set *set, unsigned threads, struct error *error)
{
    if (!set->rules.helm.enabled)
        set->repository->source = source_snapshot(set->repository->source, set->keeps_trees);
    set->progress = progress_begin("rendering");
    set->queue = queue_open(&(struct queue_options){.threads = threads,
                                                    .context = set,
                                                    .begin = render_worker_begin,
                                                    .work = work_on,
                                                    .end = render_worker_end,
                                                    .done = show_progress});
    if (set->beside)
        queue_add(set->queue, &ARENA_NEW(set->arena, struct unit)->queued);
    bool good = make_root_set(set, error);
    if (good) {
        collect_jobs(set);
        note_resources(set);
    }
    queue_close(set->queue, good);
    progress_end(&set->progress);
    return good;
}

void render_set_close(struct render_set *set)
{
    for (const struct unit *unit = set->units; unit; unit = unit->next)
        for (size_t i = 0; set->keeps_trees && i < unit->count; i++)
            rendered_free(&unit->jobs[i]->rendered);
    render_workers_free(set);
    rendered_free(&set->rendered);
    session_close(&set->session);
    reference_cache_free(set->references);
}

static const struct node *find_resource(const struct render_set *set, const char *kind, const char *name)
{
    const char *key = arena_join(set->arena, (const char *const[]){kind, name}, 2, '\n');
    return map_get(set->resources, key, strlen(key));
}

const struct node *render_set_application(const struct render_set *set, const char *name)
{
    return find_resource(set, "Application", name);
}

const struct node *render_set_project(const struct render_set *set, const char *name)
{
    return find_resource(set, "AppProject", name);
}
