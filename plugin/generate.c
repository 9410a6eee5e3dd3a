/* generate.c: what argocd-cmp-server calls: renders the working directory for one Application. */
#include "plugin/commands.h"
#include "plugin/output.h"
#include "plugin/renderer.h"
#include "plugin/request.h"
#include "plugin/trust.h"

struct generate_options {
    const char *root_project;
    bool refuse_secrets;
    const char *load_restrictor;
};

static const struct option options[] = {
    OPTION_TEXT(struct generate_options, root_project, 0, "root-project", "NAME",
                "the project whose Applications may generate argoproj.io resources; without it none may"),
    OPTION_SWITCH(struct generate_options, refuse_secrets, 0, "refuse-secrets", "refuse Secrets in plain text"),
    OPTION_CHOICE(struct generate_options, load_restrictor, 0, "load-restrictor", "NAME", load_restrictors,
                  "as for build"),
    OPTION_END,
};

static bool check(const struct request *request, const struct trust *trust, const struct renderer *renderer,
                  const struct rendered *rendered, struct error *error)
{
    if (request->environment && !renderer->made_rootapp)
        return error_set(error, "parameter 'environment' narrows a RootApp, and there is none in this directory");
    return trust_check(trust, rendered, error);
}

static bool generate(const struct request *request, const struct trust *trust, const struct renderer_options *rendering,
                     struct error *error)
{
    struct renderer renderer;
    renderer_open(&renderer, rendering);
    error->origins = engine_origins(renderer.engine);
    struct rendered rendered = {0};
    struct text text = {0};
    bool good = engine_render(renderer.engine, rendering->repository->directory, &rendered, error) &&
                check(request, trust, &renderer, &rendered, error) && rendered_write(&rendered, &text, error);
    output_note(&rendered.warnings);
    good = good && output_print(&text, error);
    text_free(&text);
    rendered_free(&rendered);
    renderer_close(&renderer);
    error->origins = NULL;
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
    if (!request_read(invocation->arena, &request, error) ||
        !request_repository(invocation->arena, &request, &repository, error))
        return EXIT_FAILED;
    struct trust trust = {
        .root_project = chosen->root_project, .project = request.project, .refuse_secrets = chosen->refuse_secrets};
    struct renderer_options rendering = {
        .repository = &repository, .load_restrictor = chosen->load_restrictor, .request = &request, .trust = &trust};
    bool good = generate(&request, &trust, &rendering, error);
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
        "only in Applications of the project that --root-project names. The plugin parameter 'environment' narrows a "
        "RootApp to the Applications of one environment.",
    .examples = "cd apps/shop/k8s/overlays/dev && rootapp generate\n",
    .options = options,
    .options_size = sizeof(struct generate_options),
    .run = run,
};
