/* checking.c: brings renders to the checks. */
#include "plugin/run/checking.h"

#include <string.h>
#include <time.h>

void check_add_error(struct findings *findings, const char *target, struct place place, const char *message)
{
    struct finding finding = {.rule = &rules[RA001], .place = span_of(place), .message = message};
    struct finding *added = findings_add(findings, &finding);
    if (added && target)
        finding_add_target(findings, added, target);
}

const char *check_day(struct arena *arena, const char *given)
{
    char text[16];
    struct tm date;
    time_t now = time(NULL);
    if (given || !gmtime_r(&now, &date) || !strftime(text, sizeof text, "%Y-%m-%d", &date))
        return given ? given : "1970-01-01";
    return arena_string(arena, text);
}

static struct check_target target_of(const struct render_set *set, const struct target *found,
                                     const struct render_job *job, const struct check_policy *policy)
{
    struct check_target target = {
        .name = job->name,
        .directory = job->directory,
        .found = found,
        .origins = job->origins,
        .application = render_set_application(set, found->name),
        .root_origins = engine_origins(set->session.engine),
        .kubernetes = check_minor_version(check_policy_environment(policy, found->environment).kubernetes),
        .rendered = !job->error,
    };
    target.project = found->project ? render_set_project(set, found->project) : NULL;
    render_set_references(set, job->directory, &target.references);
    if (target.rendered) {
        target.objects = check_objects(set->arena, job->rendered.items, job->rendered.count, found->namespace);
        target.object_count = job->rendered.count;
    }
    return target;
}

static void add_job(const struct render_job *job, struct findings *findings)
{
    if (job->rendered.findings)
        findings_add_all(findings, job->rendered.findings, job->name);
    if (job->error)
        check_add_error(findings, job->name,
                        job->problem_place.file ? job->problem_place : (struct place){.file = job->directory},
                        job->problem);
}

/* Each once: one on several clusters is rendered once. They are sorted. */
static struct name_list target_names(const struct check_input *input)
{
    struct name_list names = {.names = ARENA_ARRAY(input->findings->arena, input->target_count, const char *)};
    for (size_t i = 0; i < input->target_count; i++)
        if (!names.count || strcmp(names.names[names.count - 1], input->targets[i].name) != 0)
            names.names[names.count++] = arena_string(input->findings->arena, input->targets[i].name);
    return names;
}

struct name_list check_render_set(const struct render_set *set, bool whole, const struct check_policy *policy,
                                  struct findings *findings)
{
    struct check_target *targets = ARENA_ARRAY(set->arena, set->target_count, struct check_target);
    struct check_input input = {.arena = set->arena,
                                .source = set->repository->source,
                                .targets = targets,
                                .set = &set->session.set,
                                .whole = whole,
                                .policy = policy,
                                .findings = findings};
    if (set->rendered.findings)
        findings_add_all(findings, set->rendered.findings, NULL);
    for (size_t i = 0; i < set->count; i++)
        add_job(set->jobs[i], findings);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct render_job *job = render_set_job(set, &set->targets[i]);
        if (job)
            targets[input.target_count++] = target_of(set, &set->targets[i], job, policy);
    }
    check_run(&input);
    return target_names(&input);
}

/* The files that a render reads; none where that cannot be found out. */
static struct name_list references_of(const struct session *session, struct arena *arena, const char *directory)
{
    struct reference_set set;
    struct name_list names = {0};
    struct error ignored = {.origins = engine_origins(session->engine)};
    if (engine_scan(session->engine, arena, directory, &set, &ignored)) {
        names.names = ARENA_ARRAY(arena, set.directory_count + set.file_count, const char *);
        for (size_t i = 0; i < set.directory_count; i++)
            names.names[names.count++] = set.directories[i];
        for (size_t i = 0; i < set.file_count; i++)
            names.names[names.count++] = set.files[i];
    }
    error_free(&ignored);
    return names;
}

static void check_rendered(const struct session *session, const struct rendered *rendered, struct check_target *target,
                           const struct check_policy *policy, struct findings *findings)
{
    struct arena *arena = findings->arena;
    struct check_input input = {.arena = arena,
                                .source = session->options.repository->source,
                                .targets = target,
                                .target_count = 1,
                                .policy = policy,
                                .findings = findings};
    target->references = references_of(session, arena, target->directory);
    target->objects = check_objects(arena, rendered->items, rendered->count, NULL);
    target->object_count = rendered->count;
    check_run(&input);
}

void check_directory(const struct repository *repository, const char *directory, const char *name,
                     const struct check_policy *policy, struct findings *findings)
{
    struct session session;
    struct rendered rendered = {0};
    struct error error = {0};
    struct text text = {0};
    session_open(&session, &(struct session_options){
                               .repository = repository, .warn = true, .record_writers = true, .everything = true});
    struct check_target target = {.name = name, .directory = directory, .origins = engine_origins(session.engine)};
    target.rendered =
        session_build(&session, directory, &rendered, &error) && session_write(&session, &rendered, &text, &error);
    if (rendered.findings)
        findings_add_all(findings, rendered.findings, name);
    if (!target.rendered)
        check_add_error(findings, name,
                        error.file ? (struct place){error.file, error.line, error.column}
                                   : (struct place){directory, 0, 0},
                        error.message);
    target.kubernetes = check_minor_version(policy->kubernetes);
    check_rendered(&session, &rendered, &target, policy, findings);
    text_free(&text);
    error_free(&error);
    rendered_free(&rendered);
    session_close(&session);
}
