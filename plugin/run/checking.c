/* checking.c: brings renders to the checks. */
#include "plugin/run/checking.h"

#include <string.h>
#include <time.h>

#include "base/path.h"
#include "finding/write.h"

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

void check_render_set(const struct render_set *set, struct check_work *work)
{
    struct findings *findings = work->findings;
    struct check_target *targets = ARENA_ARRAY(set->arena, set->target_count, struct check_target);
    struct check_input input = {.arena = set->arena,
                                .source = set->repository->source,
                                .targets = targets,
                                .set = &set->session.set,
                                .root_origins = engine_origins(set->session.engine),
                                .whole = work->whole,
                                .policy = work->policy,
                                .today = work->today,
                                .clone_url = work->clone_url,
                                .findings = findings};
    if (set->rendered.findings)
        findings_add_all(findings, set->rendered.findings, NULL);
    for (size_t i = 0; i < set->count; i++)
        add_job(set->jobs[i], findings);
    for (size_t i = 0; i < set->target_count; i++) {
        const struct render_job *job = render_set_job(set, &set->targets[i]);
        if (job)
            targets[input.target_count++] = target_of(set, &set->targets[i], job, work->policy);
    }
    check_run(&input);
    work->targets = target_names(&input);
    work->allowing = input.allowing;
}

/* The files that a render reads; none where that cannot be found out. */
static struct name_list references_of(const struct session *session, struct arena *arena, const char *directory)
{
    struct reference_set set;
    struct name_list names = {0};
    struct error ignored = {0};
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

/* Of a directory that stands alone: what names no namespace goes where the others do; NULL: they name several. */
static const char *only_namespace(const struct rendered *rendered)
{
    const char *only = NULL;
    for (size_t i = 0; i < rendered->count; i++) {
        const char *named = node_text(node_get(node_get(rendered->items[i], &key_metadata), &key_namespace));
        if (named && *named && only && strcmp(only, named) != 0)
            return NULL;
        only = named && *named ? named : only;
    }
    return only;
}

static void check_rendered(const struct session *session, const struct rendered *rendered, struct check_target *target,
                           struct check_work *work)
{
    struct arena *arena = work->findings->arena;
    struct check_input input = {.arena = arena,
                                .source = session->options.repository->source,
                                .targets = target,
                                .target_count = 1,
                                .policy = work->policy,
                                .today = work->today,
                                .findings = work->findings};
    target->references = references_of(session, arena, target->directory);
    target->objects = check_objects(arena, rendered->items, rendered->count, only_namespace(rendered));
    target->object_count = rendered->count;
    check_run(&input);
    work->allowing = input.allowing;
}

void check_directory(const struct repository *repository, const char *directory, const char *name,
                     const struct render_rules *rules_of, struct check_work *work)
{
    struct session session;
    struct rendered rendered = {0};
    struct error error = {0};
    struct text text = {0};
    session_open(&session, &(struct session_options){.repository = repository,
                                                     .load_restrictor = rules_of->load_restrictor,
                                                     .remote = rules_of->remote,
                                                     .helm = rules_of->helm,
                                                     .argocd_namespace = rules_of->argocd_namespace,
                                                     .node_limit = TENANTS_NODES,
                                                     .step_limit = TENANTS_STEPS,
                                                     .warn = true,
                                                     .record_writers = true,
                                                     .everything = true});
    struct check_target target = {.name = name, .directory = directory, .origins = engine_origins(session.engine)};
    target.rendered =
        session_build(&session, directory, &rendered, &error) && session_write(&session, &rendered, &text, &error);
    if (rendered.findings)
        findings_add_all(work->findings, rendered.findings, name);
    if (!target.rendered)
        check_add_error(work->findings, name,
                        error.file ? (struct place){error.file, error.line, error.column}
                                   : (struct place){directory, 0, 0},
                        error.message);
    target.kubernetes = check_minor_version(work->policy->kubernetes);
    check_rendered(&session, &rendered, &target, work);
    text_free(&text);
    error_free(&error);
    rendered_free(&rendered);
    session_close(&session);
}

/* A policy that cannot be read permits nothing here; `check` says what is wrong with it. */
static void apply_policy(const struct render_set *set, struct findings *findings)
{
    const struct source *source = set->repository->source;
    struct check_policy policy = {0};
    struct error ignored = {0};
    const char *path = path_join(set->arena, set->root, "check.yaml");
    if (check_policy_read(set->arena, source, path, false, &policy, &ignored))
        check_policy_apply(&(struct check_judging){&policy, source, check_day(set->arena, NULL), false, {0}}, findings,
                           &ignored);
    error_free(&ignored);
}

void check_summarize(const struct render_set *set, struct text *out)
{
    struct findings *findings = findings_new(set->arena);
    size_t targets = 0;
    render_set_findings(set, findings);
    for (size_t i = 0; i < set->count; i++) {
        targets += set->jobs[i]->project != NULL;
        if (set->jobs[i]->error)
            add_job(set->jobs[i], findings);
    }
    if (findings->count)
        apply_policy(set, findings);
    struct finding_report report = {.findings = findings, .target_count = targets};
    if (report_count(&report, SEVERITY_ERROR) + report_count(&report, SEVERITY_WARNING) +
            report_count(&report, SEVERITY_NOTE) ==
        0)
        return;
    text_string(out, "rootapp: ");
    write_findings_summary(&report, out);
    text_string(out, ", found while rendering; 'rootapp check' shows the findings and looks for others\n");
}

enum { MOST_NOTED = 5 };

void check_note(struct findings *findings, const struct source *source, struct text *out)
{
    const struct check_policy nothing = {0};
    struct error ignored = {0};
    struct text lines = {0};
    size_t count = 0, shown = 0;
    if (!findings || !findings->count)
        return;
    check_policy_apply(&(struct check_judging){&nothing, source, check_day(findings->arena, NULL), false, {0}},
                       findings, &ignored);
    error_free(&ignored);
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i]->severity >= SEVERITY_WARNING && !findings->items[i]->exception && ++count <= MOST_NOTED)
            findings->items[shown++] = findings->items[i];
    findings->count = shown;
    write_findings_lines(&(struct finding_report){.findings = findings}, &lines);
    for (const char *at = text_content(&lines); *at; at += strcspn(at, "\n") + 1)
        text_format(out, "rootapp: %.*s\n", (int)strcspn(at, "\n"), at);
    if (count > shown)
        text_format(out, "rootapp: %zu more like these; 'rootapp check' shows all\n", count - shown);
    text_free(&lines);
}
