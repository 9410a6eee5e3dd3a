/* generator.c: from a policy and what discovery found to the root set and its table of targets. */
#include "generator/generator.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/text.h"
#include "generator/make.h"
#include "generator/name.h"

struct generation {
    const struct generate_input *input;
    const struct policy *policy;
    const struct environment *only;
    struct map *names; /* of Applications -> struct claim */
    struct map *app_files;
    struct sending sending;
    struct root_set *out;
    size_t node_room, target_room;
    struct accepted *accepted;
    size_t accepted_count, accepted_room;
    struct error *error;
};

/* A target that gets an Application, by its number among the targets, and where it was found. */
struct accepted {
    const struct found *found;
    size_t target;
    const char *rival; /* another directory of the same name, where nothing decides between them; NULL: none */
};

/* Who has a name: a target, by its number among the accepted, or somebody else. */
struct claim {
    const char *holder;        /* as messages say it */
    const struct found *found; /* NULL: it is no target */
    size_t accepted;
};

static void emit_node(struct generation *generation, struct node *node)
{
    struct root_set *out = generation->out;
    out->nodes =
        arena_grow(generation->input->tree->arena, out->nodes, out->count, &generation->node_room, sizeof *out->nodes);
    out->nodes[out->count++] = node;
}

static size_t add_target(struct generation *generation, const struct target *target)
{
    struct root_set *out = generation->out;
    out->targets = arena_grow(generation->input->tree->arena, out->targets, out->target_count, &generation->target_room,
                              sizeof *out->targets);
    out->targets[out->target_count] = *target;
    return out->target_count++;
}

static void claim_name(struct generation *generation, const char *name, struct claim fresh)
{
    struct claim *claim = ARENA_NEW(generation->input->tree->arena, struct claim);
    *claim = fresh;
    *map_slot(generation->names, name, strlen(name)) = claim;
}

/* Names that targets may not take besides the reserved ones: the environments' roots', and what argo/root makes by
 * hand.
 */
static void claim_fixed_names(struct generation *generation)
{
    struct arena *arena = generation->input->tree->arena;
    const struct policy *policy = generation->policy;
    const struct name_list *handmade = &generation->input->handmade;
    for (size_t i = 0; i < handmade->count; i++)
        claim_name(generation, handmade->names[i],
                   (struct claim){.holder = arena_format(arena, "an Application in %s", policy->root_path)});
    for (size_t i = 0; i < policy->spec.environments.count; i++)
        claim_name(generation, environment_root_name(arena, policy, &policy_environments(policy)[i]),
                   (struct claim){.holder = "the root of an environment"});
}

/* A team that has directories has its apps there and nowhere else, and nobody else has apps there. NULL: it is so. */
static const char *check_owner(struct arena *arena, const struct policy *policy, const struct target *target)
{
    const struct team *team = policy_team(policy, target->app, target->path),
                      *owner = directory_team(policy, target->path);
    if (owner == team || (!owner && !team->paths.count))
        return NULL;
    if (owner)
        return arena_format(arena, "the directory is team '%s''s, whose apps do not include '%s' (spec.teams, paths)",
                            owner->name, target->app);
    return arena_format(arena, "app '%s' is team '%s''s, which has its apps in other directories (spec.teams, paths)",
                        target->app, team->name);
}

/* Two directories of one entry have one name: nothing that a rival could not choose decides between them, so Argo CD is
 * to leave the Application as it is. */
static const char *contest_name(struct generation *generation, const struct claim *claim, const struct found *found,
                                const char *name)
{
    struct arena *arena = generation->input->tree->arena;
    generation->accepted[claim->accepted].rival = found->path;
    return arena_format(arena, "the name '%s' is claimed by %s, too: nothing decides between them", name,
                        claim->holder);
}

/* Why a target cannot have an Application; NULL: it can. */
static const char *check_target(struct generation *generation, const struct found *found, const struct target *target)
{
    struct arena *arena = generation->input->tree->arena;
    if (!target->team)
        return arena_format(arena, "no team in spec.teams has app '%s'", target->app);
    if (!is_subdomain(target->name))
        return arena_format(arena, "'%s' is no name of an Application: at most %d characters", target->name,
                            NAME_LONGEST);
    if (!target->namespace)
        return arena_format(arena, "%s does not say its namespace", found->rule->values);
    if (*target->namespace && !is_label(target->namespace))
        return arena_format(arena, "'%s' is no name of a namespace: at most %d characters", target->namespace,
                            NAME_LONGEST);
    if (is_reserved_namespace(generation->policy, team_by_name(generation->policy, target->team), target->namespace))
        return arena_format(arena, "namespace '%s' is reserved", target->namespace);
    if (is_reserved_name(generation->policy, target->name))
        return arena_format(arena, "the name '%s' is reserved", target->name);
    const char *problem = check_owner(arena, generation->policy, target);
    const struct claim *claim = problem ? NULL : map_get(generation->names, target->name, strlen(target->name));
    if (claim && claim->found && claim->found->rule->entry == found->rule->entry)
        return contest_name(generation, claim, found, target->name);
    return claim ? arena_format(arena, "the name '%s' is taken by %s", target->name, claim->holder) : problem;
}

static const struct binding *name_values(struct arena *arena, const struct found *found, const char *team,
                                         const struct destination *destination)
{
    size_t others = 0;
    while (found->names[others].name)
        others++;
    struct binding *values = ARENA_ARRAY(arena, others + 5, struct binding);
    values[0] = (struct binding){"app", found->app};
    values[1] = (struct binding){"env", found->environment->name};
    values[2] = (struct binding){"team", team};
    values[3] = (struct binding){"cluster", destination->cluster ? destination->cluster : ""};
    for (size_t i = 0; i < others; i++)
        values[4 + i] = found->names[i];
    return values;
}

/* Of a renderer that this program does not stand for. */
static const char *other_renderer(enum renderer renderer)
{
    return renderer == RENDERER_HELM        ? "helm"
           : renderer == RENDERER_DIRECTORY ? "directory"
           : renderer == RENDERER_OTHER     ? "other"
                                            : NULL;
}

/* NULL: the file with the values says none. */
static const char *namespace_of(struct arena *arena, const struct found *found, const struct destination *destination,
                                const struct binding *values)
{
    const char *template = namespace_template(found->rule, destination), *missing;
    const char *text = expand_text(arena, template, values);
    if (!found->rule->values)
        return text;
    text = expand_value_text(arena, text, &found->values, &missing);
    return text && (*text || !*template) ? text : NULL;
}

static struct target make_target(struct generation *generation, const struct found *found,
                                 const struct destination *destination)
{
    struct arena *arena = generation->input->tree->arena;
    const struct policy *policy = generation->policy;
    const struct team *team = policy_team(policy, found->app, found->path);
    const struct binding *values = name_values(arena, found, team ? team->name : "", destination);
    return (struct target){
        .app = found->app,
        .environment = found->environment->name,
        .cluster = destination->cluster ? destination->cluster : destination->server,
        .name = expand_text(arena, found->rule->name ? found->rule->name : policy->spec.application.name, values),
        .path = found->path,
        .team = team ? team->name : NULL,
        .project = team ? target_project(arena, policy, found->rule, team, found->environment) : NULL,
        .server = destination->server,
        .server_name = destination->name,
        .namespace = namespace_of(arena, found, destination, values),
        .repo_url = rule_has_sources(found->rule) ? NULL : rule_repository(policy, found->rule),
        .target_revision = environment_revision(policy, found->environment),
        .renderer = other_renderer(found->rule->renderer),
        .problem = found->problem,
    };
}

/* app.yaml belongs to an app, not to an environment: it is read once. */
static const struct app_file *app_file_of(struct generation *generation, const struct found *found)
{
    void **slot = map_slot(generation->app_files, found->app_path, strlen(found->app_path));
    struct share *share = found->share;
    if (*slot)
        return *slot;
    struct app_file *file = ARENA_NEW(generation->input->tree->arena, struct app_file);
    *slot = file;
    if (share->scanned <= share->most_scanned)
        read_app_file(generation->input,
                      path_join(generation->input->tree->arena, found->app_path, generation->policy->spec.app_file),
                      file);
    else
        file->problem = "app.yaml is not read: its group has too much to read";
    share->scanned += file->cost;
    return file;
}

static void add_problem(struct arena *arena, struct target *target, const char *problem)
{
    if (problem)
        target->problem = target->problem ? arena_format(arena, "%s; %s", target->problem, problem) : problem;
}

static void accept_target(struct generation *generation, const struct found *found, const struct target *target)
{
    const struct generate_input *input = generation->input;
    struct arena *arena = input->tree->arena;
    claim_name(generation, target->name,
               (struct claim){.holder = found->path, .found = found, .accepted = generation->accepted_count});
    generation->accepted = arena_grow(arena, generation->accepted, generation->accepted_count,
                                      &generation->accepted_room, sizeof *generation->accepted);
    generation->accepted[generation->accepted_count++] =
        (struct accepted){.found = found, .target = add_target(generation, target)};
    generation->out->application_count++;
    if (input->found)
        input->found(input->found_context, target);
}

static void add_found(void *context, const struct found *found)
{
    struct generation *generation = context;
    const struct environment *environment = found->environment;
    for (size_t i = 0; i < environment->destinations.count; i++) {
        struct target target = make_target(generation, found, &environment_destinations(environment)[i]);
        const char *refusal = check_target(generation, found, &target);
        if (!refusal) {
            accept_target(generation, found, &target);
            continue;
        }
        target.problem = refusal;
        target.name = NULL;
        add_target(generation, &target);
    }
}

static const struct found *const *found_targets(const struct generation *generation)
{
    const struct found **targets =
        ARENA_ARRAY(generation->input->tree->arena, generation->accepted_count + 1, const struct found *);
    for (size_t i = 0; i < generation->accepted_count; i++)
        targets[i] = generation->accepted[i].found;
    return targets;
}

static void divide_shares(const struct generation *generation)
{
    struct share **shares = ARENA_ARRAY(generation->input->tree->arena, generation->accepted_count + 1, struct share *);
    for (size_t i = 0; i < generation->accepted_count; i++)
        shares[i] = generation->accepted[i].found->share;
    shares_divide(shares, generation->accepted_count);
}

/* What is known of a directory for all its clusters. */
struct overlay {
    const struct found *found;
    struct generate_paths paths;
    const char *scan_problem;
};

static void look_at_overlay(struct generation *generation, const struct found *found, struct overlay *out)
{
    if (out->found == found)
        return;
    *out = (struct overlay){.found = found};
    if (!found->problem)
        out->paths = find_generate_paths(&generation->sending, found, &out->scan_problem);
}

/* Each Application of a group can have what Kubernetes takes, but not all of them together what the root may print. */
static bool has_room(struct share *share, const struct app_file *file, const struct generate_paths *paths)
{
    share->text += file->size + (paths->annotation ? strlen(paths->annotation) : 0);
    return share->text <= share->most_text;
}

/* Values that make nothing valid must cost nobody else anything: Argo CD leaves the Application as it is. */
static struct node *make_with_values(struct generation *generation, const struct found *found, struct target *target,
                                     const struct app_file *file, const struct generate_paths *paths)
{
    struct tree *tree = generation->input->tree;
    struct values values = found->values;
    struct node *application = make_application(tree, generation->policy, found, target, file, paths, &values);
    if (found->rule->values && !values.problem)
        values.problem = made_application_problem(generation->out, application);
    if (!values.problem)
        return application;
    application = make_application(tree, generation->policy, found, target, file, paths, &values);
    add_annotation(tree, application, ARGOCD_HOOK, "Skip");
    add_problem(tree->arena, target,
                arena_format(tree->arena, "%s; Argo CD leaves the Application as it is", values.problem));
    return application;
}

static void emit_application(struct generation *generation, const struct accepted *accepted, struct overlay *overlay)
{
    static const struct app_file no_file = {0};
    struct tree *tree = generation->input->tree;
    const struct found *found = accepted->found;
    struct target *target = &generation->out->targets[accepted->target];
    const struct app_file *file = app_file_of(generation, found);
    look_at_overlay(generation, found, overlay);
    struct generate_paths paths = overlay->paths;
    add_problem(tree->arena, target, overlay->scan_problem);
    add_problem(tree->arena, target, file->problem);
    if (!has_room(found->share, file, &paths)) {
        paths.annotation = paths.part = NULL;
        file = &no_file;
        add_problem(tree->arena, target,
                    arena_format(tree->arena, "annotations left out: those in '%s' have more than %zu KiB",
                                 found->share->path, found->share->most_text / 1024));
    }
    struct node *application = make_with_values(generation, found, target, file, &paths);
    if (accepted->rival) {
        add_annotation(tree, application, ARGOCD_HOOK, "Skip");
        add_problem(tree->arena, target,
                    arena_format(tree->arena,
                                 "%s has the same name, and nothing decides between them: Argo CD leaves the "
                                 "Application '%s' as it is; rename one, or give teams their paths",
                                 accepted->rival, target->name));
    }
    emit_node(generation, application);
}

static void add_refused(struct generation *generation, const struct refused *refused)
{
    add_target(generation, &(struct target){.app = refused->app,
                                            .environment = refused->environment,
                                            .path = refused->path,
                                            .problem = refused->problem});
}

static size_t environment_index(const struct policy *policy, const char *name)
{
    const struct environment *environment = name ? policy_environment(policy, name) : NULL;
    return environment ? (size_t)(environment - policy_environments(policy)) : policy->spec.environments.count;
}

/* A row of the table and what it is sorted by. */
struct row {
    struct target target;
    size_t environment, order;
};

static int compare_rows(const void *left, const void *right)
{
    const struct row *one = left, *other = right;
    int order = string_compare(one->target.app, other->target.app);
    if (!order && one->environment != other->environment)
        order = one->environment < other->environment ? -1 : 1;
    if (!order)
        order = string_compare(one->target.cluster, other->target.cluster);
    if (!order)
        order = string_compare(one->target.path, other->target.path);
    return order ? order : one->order < other->order ? -1 : 1;
}

static void sort_targets(struct generation *generation)
{
    struct root_set *out = generation->out;
    struct row *rows = ARENA_ARRAY(generation->input->tree->arena, out->target_count + 1, struct row);
    for (size_t i = 0; i < out->target_count; i++)
        rows[i] = (struct row){.target = out->targets[i],
                               .environment = environment_index(generation->policy, out->targets[i].environment),
                               .order = i};
    qsort(rows, out->target_count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < out->target_count; i++)
        out->targets[i] = rows[i].target;
}

static bool emit_projects(struct generation *generation)
{
    const struct policy_spec *spec = &generation->policy->spec;
    for (size_t i = 0; !spec->projects.existing && i < spec->teams.count; i++)
        for (size_t j = 0; j < spec->environments.count; j++) {
            struct node *project =
                make_project(generation->input->tree, generation->policy, &policy_teams(generation->policy)[i],
                             &policy_environments(generation->policy)[j], generation->error);
            if (!project)
                return false;
            emit_node(generation, project);
        }
    return true;
}

static void emit_environment_roots(struct generation *generation)
{
    const struct policy *policy = generation->policy;
    for (size_t i = 0; i < policy->spec.environments.count; i++)
        emit_node(generation, make_environment_root(generation->input->tree, policy, &policy_environments(policy)[i]));
}

static bool find_environment(struct generation *generation)
{
    const struct generate_input *input = generation->input;
    if (!input->environment)
        return true;
    generation->only = policy_environment(generation->policy, input->environment);
    return generation->only || error_at(generation->error, field_origin(generation->policy->spec.node, "environments"),
                                        "environment '%s' is not listed in spec.environments", input->environment);
}

/* As root_set_selects decides of the Application. */
static bool is_wanted(const struct generation *generation, const struct found *found)
{
    const struct environment *only = generation->only;
    if (!generation->input->narrow)
        return true;
    return only ? found->environment == only : generation->policy->partition == PARTITION_NONE;
}

static void restart_generation(void *context)
{
    struct generation *generation = context;
    generation->names = map_new(generation->input->tree->arena);
    generation->accepted_count = 0;
    generation->out->target_count = generation->out->application_count = 0;
    claim_fixed_names(generation);
}

static bool generate_all(struct generation *generation)
{
    const struct generate_input *input = generation->input;
    const struct policy *policy = generation->policy;
    struct discovery discovery = {.tell = add_found, .restart = restart_generation, .context = generation};
    if (!find_environment(generation))
        return false;
    if (!discover(input, policy, &discovery, generation->error))
        return false;
    if (input->all_found)
        input->all_found(input->found_context);
    if (!emit_projects(generation))
        return false;
    if (policy->partition == PARTITION_ENVIRONMENT)
        emit_environment_roots(generation);
    divide_shares(generation);
    generation->sending = sending_of(input, policy, found_targets(generation), generation->accepted_count);
    struct overlay overlay = {0};
    for (size_t i = 0; i < generation->accepted_count; i++)
        if (is_wanted(generation, generation->accepted[i].found))
            emit_application(generation, &generation->accepted[i], &overlay);
    generation->out->missing = discovery.missing;
    for (size_t i = 0; i < discovery.refused_count; i++)
        add_refused(generation, &discovery.refused[i]);
    sort_targets(generation);
    return root_set_check_empty(generation->out, generation->input->environment, generation->error);
}

bool generate_root_set(const struct generate_input *input, struct root_set *out, struct error *error)
{
    struct arena *arena = input->tree->arena;
    struct policy *policy = ARENA_NEW(arena, struct policy);
    struct tree *tree = ARENA_NEW(arena, struct tree);
    *tree = *input->tree;
    *out = (struct root_set){.policy = policy, .tree = tree};
    struct generation generation = {.input = input,
                                    .policy = policy,
                                    .names = map_new(arena),
                                    .app_files = map_new(arena),
                                    .out = out,
                                    .error = error};
    if (!policy_read(input, policy, error))
        return false;
    claim_fixed_names(&generation);
    return generate_all(&generation);
}
