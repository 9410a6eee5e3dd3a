/* generate.c: what argocd-cmp-server calls: renders the working directory for one Application. */
#include "plugin/commands.h"
#include "plugin/helm_options.h"
#include "plugin/output.h"
#include "plugin/remote_options.h"
#include "plugin/rendering.h"
#include "plugin/request.h"
#include "plugin/trust.h"

struct generate_options {
    struct fetch_options fetch;
    struct chart_options charts;
    const char *root_project, *allow_kinds;
    bool refuse_secrets;
    const char *load_restrictor;
};

static const struct option options[] = {
    OPTION_TEXT(struct generate_options, root_project, 0, "root-project", "NAME",
                "the project whose Applications may generate argoproj.io resources; without it none may"),
    OPTION_TEXT(struct generate_options, allow_kinds, 0, "allow-kinds", "KIND,...",
                "argoproj.io kinds that any project may have, as Rollout,AnalysisTemplate"),
    OPTION_SWITCH(struct generate_options, refuse_secrets, 0, "refuse-secrets", "refuse Secrets in plain text"),
    OPTION_CHOICE(struct generate_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "as for build"),
    FETCH_OPTIONS(struct generate_options, fetch),
    HELM_OPTIONS(struct generate_options, charts),
    OPTION_END,
};

/* A parameter that has no effect is a mistake that would show only later, as an Application that holds the wrong
 * things. */
static bool check_parameters(const struct request *request, const struct rendering *rendering, struct error *error)
{
    if (!request->environment || rendering->met_rootapp)
        return true;
    return error_set(error, "parameter 'environment' narrows a RootApp, and there is none in this directory");
}

static bool generate(const struct rendering_options *how, struct error *error)
{
    struct rendering rendering;
    struct rendered rendered = {0};
    struct text text = {0}, notes = {0};
    rendering_open(&rendering, how);
    bool good = rendering_build(&rendering, how->repository->directory, &rendered, error) &&
                check_parameters(how->request, &rendering, error) &&
                rendering_write(&rendering, &rendered, &text, error);
    rendering_notes(&rendering, false, &notes);
    output_note(&rendered.warnings);
    output_note(&notes);
    good = good && output_print(&text, error);
    text_free(&text);
    text_free(&notes);
    rendered_free(&rendered);
    rendering_close(&rendering);
    return good;
}

static int run(const struct invocation *invocation, struct error *error)
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
    struct rendering_options how = {
        .repository = &repository, .load_restrictor = chosen->load_restrictor, .request = &request, .trust = &trust};
    how.helm = helm_options_read(&chosen->charts, invocation->arena, &request);
    bool good = fetch_options_read(&chosen->fetch, FETCH_FOR_OTHERS, invocation->arena, &how.remote, error) &&
                generate(&how, error);
    repository_close(&repository);
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
        "RootApp to the Applications of one environment.\n"
        "\n"
        "Remote bases and files are refused, except from hosts that --allow-host lists here, in the plugin's own "
        "command line. See docs/remote.md.",
    .examples = "cd apps/example-app/k8s/overlays/dev && rootapp generate\n",
    .options = options,
    .options_size = sizeof(struct generate_options),
    .run = run,
};
