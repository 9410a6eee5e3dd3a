/* session.c: makes engines that know RootApp resources. */
#include "plugin/run/session.h"

#include <string.h>

#include "base/map.h"
#include "base/visible.h"
#include "generator/policy.h"
#include "plugin/run/hints.h"
#include "plugin/run/plain_root.h"
#include "plugin/run/version.h"

const char *const load_restrictors[] = {"LoadRestrictionsRootOnly", "LoadRestrictionsNone", NULL};
const char *const build_orders[] = {"legacy", "none", NULL};

/* The paths that a render reads, for the generator, which does not know kustomizations: as its render noted them, or
 * looked up. */
static bool scan_directory(void *context, const char *directory, struct arena *arena, struct name_list *out,
                           size_t *cost, struct error *error)
{
    const struct session *session = context;
    struct reference_set set;
    struct reference_cache *noted = session->options.references;
    if (noted && reference_cache_find(noted, directory, out, cost))
        return true;
    bool good = engine_scan(session->engine, arena, directory, &set, error);
    *cost = set.cost;
    if (!good)
        return false;
    *out = (struct name_list){.names = ARENA_ARRAY(arena, set.directory_count + set.file_count, const char *)};
    for (size_t i = 0; i < set.directory_count; i++)
        out->names[out->count++] = set.directories[i];
    for (size_t i = 0; i < set.file_count; i++)
        out->names[out->count++] = set.files[i];
    if (session->options.keep_scans)
        reference_cache_note(noted, directory, out, *cost);
    return true;
}

void session_note_references(struct session *session, const char *directory)
{
    struct arena *arena = arena_new();
    struct error ignored = {0};
    struct name_list paths;
    size_t cost;
    if (scan_directory(session, directory, arena, &paths, &cost, &ignored))
        reference_cache_note(session->options.references, directory, &paths, cost);
    error_free(&ignored);
    arena_free(arena);
}

/* A build of the session's directory that nobody is told of. */
static struct session_options quiet_options(const struct session *session, enum look look)
{
    struct session_options options = session->options;
    options.look = look;
    options.everything = true;
    options.trust = NULL;
    options.warn = options.record_writers = false;
    options.found = NULL;
    options.generated = NULL;
    return options;
}

static const char *application_name(const struct node *resource)
{
    const struct node *name = node_get(node_get(resource, &key_metadata), &key_name);
    return node_equals(node_get(resource, &key_kind), "Application") ? node_text(name) : NULL;
}

static void add_name(struct arena *arena, struct name_list *names, const char *name)
{
    names->names[names->count++] = arena_string(arena, name);
}

/* Those of the Applications that are made by hand, after all patches, and `session->taken`: no directory may take one.
 * Where the root cannot be built so, its own build says why, or nothing is lost but this. */
static struct name_list names_of_root(const struct session *session, struct arena *arena)
{
    const struct session_options options = quiet_options(session, LOOK_WITHOUT_ROOTAPP);
    struct session other;
    struct rendered rendered = {0};
    struct error ignored = {0};
    size_t taken = session->taken ? session->taken->count : 0;
    session_open(&other, &options);
    bool good = session_build(&other, session->directory, &rendered, &ignored);
    struct name_list names = {.names = ARENA_ARRAY(arena, (good ? rendered.count : 0) + taken + 1, const char *)};
    for (size_t i = 0; good && i < rendered.count; i++)
        if (application_name(rendered.items[i]))
            add_name(arena, &names, application_name(rendered.items[i]));
    for (size_t i = 0; i < taken; i++)
        add_name(arena, &names, session->taken->names[i]);
    error_free(&ignored);
    rendered_free(&rendered);
    session_close(&other);
    return names;
}

static struct name_list twins_of(const struct rendered *rendered, struct arena *arena)
{
    struct map *seen = map_new(arena);
    struct name_list twins = {.names = ARENA_ARRAY(arena, rendered->count + 1, const char *)};
    for (size_t i = 0; i < rendered->count; i++) {
        const char *name = application_name(rendered->items[i]);
        void **slot = name ? map_slot(seen, name, strlen(name)) : NULL;
        if (slot && *slot)
            add_name(arena, &twins, name);
        else if (slot)
            *slot = (void *)name;
    }
    return twins;
}

/* Names that two Applications have: a patch has given one the name of another. */
static struct name_list twins_in_root(const struct session *session, struct arena *arena)
{
    const struct session_options options = quiet_options(session, LOOK_FOR_TWINS);
    struct session other;
    struct rendered rendered = {0};
    struct error ignored = {0};
    struct name_list twins = {0};
    session_open(&other, &options);
    if (session_build(&other, session->directory, &rendered, &ignored))
        twins = twins_of(&rendered, arena);
    error_free(&ignored);
    rendered_free(&rendered);
    session_close(&other);
    return twins;
}

/* Where nothing comes after the RootApp that could name an Application of another environment, none has to be made. */
static bool narrows_early(const struct session *session, const char *directory)
{
    const struct session_options *options = &session->options;
    return !options->everything && strcmp(directory, session->directory) == 0 &&
           is_plain_root(options->repository->source, directory, options->edits);
}

static struct generate_input input_of(struct session *session, struct tree *tree, const char *directory,
                                      const struct node *config)
{
    const struct request *request = session->options.request;
    struct generate_input input = {
        .source = session->options.repository->source,
        .tree = tree,
        .rootapp = config,
        .root_path = session->directory,
        .engine_version = ROOTAPP_VERSION,
        .root_project = session->options.trust ? session->options.trust->root_project : NULL,
        .argocd_namespace = session->options.argocd_namespace,
        .scan = scan_directory,
        .scan_context = session,
        .found = session->taken ? NULL : session->options.found,
        .all_found = session->taken ? NULL : session->options.all_found,
        .found_context = session->options.context,
    };
    if (!request)
        return input;
    input.environment = request->environment;
    input.repo_url = request->repo_url;
    input.target_revision = request->target_revision;
    input.argocd_namespace = request->namespace;
    input.root_name = request->environment ? NULL : request->app_name;
    input.narrow = narrows_early(session, directory);
    return input;
}

static bool read_policy(struct session *session, const struct generate_input *input, struct error *error)
{
    struct policy *policy = ARENA_NEW(input->tree->arena, struct policy);
    session->policy = policy;
    return policy_read(input, policy, error) && policy_check(input->tree, policy, error);
}

static bool refuse_parameter(const struct session *session, struct tree *tree, const struct node *config,
                             struct error *error)
{
    return error_at(error, config->origin, "RootApp: %s", trust_reason(session->options.trust, tree->arena));
}

static bool add_nodes(struct tree *tree, const struct root_set *set, struct node_array *out)
{
    for (size_t i = 0; i < set->count; i++) {
        out->items = arena_grow(tree->arena, out->items, out->count, &out->room, sizeof *out->items);
        out->items[out->count++] = set->nodes[i];
    }
    return true;
}

static bool generate_set(void *context, struct tree *tree, const char *directory, const struct node *config,
                         struct node_array *out, struct error *error)
{
    struct session *session = context;
    if (session->options.trust && !trust_is_root(session->options.trust))
        return refuse_parameter(session, tree, config, error);
    if (session->options.look == LOOK_WITHOUT_ROOTAPP)
        return true;
    if (session->met_rootapp)
        return error_at(error, config->origin, "RootApp: there can be only one in a build");
    session->met_rootapp = true;
    struct generate_input input = input_of(session, tree, directory, config);
    if (session->options.policy_only)
        return read_policy(session, &input, error);
    input.handmade = names_of_root(session, tree->arena);
    if (!generate_root_set(&input, &session->set, error))
        return false;
    if (session->options.generated && !session->taken)
        session->options.generated(session->options.context);
    return add_nodes(tree, &session->set, out);
}

static void note_absence(struct session *session, const struct error *reason)
{
    struct arena *arena = session->set.tree->arena;
    struct absence *absence = ARENA_NEW(arena, struct absence);
    *absence = (struct absence){
        .next = session->absences,
        .place = reason->file ? arena_format(arena, "%s:%u:%u", reason->file, reason->line, reason->column)
                              : session->directory,
        .problem = arena_string(arena, reason->message)};
    session->absences = absence;
}

static bool is_target(const struct root_set *set, const char *name)
{
    for (size_t i = 0; i < set->target_count; i++)
        if (set->targets[i].name && strcmp(set->targets[i].name, name) == 0)
            return true;
    return false;
}

/* A tenant decides whether an Application is there, and the policy whether what needs one may do without it. One that
 * is there has only been named badly. */
static bool may_be_absent(void *context, const char *kind, const char *name, const struct error *reason)
{
    struct session *session = context;
    if (session->options.look || session->options.policy_only)
        return true;
    const struct policy *policy = session->met_rootapp ? session->set.policy : NULL;
    if (!policy || !policy->spec.allow_absent || reason->kind != ERROR_ABSENT || !kind || !name ||
        strcmp(kind, "Application") != 0 || is_target(&session->set, name))
        return false;
    note_absence(session, reason);
    return true;
}

void session_open(struct session *session, const struct session_options *options)
{
    *session = (struct session){.options = *options};
    session->kind = (struct generator_kind){
        .api_version = "rootapp.dev/v1alpha1", .kind = "RootApp", .generate = generate_set, .context = session};
    session->engine = engine_new(&(struct engine_options){
        .source = options->repository->source,
        .load_restrictions_none =
            options->load_restrictor && strcmp(options->load_restrictor, "LoadRestrictionsNone") == 0,
        .refuse_build_annotations = options->request != NULL,
        .managed_by_label = options->managed_by_label,
        .keeps_order = options->keeps_order,
        .generator_kinds = &session->kind,
        .generator_kind_count = 1,
        .share_bases = options->share_bases,
        .edits = options->edits,
        .warn = options->warn,
        .forgive = may_be_absent,
        .forgive_context = session,
        .allow_twins = options->look == LOOK_FOR_TWINS,
        .record_writers = options->record_writers,
        .remote = options->remote,
        .helm = options->helm,
        .functions = options->functions,
        .node_limit = options->node_limit,
        .step_limit = options->step_limit,
    });
}

void session_close(struct session *session)
{
    engine_free(session->engine);
    *session = (struct session){0};
}

static bool validate_output(const struct session *session, const struct rendered *rendered, struct error *error)
{
    if (!session->met_rootapp || session->options.policy_only || session->options.look)
        return true;
    return validate_root_set(&session->set, rendered->items, rendered->count, error);
}

/* Narrows to what this call is for, after all patches: a patch that names one Application has to find it in every call.
 */
static void narrow_root(const struct session *session, struct rendered *rendered)
{
    const char *environment = session->options.request ? session->options.request->environment : NULL;
    size_t kept = 0;
    if (!session->met_rootapp || session->options.policy_only || session->options.everything)
        return;
    for (size_t i = 0; i < rendered->count; i++)
        if (root_set_selects(&session->set, environment, rendered->items[i]))
            rendered->items[kept++] = rendered->items[i];
    rendered->count = kept;
}

/* What Argo CD does not tell the plugin of an Application, the Application tells it. */
static void pass_on(const struct session *session, struct rendered *rendered)
{
    for (size_t i = 0; session->met_rootapp && !session->options.policy_only && i < rendered->count; i++)
        rendered->items[i] = application_pass_allow_empty(session->set.tree, rendered->items[i]);
}

static bool build_checked(struct session *session, struct rendered *rendered, struct error *error)
{
    const struct trust *trust = session->options.trust;
    session->met_rootapp = false;
    session->set = (struct root_set){0};
    session->absences = NULL;
    return engine_render(session->engine, session->directory, rendered, error) &&
           validate_output(session, rendered, error) && (!trust || trust_check(trust, rendered, error));
}

/* A name that a patch gives to one Application, and a directory to another, is the patch's: once more, without the
 * directory. */
static bool build_without_twins(struct session *session, struct rendered *rendered, struct error *error)
{
    struct arena *arena = arena_new();
    struct name_list taken = twins_in_root(session, arena);
    bool good = false;
    if (taken.count) {
        session->taken = &taken;
        error_free(error);
        rendered_free(rendered);
        *rendered = (struct rendered){0};
        good = build_checked(session, rendered, error);
        session->taken = NULL;
    }
    arena_free(arena);
    return good;
}

bool session_build(struct session *session, const char *directory, struct rendered *rendered, struct error *error)
{
    session->directory = directory;
    bool good = build_checked(session, rendered, error);
    if (!good && error->kind == ERROR_TWICE && session->met_rootapp && !session->options.look)
        good = build_without_twins(session, rendered, error);
    if (good)
        narrow_root(session, rendered);
    if (good)
        pass_on(session, rendered);
    if (good)
        return true;
    error_resolve(error, engine_origins(session->engine));
    error_hint(session->options.repository, directory, !session->options.request, error);
    return false;
}

bool session_write(const struct session *session, const struct rendered *rendered, struct text *out,
                   struct error *error)
{
    const struct trust *trust = session->options.trust;
    size_t start = out->size;
    return rendered_write(rendered, out, error) &&
           (!trust || trust_check_text(trust, text_content(out) + start, out->size - start, error));
}

bool session_write_json(const struct session *session, const struct rendered *rendered, struct text *out,
                        struct error *error)
{
    const struct trust *trust = session->options.trust;
    size_t start = out->size;
    return rendered_write_json(rendered, out, error) &&
           (!trust || trust_check_json(trust, text_content(out) + start, out->size - start, error));
}

void session_keep(struct session *session, struct rendered *rendered, struct arena *arena)
{
    engine_keep(session->engine, rendered, arena);
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

void session_notes(const struct session *session, bool skipped_only, struct text *out)
{
    size_t count = 0;
    for (const struct absence *absence = session->absences; absence; absence = absence->next)
        add_note(out, absence->place, false, absence->problem);
    for (size_t i = 0; i < session->set.target_count; i++) {
        const struct target *target = &session->set.targets[i];
        bool skipped = !target->name;
        if (target->problem && target->path && (skipped || !skipped_only) && count++ < MOST_NOTES)
            add_note(out, target->path, skipped, target->problem);
    }
    if (count > MOST_NOTES)
        text_format(out, "rootapp: %zu more like these; 'rootapp list' shows all\n", count - MOST_NOTES);
}
