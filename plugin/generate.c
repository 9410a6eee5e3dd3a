/* generate.c: what argocd-cmp-server calls: renders the working directory for one Application. */
#include <string.h>

#include "generator/make.h"
#include "plugin/commands.h"
#include "plugin/generate_options.h"
#include "plugin/run/checking.h"
#include "plugin/run/confine.h"
#include "plugin/run/large_renders.h"
#include "plugin/run/mirrored.h"
#include "plugin/run/output.h"
#include "plugin/run/request.h"
#include "plugin/run/session.h"
#include "plugin/run/trust.h"

/* What a render may use. Argo CD waits 60 s for a plugin and takes 100 MB from it: the deadline and the size of its
 * gRPC calls (argo-cd v3, cmpserver/plugin/plugin.go and common/common.go). The rest is some ten times what large
 * overlays need, and small enough for several renders at once. The root project's renders read all of a repository. */
struct budget {
    long memory, seconds, processor, input, output; /* MB and seconds; each has an option */
    size_t files, nodes, steps;
};
static const struct budget tenants_budget = {.memory = 256,
                                             .seconds = 50,
                                             .processor = 10,
                                             .input = 32,
                                             .output = 100,
                                             .files = 10000,
                                             .nodes = TENANTS_NODES,
                                             .steps = TENANTS_STEPS};
static const struct budget root_budget = {.memory = 384,
                                          .seconds = 50,
                                          .processor = 50,
                                          .input = 256,
                                          .output = 100,
                                          .files = 200000,
                                          .nodes = 10000000,
                                          .steps = 1000000000};
enum { MEGABYTE = 1000 * 1000 };

static const char *const formats[] = {"yaml", "json", NULL};

static const struct option options[] = {
    OPTION_CHOICE(struct generate_options, format, 'o', "output", "FORMAT", formats,
                  "yaml (default), as kustomize prints it; or json, one object a line, which Argo CD reads in a "
                  "twentieth of the time"),
    OPTION_TEXT(struct generate_options, root_project, 0, "root-project", "NAME",
                "the project whose Applications may generate argoproj.io resources; without it none may"),
    OPTION_TEXT(struct generate_options, allow_kinds, 0, "allow-kinds", "KIND,...",
                "argoproj.io kinds that any project may have, as Rollout,AnalysisTemplate"),
    OPTION_SWITCH(struct generate_options, refuse_secrets, 0, "refuse-secrets", "refuse Secrets in plain text"),
    OPTION_CHOICE(struct generate_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "as for build"),
    FETCH_OPTIONS(struct generate_options, fetch),
    HELM_OPTIONS(struct generate_options, charts),
    OPTION_TEXT(struct generate_options, mirror, 0, "mirror", "DIR",
                "read the commit from the mirror that 'rootapp mirror --dir DIR' serves, and what was sent only where "
                "it has none"),
    OPTION_SWITCH(struct generate_options, require_confinement, 0, "require-confinement",
                  "refuse to run where the kernel cannot confine the process in full"),
    OPTION_NUMBER(struct generate_options, memory_limit, 0, "memory-limit", "MB",
                  "the memory that a render may use (default 256, in the root project 384)"),
    OPTION_NUMBER(struct generate_options, time_limit, 0, "time-limit", "SECONDS",
                  "the time that a render may take (default 50)"),
    OPTION_NUMBER(struct generate_options, processor_limit, 0, "processor-limit", "SECONDS",
                  "the processor time that a render may take (default 10, in the root project 50)"),
    OPTION_NUMBER(struct generate_options, input_limit, 0, "input-limit", "MB",
                  "the size of all files that a render may read (default 32, in the root project 256)"),
    OPTION_NUMBER(struct generate_options, output_limit, 0, "output-limit", "MB",
                  "the largest output (default 100, which is what Argo CD takes)"),
    OPTION_NUMBER(struct generate_options, large_renders, 0, "large-renders", "NUMBER",
                  "how many renders that need more than 8 MB run at once, and one of the root project's besides; "
                  "others wait (default: any number)"),
    OPTION_END,
};

/* What a directory without a RootApp cannot be asked for. A parameter that has no effect is a mistake that would show
 * only later, as an Application that holds the wrong things. An Application that was made for a RootApp would print
 * less than before, and Argo CD would delete the rest. */
static bool check_rootapp(const struct request *request, const struct trust *trust, const struct session *session,
                          struct error *error)
{
    if (session->met_rootapp)
        return true;
    if (request->environment)
        return error_set(error, "parameter 'environment' narrows a RootApp, and there is none in this directory");
    if (request->engine_version && trust_is_root(trust))
        return error_set(
            error,
            "there is no RootApp in this directory, and Argo CD would delete all that it has made for '%s': "
            "name it under 'generators' again, or take " VERSION_VARIABLE " out of the Application's plugin.env",
            request->app_name ? request->app_name : "this Application");
    return true;
}

/* What Argo CD makes nothing of: a list of any kind that has no items. */
static bool is_empty_list(const struct node *root)
{
    const struct node *items = node_get(root, &key_items);
    return node_is_list(items) && !items->count;
}

/* Argo CD takes it for success, and whoever syncs then prunes everything. Whether a RootApp may have no Applications is
 * its policy's to say. */
static bool check_any_left(const struct request *request, const struct session *session,
                           const struct rendered *rendered, struct error *error)
{
    bool any = session->met_rootapp || request->allow_empty;
    for (size_t i = 0; !any && i < rendered->count; i++)
        any = !is_empty_list(rendered->items[i]);
    return any ||
           error_set(error,
                     "there is no resource in this render, and Argo CD would delete all that it has made for '%s'; if "
                     "none is what you want, set the plugin parameter " ALLOW_EMPTY_PARAMETER " of the Application to "
                     "'true'",
                     request->app_name ? request->app_name : "this Application");
}

static long chosen_or(long chosen, long otherwise)
{
    return chosen ? chosen : otherwise;
}

static struct budget budget_of(const struct generate_options *chosen, const struct trust *trust)
{
    const struct budget *usual = trust_is_root(trust) ? &root_budget : &tenants_budget;
    return (struct budget){
        .memory = chosen_or(chosen->memory_limit, usual->memory),
        .seconds = chosen_or(chosen->time_limit, usual->seconds),
        .processor = chosen_or(chosen->processor_limit, usual->processor),
        .input = chosen_or(chosen->input_limit, usual->input),
        .output = chosen_or(chosen->output_limit, usual->output),
        .files = usual->files,
        .nodes = usual->nodes,
        .steps = usual->steps,
    };
}

/* Before anything is read that tenants wrote. What the kernel cannot give is said in every run: it is in the sidecar's
 * log then. */
static bool confine_process(const struct budget *budget, const struct session_options *how,
                            const struct mirrored *mirrored, bool required, struct error *error)
{
    const char *const readable[] = {mirrored->objects_directory, NULL};
    struct text missing = {0}, note = {0};
    bool fetches = how->remote.access != REMOTE_REFUSED;
    struct confinement wanted = {
        .root = how->repository->root,
        .cache = how->remote.cache,
        .readable = readable,
        .network = fetches && !how->remote.offline,
        .execute = fetches || how->helm.enabled,
        .memory = budget->memory,
        .seconds = budget->seconds,
        .processor = budget->processor,
    };
    bool good = confine(&wanted, &missing, error);
    if (good && missing.size && required)
        good = error_set(error, "--require-confinement: this kernel does not confine %s", missing.bytes);
    else if (good && missing.size)
        text_format(&note, "rootapp: warning: this kernel does not confine %s\n", missing.bytes);
    output_note(&note);
    text_free(&note);
    text_free(&missing);
    return good;
}

/* A second before its time is over, a render that waits says that it did. */
static bool bound_large_renders(const struct generate_options *chosen, const struct trust *trust,
                                const struct budget *budget, struct arena *arena, struct error *error)
{
    struct large_renders wanted = {.at_once = chosen->large_renders,
                                   .project = trust->project,
                                   .root = trust_is_root(trust),
                                   .seconds = budget->seconds - 1};
    return !chosen->large_renders || large_renders_bound(arena, &wanted, error);
}

/* What is rendered: the mirror's commit, or what was sent. */
static bool open_source(struct mirrored *mirrored, struct arena *arena, const struct budget *budget,
                        const struct session_options *how, struct repository *repository, struct error *error)
{
    if (!mirrored_open(mirrored, arena, how->request, repository, error))
        return false;
    if (trust_is_root(how->trust) && !how->helm.enabled) /* discovery asks for much, and nothing runs that changes it */
        repository->source = source_snapshot(repository->source, false);
    source_limit(repository->source, budget->files, (size_t)budget->input * MEGABYTE);
    return true;
}

static bool generate_text(const struct session_options *how, const struct generate_options *chosen, long output_limit,
                          struct error *error)
{
    bool json = chosen->format && strcmp(chosen->format, "json") == 0;
    struct session session;
    struct rendered rendered = {0};
    struct text text = {.limit = (size_t)output_limit * MEGABYTE}, notes = {0};
    session_open(&session, how);
    bool good = session_build(&session, how->repository->directory, &rendered, error) &&
                check_rootapp(how->request, how->trust, &session, error) &&
                check_any_left(how->request, &session, &rendered, error) &&
                (json ? session_write_json : session_write)(&session, &rendered, &text, error);
    if (text.failed)
        error_append(error, " (generate --output-limit; Argo CD takes 100 MB)");
    session_notes(&session, false, &notes);
    if (good)
        check_note(rendered.findings, how->repository->source, &notes);
    if (good) { /* or Argo CD would show them with the error, which is to be one line */
        output_warnings(&rendered.warnings);
        output_note(&notes);
    }
    good = good && output_print(&text, error);
    text_free(&text);
    text_free(&notes);
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

static int run_generate(const struct invocation *invocation, struct error *error)
{
    const struct generate_options *chosen = invocation->options;
    struct request request;
    struct repository repository;
    if (chosen->root_project && !*chosen->root_project) {
        error_set(error, "--root-project needs a name");
        return EXIT_USAGE;
    }
    if (chosen->allow_kinds && !trust_may_allow(chosen->allow_kinds, error))
        return EXIT_USAGE;
    if (!request_read(invocation->arena, &request, error) ||
        !request_repository(invocation->arena, &request, &repository, error))
        return EXIT_FAILED;
    struct trust trust = {.root_project = chosen->root_project,
                          .project = request.project,
                          .allowed = chosen->allow_kinds,
                          .refuse_secrets = chosen->refuse_secrets};
    struct budget budget = budget_of(chosen, &trust);
    struct session_options how = {.repository = &repository,
                                  .load_restrictor = chosen->load_restrictor,
                                  .request = &request,
                                  .edits = &request.edits,
                                  .trust = &trust,
                                  .warn = true,
                                  .node_limit = budget.nodes,
                                  .step_limit = budget.steps};
    how.helm = helm_options_read(&chosen->charts, invocation->arena, &request);
    struct mirrored mirrored;
    mirrored_ask(&mirrored, invocation->arena, chosen->mirror, &request, (budget.seconds + 1) / 2);
    bool good = fetch_options_read(&chosen->fetch, FETCH_FOR_OTHERS, invocation->arena, &how.remote, error) &&
                bound_large_renders(chosen, &trust, &budget, invocation->arena, error) &&
                confine_process(&budget, &how, &mirrored, chosen->require_confinement, error) &&
                open_source(&mirrored, invocation->arena, &budget, &how, &repository, error) &&
                generate_text(&how, chosen, budget.output, error);
    mirrored_explain(&mirrored, invocation->arena, &repository, error);
    request_explain(invocation->arena, &repository, error);
    if (good)
        mirrored_note(&mirrored);
    repository_hide_paths(&repository, error);
    repository_close(&repository);
    mirrored_close(&mirrored, good);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command generate_command = {
    .name = "generate",
    .operands = "",
    .summary = "render the working directory for Argo CD",
    .description =
        "The command of the config management plugin: renders the kustomization in the working directory, with what "
        "Argo CD says about the Application in ARGOCD_* variables. Prints everything or nothing: a message on standard "
        "error "
        "and exit status 1 become the Application's condition, and Argo CD then changes nothing in the cluster.\n"
        "\n"
        "Nothing is read from outside the repository. RootApp resources, and all resources of the argoproj.io group, "
        "are accepted "
        "only in Applications of the project that --root-project names; --allow-kinds lets others have kinds that "
        "decide "
        "nothing. The plugin parameter 'environment' narrows a "
        "RootApp to the Applications of one environment; others change images, replicas, names, labels and more, as an "
        "Application's source.kustomize does. See docs/parameters.md.\n"
        "\n"
        "With --mirror, what is rendered is the commit that ARGOCD_APP_REVISION names, read from git's objects, "
        "whatever "
        "part of it Argo CD has sent. See docs/mirror.md.\n"
        "\n"
        "Remote bases and files are refused, except from hosts that --allow-host lists here, in the plugin's own "
        "command line. See docs/remote.md.\n"
        "\n"
        "Before it reads the repository, the process gives up what a render does not need: other files, writing, the "
        "network, other programs, and more than its share of memory and time. What the kernel cannot take away is "
        "named on standard error; --require-confinement makes that an error. See docs/security.md.",
    .examples = "cd apps/example-app/k8s/overlays/dev && rootapp generate\n",
    .options = options,
    .options_size = sizeof(struct generate_options),
    .run = run_generate,
};
