/* render_worker.c: one thread of a render set: renders the jobs of a unit, and keeps what came of them. */
#include "plugin/run/render_worker.h"

#include <stdlib.h>

#include "finding/finding.h"
#include "plugin/run/images.h"

/* One thread, and what came of its jobs. */
struct worker {
    struct session session;
    struct text text; /* of the render at hand */
    struct arena *results;
    struct findings *findings; /* of all its renders; NULL: not asked for */
    struct worker *next;
};

static const char root_project[] = "argocd-root";

void *render_worker_begin(void *context)
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
                                                             .node_limit = TENANTS_NODES,
                                                             .step_limit = TENANTS_STEPS,
                                                             .references = set->references,
                                                             .warn = set->keeps_trees || set->notes_findings,
                                                             .record_writers = set->keeps_trees});
    return worker;
}

void render_worker_end(void *context, void *state)
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
    if (set->keeps_trees)
        text_cut(&worker->text, 0);
    keep_text(worker, &worker->text, &job->text);
    if (good && (!set->keeps_trees || set->keeps_images))
        images_find(&rendered, &worker->text);
    keep_text(worker, &worker->text, &job->images);
    keep_text(worker, &rendered.warnings, &job->warnings);
    if (worker->findings && rendered.findings)
        findings_add_all(worker->findings, rendered.findings, job->name);
    if (set->keeps_trees) {
        session_keep(session, &rendered, worker->results);
        job->rendered = rendered;
        job->origins = engine_origins(session->engine);
    } else {
        rendered_free(&rendered);
    }
    session_note_references(session, job->directory);
    error_free(&error);
}

void render_worker_run(struct render_set *set, void *state, const struct unit *unit)
{
    struct worker *worker = state;
    for (size_t i = 0; i < unit->count; i++)
        if (unit->jobs[i]->project)
            render_target(set, worker, unit->jobs[i]);
        else
            render_root(set, worker, unit->jobs[i]);
}

void render_workers_findings(const struct render_set *set, struct findings *out)
{
    for (const struct worker *worker = set->workers; worker; worker = worker->next)
        if (worker->findings)
            findings_add_all(out, worker->findings, NULL);
}

void render_workers_free(struct render_set *set)
{
    for (struct worker *worker = set->workers, *next; worker; worker = next) {
        next = worker->next;
        if (set->keeps_trees)
            session_close(&worker->session);
        arena_free(worker->results);
        free(worker);
    }
    set->workers = NULL;
}
