/* render_set.c: renders the root set and the targets that a RootApp finds. */
#include "plugin/run/render_set.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "finding/finding.h"
#include "generator/policy.h"
#include "plugin/run/images.h"

enum { MOST_TOGETHER = 8 };

/* What one thread does in one go: renders that share bases; without any, what is to be done beside them. */
struct unit {
    struct queued queued;
    struct render_job *jobs[MOST_TOGETHER];
    size_t count;
    bool rendered; /* they are to be taken */
    struct unit *next;
};

/* One thread, and what came of its jobs. */
struct worker {
    struct session session;
    struct text text; /* of the render at hand */
    struct arena *results;
    struct findings *findings; /* of all its renders; NULL: not asked for */
    struct worker *next;
};

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
    if (!option && !repository->has_git)
        error_set(error,
                  "not in a git repository, and there is no %s here; start in the repository, or name the directory of "
                  "the RootApp with --root DIR",
                  root);
    error_set(error, "%s: no such directory; name the directory of the RootApp with --root DIR", root);
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

void render_set_keep_trees(struct render_set *set)
{
    set->keeps_trees = true;
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
    for (const struct worker *worker = set->workers; worker; worker = worker->next)
        if (worker->findings)
            findings_add_all(out, worker->findings, NULL);
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

static void *begin_worker(void *context)
{
    const struct render_set *set = context;
    struct worker *worker = memory_new(sizeof *worker);
    worker->results = arena_new();
    worker->findings = set->notes_findings ? findings_new(worker->results) : NULL;
    session_open(&worker->session, &(struct session_options){.repository = set->repository,
                                                             .load_restrictor = set->rules.load_restrictor,
                                                             .remote = set->rules.remote,
                                                             .helm = set->rules.helm,
                                                             .share_bases = true,
                                                             .results = set->keeps_trees ? worker->results : NULL,
                                                             .references = set->references,
                                                             .warn = set->keeps_trees || set->notes_findings,
                                                             .record_writers = set->keeps_trees});
    return worker;
}

static void end_worker(void *context, void *state)
{
    struct render_set *set = context;
    struct worker *worker = state;
    if (!set->keeps_trees)
        session_close(&worker->session);
    text_free(&worker->text);
    pthread_mutex_lock(&set->mutex);
    worker->next = set->workers;
    set->workers = worker;
    pthread_mutex_unlock(&set->mutex);
}

/* Moves a text out of the buffer that the worker's renders share: many that grow one beside the other keep the kernel
 * busy. */
static void keep_text(struct worker *worker, struct text *text, struct text *kept)
{
    if (!text->size)
        return;
    *kept = (struct text){.bytes = arena_copy(worker->results, text->bytes, text->size), .size = text->size};
    text_cut(text, 0);
}

static void note_error(struct worker *worker, struct render_job *job, const struct error *error)
{
    text_cut(&worker->text, 0);
    error_write(error, &worker->text);
    job->problem = arena_string(worker->results, error->message);
    job->problem_place =
        (struct place){error->file ? arena_string(worker->results, error->file) : NULL, error->line, error->column};
    job->error = arena_string(worker->results, text_content(&worker->text));
    text_cut(&worker->text, 0);
}

/* The root set is rendered already: each of its jobs takes its part, as `narrow` of session.c does for one call. */
static void render_root(struct render_set *set, struct worker *worker, struct render_job *job)
{
    struct arena *arena = arena_new();
    struct error error = {0};
    struct rendered part = {.arena = arena,
                            .origins = engine_origins(set->session.engine),
                            .items = ARENA_ARRAY(arena, set->rendered.count, const struct node *)};
    const struct root_set *root = &set->session.set;
    for (size_t i = 0; i < set->rendered.count; i++)
        if (root_set_selects(root, job->environment, set->rendered.items[i]))
            part.items[part.count++] = set->rendered.items[i];
    if ((job->environment && !root_set_check_empty(root, job->environment, &error)) ||
        !session_write(&set->session, &part, &worker->text, &error))
        note_error(worker, job, &error);
    keep_text(worker, &worker->text, &job->text);
    if (!job->environment)
        keep_text(worker, &set->rendered.warnings, &job->warnings);
    error_free(&error);
    arena_free(arena);
}

/* With the trust that Argo CD's plugin would have in this Application's project. */
static void render_target(const struct render_set *set, struct worker *worker, struct render_job *job)
{
    struct session *session = &worker->session;
    struct trust trust = {.root_project = set->rules.root_project ? set->rules.root_project : root_project,
                          .project = job->project,
                          .allowed = set->rules.allowed_kinds,
                          .refuse_secrets = set->rules.refuse_secrets};
    struct rendered rendered = {0};
    struct error error = {0};
    session->options.trust = &trust;
    bool good = session_build(session, job->directory, &rendered, &error) &&
                session_write(session, &rendered, &worker->text, &error);
    if (!good)
        note_error(worker, job, &error);
    keep_text(worker, &worker->text, &job->text);
    if (good)
        images_find(&rendered, &worker->text);
    keep_text(worker, &worker->text, &job->images);
    keep_text(worker, &rendered.warnings, &job->warnings);
    if (worker->findings && rendered.findings)
        findings_add_all(worker->findings, rendered.findings, job->name);
    session_note_references(session, job->directory);
    if (set->keeps_trees) {
        job->rendered = rendered;
        job->origins = engine_origins(session->engine);
    } else {
        rendered_free(&rendered);
    }
    error_free(&error);
}

static void render_unit(struct render_set *set, struct worker *worker, const struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        if (unit->jobs[i]->project)
            render_target(set, worker, unit->jobs[i]);
        else
            render_root(set, worker, unit->jobs[i]);
}

static void work_on(void *context, void *state, struct queued *queued)
{
    struct render_set *set = context;
    struct unit *unit = (struct unit *)queued;
    if (!unit->count)
        set->beside(set->context);
    if (!unit->rendered)
        render_unit(set, state, unit);
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
                                                    .begin = begin_worker,
                                                    .work = work_on,
                                                    .end = end_worker,
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
    for (struct worker *worker = set->workers, *next; worker; worker = next) {
        next = worker->next;
        if (set->keeps_trees)
            session_close(&worker->session);
        arena_free(worker->results);
        free(worker);
    }
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
