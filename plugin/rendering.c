/* rendering.c: makes engines that know RootApp resources. */
#include "plugin/rendering.h"

#include <string.h>

#include "base/visible.h"
#include "generator/policy.h"
#include "plugin/version.h"

const char *const load_restrictors[] = {"LoadRestrictionsRootOnly", "LoadRestrictionsNone", NULL};

/* What a render of this directory noted. One that waits to be rendered is waited for: its scan comes with the render.
 */
static bool find_noted(const struct rendering *rendering, const char *directory, struct name_list *out)
{
    const struct rendering_options *options = &rendering->options;
    while (options->references && !references_find(options->references, directory, out))
        if (!options->queue || !queue_help(options->queue))
            return false;
    return options->references;
}

/* The paths that a render reads, for the generator, which does not know kustomizations. */
static bool scan(void *context, const char *directory, struct arena *arena, struct name_list *out, struct error *error)
{
    const struct rendering *rendering = context;
    struct reference_set set;
    if (find_noted(rendering, directory, out))
        return true;
    if (!engine_scan(rendering->engine, arena, directory, &set, error))
        return false;
    *out = (struct name_list){.names = ARENA_ARRAY(arena, set.directory_count + set.file_count, const char *)};
    for (size_t i = 0; i < set.directory_count; i++)
        out->names[out->count++] = set.directories[i];
    for (size_t i = 0; i < set.file_count; i++)
        out->names[out->count++] = set.files[i];
    return true;
}

void rendering_note_references(struct rendering *rendering, const char *directory)
{
    struct arena *arena = arena_new();
    struct error ignored = {.origins = engine_origins(rendering->engine)};
    struct name_list paths;
    if (scan(rendering, directory, arena, &paths, &ignored))
        references_note(rendering->options.references, directory, &paths);
    error_free(&ignored);
    arena_free(arena);
}

static struct generate_input input_of(struct rendering *rendering, struct tree *tree, const struct node *config)
{
    const struct request *request = rendering->options.request;
    struct generate_input input = {
        .source = rendering->options.repository->source,
        .tree = tree,
        .rootapp = config,
        .root_path = rendering->directory,
        .everything = true,
        .engine_version = ROOTAPP_VERSION,
        .root_project = rendering->options.trust ? rendering->options.trust->root_project : NULL,
        .scan = scan,
        .scan_context = rendering,
        .found = rendering->options.found,
        .found_context = rendering->options.context,
    };
    if (!request)
        return input;
    input.environment = request->environment;
    input.repo_url = request->repo_url;
    input.target_revision = request->target_revision;
    input.argocd_namespace = request->namespace;
    input.root_name = request->environment ? NULL : request->app_name;
    return input;
}

static bool read_policy(struct rendering *rendering, const struct generate_input *input, struct error *error)
{
    struct policy *policy = ARENA_NEW(input->tree->arena, struct policy);
    rendering->policy = policy;
    return policy_read(input, policy, error) && policy_check(input->tree, policy, error);
}

static bool refuse(const struct rendering *rendering, struct tree *tree, const struct node *config, struct error *error)
{
    return error_at(error, config->origin, "RootApp: %s", trust_reason(rendering->options.trust, tree->arena));
}

static bool add_nodes(struct tree *tree, const struct root_set *set, struct node_array *out)
{
    for (size_t i = 0; i < set->count; i++) {
        out->items = arena_grow(tree->arena, out->items, out->count, &out->room, sizeof *out->items);
        out->items[out->count++] = set->nodes[i];
    }
    return true;
}

static bool generate(void *context, struct tree *tree, const char *directory, const struct node *config,
                     struct node_array *out, struct error *error)
{
    struct rendering *rendering = context;
    (void)directory; /* Argo CD's path is that of what is built, which may have the RootApp in a base */
    if (rendering->options.trust && !trust_is_root(rendering->options.trust))
        return refuse(rendering, tree, config, error);
    if (rendering->met_rootapp)
        return error_at(error, config->origin, "RootApp: there can be only one in a build");
    rendering->met_rootapp = true;
    struct generate_input input = input_of(rendering, tree, config);
    if (rendering->options.policy_only)
        return read_policy(rendering, &input, error);
    if (!generate_root_set(&input, &rendering->set, error))
        return false;
    if (rendering->options.generated)
        rendering->options.generated(rendering->options.context);
    return add_nodes(tree, &rendering->set, out);
}

void rendering_open(struct rendering *rendering, const struct rendering_options *options)
{
    *rendering = (struct rendering){.options = *options};
    rendering->kind = (struct generator_kind){
        .api_version = "rootapp.dev/v1alpha1", .kind = "RootApp", .generate = generate, .context = rendering};
    rendering->engine = engine_new(&(struct engine_options){
        .source = options->repository->source,
        .load_restrictions_none =
            options->load_restrictor && strcmp(options->load_restrictor, "LoadRestrictionsNone") == 0,
        .refuse_build_annotations = options->request != NULL,
        .managed_by_label = options->managed_by_label,
        .keeps_order = options->keeps_order,
        .generator_kinds = &rendering->kind,
        .generator_kind_count = 1,
        .share_bases = options->share_bases,
        .edits = options->edits,
        .warn = options->warn,
        .remote = options->remote,
        .helm = options->helm,
        .functions = options->functions,
        .node_limit = options->node_limit,
        .step_limit = options->step_limit,
    });
}

void rendering_close(struct rendering *rendering)
{
    engine_free(rendering->engine);
    *rendering = (struct rendering){0};
}

static bool validate(const struct rendering *rendering, const struct rendered *rendered, struct error *error)
{
    if (!rendering->met_rootapp || rendering->options.policy_only)
        return true;
    return validate_root_set(&rendering->set, rendered->items, rendered->count, error);
}

/* Narrows to what this call is for, after all patches: a patch that names one Application has to find it in every call.
 */
static void narrow(const struct rendering *rendering, struct rendered *rendered)
{
    const char *environment = rendering->options.request ? rendering->options.request->environment : NULL;
    size_t kept = 0;
    if (!rendering->met_rootapp || rendering->options.policy_only || rendering->options.everything)
        return;
    for (size_t i = 0; i < rendered->count; i++)
        if (root_set_selects(&rendering->set, environment, rendered->items[i]))
            rendered->items[kept++] = rendered->items[i];
    rendered->count = kept;
}

bool rendering_build(struct rendering *rendering, const char *directory, struct rendered *rendered, struct error *error)
{
    const struct trust *trust = rendering->options.trust;
    const struct origins *before = error->origins;
    rendering->directory = directory;
    rendering->met_rootapp = false;
    rendering->set = (struct root_set){0};
    error->origins = engine_origins(rendering->engine);
    bool good = engine_render(rendering->engine, directory, rendered, error) && validate(rendering, rendered, error) &&
                (!trust || trust_check(trust, rendered, error));
    if (good)
        narrow(rendering, rendered);
    error->origins = before;
    return good;
}

bool rendering_write(const struct rendering *rendering, const struct rendered *rendered, struct text *out,
                     struct error *error)
{
    const struct origins *before = error->origins;
    error->origins = engine_origins(rendering->engine);
    bool good = rendered_write(rendered, out, error);
    error->origins = before;
    return good;
}

static void add_note(struct text *out, const char *path, bool skipped, const char *problem)
{
    text_string(out, "rootapp: ");
    visible_bytes(out, path, strlen(path), VISIBLE_LINE);
    text_string(out, skipped ? ": skipped: " : ": ");
    visible_bytes(out, problem, strlen(problem), VISIBLE_LINE);
    text_byte(out, '\n');
}

/* Directories come from tenants, and each render of a root writes its notes into the sidecar's log. */
enum { MOST_NOTES = 200 };

void rendering_notes(const struct rendering *rendering, bool skipped_only, struct text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < rendering->set.target_count; i++) {
        const struct target *target = &rendering->set.targets[i];
        bool skipped = !target->name;
        if (target->problem && target->path && (skipped || !skipped_only) && count++ < MOST_NOTES)
            add_note(out, target->path, skipped, target->problem);
    }
    if (count > MOST_NOTES)
        text_format(out, "rootapp: %zu more like these; 'rootapp list' shows all\n", count - MOST_NOTES);
}
