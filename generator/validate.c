/* validate.c: checks the root set as it leaves, after every patch. */
#include <string.h>

#include "base/go_values.h"
#include "base/map.h"
#include "base/text.h"
#include "generator/make.h"
#include "generator/name.h"
#include "generator/permit.h"
#include "generator/validate.h"

struct validation {
    const struct root_set *set;
    const struct policy *policy;
    struct map *projects; /* name -> AppProject, patched or as the policy makes it */
    struct map *existing; /* name of a project that is made by other means -> itself */
    struct map *roots;    /* name -> struct environment */
    struct map *targets;  /* name -> struct target */
    struct map *names;    /* "kind/name" -> node */
    size_t applications;
    struct error *error;
};

static const char *text_at(const struct node *node, const char *one, const char *two)
{
    const char *text = node_text(node_find(node_find(node, one), two));
    return text ? text : "";
}

static const char *name_of(const struct node *resource)
{
    return text_at(resource, "metadata", "name");
}

static bool refuse_resource(const struct validation *check, const struct node *resource, const char *message)
{
    const char *kind = node_text(node_get(resource, &key_kind));
    return error_at(check->error, resource->origin, "%s '%s': %s", kind ? kind : "?", name_of(resource), message);
}

#define REFUSE(check, resource, ...) \
    refuse_resource((check), (resource), arena_format((check)->set->tree->arena, __VA_ARGS__))

static bool is_kind(const struct node *resource, const char *kind)
{
    return node_equals(node_get(resource, &key_apiVersion), ARGOCD_API) &&
           node_equals(node_get(resource, &key_kind), kind);
}

static bool refuse_twin(const struct validation *check, const struct node *resource)
{
    return error_at_kind(check->error, ERROR_TWICE, resource->origin,
                         "%s '%s': two resources have this name; Argo CD would keep the last one",
                         node_get(resource, &key_kind)->text, name_of(resource));
}

static bool check_identity(struct validation *check, const struct node *resource)
{
    const struct policy *policy = check->policy;
    const char *name = name_of(resource), *namespace = text_at(resource, "metadata", "namespace");
    if (!is_kind(resource, "Application") && !is_kind(resource, "AppProject"))
        return REFUSE(check, resource, "a root set holds only Applications and AppProjects of " ARGOCD_API);
    if (!validate_fields(resource, policy->argocd_version, check->error))
        return false;
    if (*namespace && strcmp(namespace, policy->argocd_namespace) != 0)
        return REFUSE(check, resource, "namespace '%s': it has to be Argo CD's own, '%s'", namespace,
                      policy->argocd_namespace);
    if (!is_subdomain(name))
        return REFUSE(check, resource, "a name is lower-case letters, digits, '-' and '.', at most %d characters",
                      NAME_LONGEST);
    const char *key = arena_format(check->set->tree->arena, "%s/%s", node_get(resource, &key_kind)->text, name);
    void **slot = map_slot(check->names, key, strlen(key));
    if (*slot)
        return refuse_twin(check, resource);
    *slot = (void *)resource;
    return true;
}

/* Projects. */

/* Every cluster that the project names, and Argo CD's own. */
static bool reaches_argocd(const struct validation *check, const struct node *project)
{
    const char *namespace = check->policy->argocd_namespace;
    const struct node *list = node_find(node_get(project, &key_spec), "destinations");
    if (project_permits_destination(project, ARGOCD_SERVER, "in-cluster", namespace))
        return true;
    for (uint32_t i = 0; node_is_list(list) && i < list->count; i++) {
        const char *server = node_text(node_find(list->items[i], "server"));
        const char *name = node_text(node_get(list->items[i], &key_name));
        if (project_permits_destination(project, server ? server : "https://?", name, namespace))
            return true;
    }
    return false;
}

static bool may_reach_argocd(const struct validation *check, const char *project)
{
    const struct policy *policy = check->policy;
    for (size_t i = 0; i < policy->spec.teams.count; i++)
        for (size_t j = 0; policy_teams(policy)[i].argocd_admin && j < policy->spec.environments.count; j++)
            if (strcmp(project, project_name(check->set->tree->arena, policy, &policy_teams(policy)[i],
                                             &policy_environments(policy)[j])) == 0)
                return true;
    return false;
}

static const struct node *environment_label(const struct node *resource)
{
    return node_find(node_get(node_get(resource, &key_metadata), &key_labels), LABEL_ENVIRONMENT);
}

static bool check_project(struct validation *check, const struct node *project)
{
    const char *name = name_of(project);
    void **slot = map_slot(check->projects, name, strlen(name));
    if (strcmp(name, "default") == 0 || strcmp(name, check->policy->root_project) == 0)
        return REFUSE(check, project, "this project is not the root set's to change");
    if (!*slot)
        return REFUSE(check, project, "the policy has no such project (spec.projects.name '%s')",
                      check->policy->spec.projects.name);
    const char *environment = node_text(environment_label(*slot));
    if (!environment || !node_equals(environment_label(project), environment))
        return REFUSE(check, project, "the label " LABEL_ENVIRONMENT " cannot be changed");
    *slot = (void *)project;
    if (!validate_project(project, check->error))
        return false;
    return may_reach_argocd(check, name) || !reaches_argocd(check, project) ||
           REFUSE(check, project, "it permits the namespace '%s': who deploys there is Argo CD's admin",
                  check->policy->argocd_namespace);
}

/* Applications. */

static const struct node *plugin_of(const struct node *source)
{
    return node_find(source, "plugin");
}

static bool has_environment_parameter(const struct node *plugin, const char *environment)
{
    const struct node *list = node_find(plugin, "parameters");
    return node_is_list(list) && list->count == 1 &&
           node_equals(node_get(list->items[0], &key_name), ENVIRONMENT_PARAMETER) &&
           node_equals(node_find(list->items[0], "string"), environment);
}

/* A root acts with the root project's rights, so what it renders and where it applies cannot be patched. */
static bool check_root(const struct validation *check, const struct node *application)
{
    const struct policy *policy = check->policy;
    const char *name = name_of(application);
    const struct environment *environment = map_get(check->roots, name, strlen(name));
    const struct node *spec = node_get(application, &key_spec), *source = node_find(spec, "source");
    if (!environment || policy->partition == PARTITION_NONE)
        return REFUSE(check, application, "only the roots of environments may be in project '%s'",
                      policy->root_project);
    bool same_source = node_equals(node_find(source, "repoURL"), policy->repo_url) &&
                       node_equals(node_find(source, "path"), policy->root_path) &&
                       node_equals(node_find(source, "targetRevision"), environment_revision(policy, environment)) &&
                       node_equals(node_get(plugin_of(source), &key_name), policy->plugin_name) &&
                       has_environment_parameter(plugin_of(source), environment->name);
    if (!same_source || node_find(spec, "sources") || node_find(spec, "sourceHydrator"))
        return REFUSE(check, application, "the source of an environment's root cannot be changed");
    if (strcmp(text_at(spec, "destination", "server"), ARGOCD_SERVER) != 0 || *text_at(spec, "destination", "name") ||
        strcmp(text_at(spec, "destination", "namespace"), policy->argocd_namespace) != 0)
        return REFUSE(check, application, "the destination of an environment's root cannot be changed");
    const char *paths = root_generate_paths(check->set->tree->arena, policy);
    const char *patched =
        node_text(node_find(node_get(node_get(application, &key_metadata), &key_annotations), ARGOCD_GENERATE_PATHS));
    if (paths ? !patched || strcmp(patched, paths) != 0 : patched != NULL)
        return REFUSE(check, application,
                      paths
                          ? "a root's manifest-generate-paths follow from the policy"
                          : "a root has no manifest-generate-paths: Argo CD would not see a directory that moves away");
    return true;
}

static bool is_set(const struct node *source, const char *field)
{
    const char *text = node_text(node_find(source, field));
    return text && *text;
}

/* `beside`: one of several sources, which may be there for the others' files alone. */
static bool check_source(const struct validation *check, const struct node *application, const struct node *source,
                         const struct node *project, bool beside)
{
    const char *url = node_text(node_find(source, "repoURL")), *path = node_text(node_find(source, "path"));
    if (project && (!url || !project_permits_source(project, url)))
        return REFUSE(check, application, "its project '%s' does not permit the repository '%s'", name_of(project),
                      url ? url : "");
    if (!is_set(source, "path") && !is_set(source, "chart") && !(beside && is_set(source, "ref")))
        return REFUSE(check, application, "a source needs a path");
    if (is_set(source, "chart") && !is_set(source, "targetRevision"))
        return REFUSE(check, application, "a chart needs a targetRevision");
    if (path && (*path == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 || strstr(path, "/../")))
        return REFUSE(check, application, "the path '%s' leads out of the repository", path);
    return true;
}

static bool check_sources(const struct validation *check, const struct node *application, const struct node *project)
{
    const struct node *spec = node_get(application, &key_spec);
    const struct node *source = node_find(spec, "source"), *sources = node_find(spec, "sources");
    if (node_find(spec, "sourceHydrator"))
        return REFUSE(check, application, "sourceHydrator is not supported: it writes to the repository");
    if (!sources)
        return check_source(check, application, source, project, false);
    if (source || !sources->count)
        return REFUSE(check, application, "it needs either source or a list of sources");
    for (uint32_t i = 0; i < sources->count; i++)
        if (!check_source(check, application, sources->items[i], project, true))
            return false;
    return true;
}

/* Whose rights an Application uses: its target's team; of one that is written by hand, the team of its directory. */
static const struct team *admin_team(const struct validation *check, const struct node *application,
                                     const struct target *target)
{
    const struct node *source = node_find(node_get(application, &key_spec), "source");
    const char *path = node_text(node_find(source, "path"));
    if (target)
        return team_by_name(check->policy, target->team);
    bool here = path && node_equals(node_find(source, "repoURL"), check->policy->repo_url);
    return here ? directory_team(check->policy, path) : NULL;
}

static bool check_destination(const struct validation *check, const struct node *application,
                              const struct node *project, const struct target *target)
{
    const struct node *destination = node_find(node_get(application, &key_spec), "destination");
    const char *server = node_text(node_find(destination, "server"));
    const char *name = node_text(node_get(destination, &key_name));
    const char *namespace = node_text(node_get(destination, &key_namespace));
    if (!is_set(destination, "server") == !is_set(destination, "name"))
        return REFUSE(check, application, "a destination has either a server or a name");
    if (!namespace || !is_label(namespace))
        return REFUSE(check, application, "'%s' is no namespace", namespace ? namespace : "");
    if (is_reserved_namespace(check->policy, admin_team(check, application, target), namespace))
        return REFUSE(check, application, "namespace '%s' is reserved", namespace);
    server = is_set(destination, "server") ? server_without_slashes(check->set->tree->arena, server) : NULL;
    name = is_set(destination, "name") ? name : NULL;
    /* Argo CD knows both, whichever is given; for its own cluster, so do we. */
    if (server && strcmp(server, ARGOCD_SERVER) == 0)
        name = "in-cluster";
    else if (name && strcmp(name, "in-cluster") == 0)
        server = ARGOCD_SERVER;
    return project_permits_destination(project, server ? server : "https://?", name, namespace) ||
           REFUSE(check, application, "its project '%s' does not permit namespace '%s' on cluster '%s'",
                  name_of(project), namespace, name ? name : server);
}

/* Argo CD reads these when a sync has failed, and then never retries: a number of seconds, or a Go duration. */
static bool check_retry(const struct validation *check, const struct node *application)
{
    static const char *const fields[] = {"duration", "maxDuration"};
    const struct node *policy = node_find(node_get(application, &key_spec), "syncPolicy");
    const struct node *backoff = node_find(node_find(policy, "retry"), "backoff");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = node_text(node_find(backoff, fields[i]));
        if (text && *text && !go_read_duration(text, &(int64_t){0}) && strspn(text, "0123456789") != strlen(text))
            return REFUSE(check, application, "spec.syncPolicy.retry.backoff.%s: '%s' is no duration; write 30s or 3m",
                          fields[i], text);
    }
    return true;
}

/* The labels decide which call an Application belongs to: without them every call would leave it out. */
static bool check_labels(const struct validation *check, const struct node *application, const struct target *target)
{
    const struct node *labels = node_get(node_get(application, &key_metadata), &key_labels);
    const char *environment = node_text(node_find(labels, LABEL_ENVIRONMENT));
    if (target && (!node_equals(node_find(labels, LABEL_APP), target->app) || !environment ||
                   strcmp(environment, target->environment) != 0))
        return REFUSE(check, application, "the labels " LABEL_APP " and " LABEL_ENVIRONMENT " cannot be changed");
    if (node_find(labels, LABEL_APP) && (!environment || !policy_environment(check->policy, environment)))
        return REFUSE(check, application, "the label " LABEL_ENVIRONMENT " names no environment");
    return true;
}

/* A target in a project that is made by other means, which may permit anything: it has what the policy gives it. */
static bool check_as_made(const struct validation *check, const struct node *application, const struct target *target)
{
    const struct node *spec = node_get(application, &key_spec), *destination = node_find(spec, "destination");
    const char *url = node_text(node_find(node_find(spec, "source"), "repoURL"));
    const char *namespace = node_text(node_get(destination, &key_namespace));
    if (target->repo_url && (!url || strcmp(url, target->repo_url) != 0))
        return REFUSE(check, application,
                      "its repository is '%s' by the policy, and cannot be changed in a project that exists: write an "
                      "Application by hand",
                      target->repo_url);
    if (string_compare(node_text(node_find(destination, "server")), target->server) != 0 ||
        string_compare(node_text(node_get(destination, &key_name)), target->server_name) != 0 ||
        string_compare(namespace, target->namespace) != 0)
        return REFUSE(check, application,
                      "its destination is namespace '%s' on cluster '%s' by the policy, and cannot be changed in a "
                      "project that exists: give its entry of discover another one",
                      target->namespace, target->server ? target->server : target->server_name);
    return true;
}

/* What the project permits is checked by Argo CD alone, and who writes into argo/root by hand decides for all. */
static bool check_existing(struct validation *check, const struct node *application, const struct target *target)
{
    const struct node *destination = node_find(node_get(application, &key_spec), "destination");
    const char *namespace = node_text(node_get(destination, &key_namespace));
    if (namespace && !is_label(namespace))
        return REFUSE(check, application, "'%s' is no namespace", namespace);
    if (namespace && target &&
        is_reserved_namespace(check->policy, team_by_name(check->policy, target->team), namespace))
        return REFUSE(check, application, "namespace '%s' is reserved", namespace);
    return check_sources(check, application, NULL) && (!target || check_as_made(check, application, target));
}

static bool check_application(struct validation *check, const struct node *application)
{
    const char *name = name_of(application), *project_name = text_at(application, "spec", "project");
    if (!check_retry(check, application))
        return false;
    if (strcmp(project_name, check->policy->root_project) == 0)
        return check_root(check, application);
    if (strcmp(name, check->policy->root_name) == 0 || map_get(check->roots, name, strlen(name)))
        return REFUSE(check, application, "this name belongs to a root, which is in project '%s'",
                      check->policy->root_project);
    const struct node *project = map_get(check->projects, project_name, strlen(project_name));
    const struct target *target = map_get(check->targets, name, strlen(name));
    bool by_hand = check->policy->spec.projects.existing && !target && *project_name;
    bool existing = by_hand || map_get(check->existing, project_name, strlen(project_name)) ||
                    (check->policy->spec.projects.existing && strcmp(target->project, project_name) == 0);
    if (!project && !existing)
        return REFUSE(check, application, "project '%s' is none of the policy's", project_name);
    if (target && strcmp(target->project, project_name) != 0)
        return REFUSE(check, application, "its project is '%s' by the policy, and cannot be changed to '%s'",
                      target->project, project_name);
    if (!check_labels(check, application, target))
        return false;
    check->applications++;
    if (existing)
        return check_existing(check, application, target);
    return check_sources(check, application, project) && check_destination(check, application, project, target);
}

const char *made_application_problem(const struct root_set *set, const struct node *application)
{
    struct error error = {0};
    struct validation check = {.set = set, .policy = set->policy, .error = &error};
    bool good = validate_fields(application, set->policy->argocd_version, &error) && check_retry(&check, application) &&
                check_sources(&check, application, NULL);
    const char *problem = good ? NULL : arena_string(set->tree->arena, error.message);
    error_free(&error);
    return problem;
}

/* The names that the policy makes. */

static bool note_projects(struct validation *check)
{
    const struct policy *policy = check->policy;
    for (size_t i = 0; i < policy->spec.teams.count; i++)
        for (size_t j = 0; j < policy->spec.environments.count; j++) {
            if (policy->spec.projects.existing) {
                const char *kept = project_name(check->set->tree->arena, policy, &policy_teams(policy)[i],
                                                &policy_environments(policy)[j]);
                *map_slot(check->existing, kept, strlen(kept)) = check;
                continue;
            }
            struct node *project = make_project(check->set->tree, policy, &policy_teams(policy)[i],
                                                &policy_environments(policy)[j], check->error);
            if (!project)
                return false;
            const char *name = name_of(project);
            *map_slot(check->projects, name, strlen(name)) = project;
        }
    return true;
}

static void note_names(struct validation *check)
{
    const struct policy *policy = check->policy;
    struct arena *arena = check->set->tree->arena;
    for (size_t i = 0; policy->partition == PARTITION_ENVIRONMENT && i < policy->spec.environments.count; i++) {
        const char *name = environment_root_name(arena, policy, &policy_environments(policy)[i]);
        *map_slot(check->roots, name, strlen(name)) = (void *)&policy_environments(policy)[i];
    }
    for (size_t i = 0; i < check->set->target_count; i++) {
        struct target *target = &check->set->targets[i];
        if (target->name)
            *map_slot(check->targets, target->name, strlen(target->name)) = target;
    }
}

static bool is_application_of_target(const struct node *resource)
{
    return is_kind(resource, "Application") &&
           node_find(node_get(node_get(resource, &key_metadata), &key_labels), LABEL_APP);
}

/* Patches may take an Application away, but not all of them by mistake. */
static bool check_any_left(const struct validation *check)
{
    size_t generated = 0;
    for (size_t i = 0; i < check->set->count; i++)
        generated += is_application_of_target(check->set->nodes[i]);
    return !generated || check->applications || check->policy->spec.allow_empty ||
           error_set(check->error,
                     "the patches leave none of %zu Applications; if none is what you want, set "
                     "spec.allowEmpty: true",
                     generated);
}

bool validate_root_set(const struct root_set *set, const struct node *const *nodes, size_t count, struct error *error)
{
    struct arena *arena = set->tree->arena;
    struct validation check = {.set = set,
                               .policy = set->policy,
                               .projects = map_new(arena),
                               .existing = map_new(arena),
                               .roots = map_new(arena),
                               .targets = map_new(arena),
                               .names = map_new(arena),
                               .error = error};
    note_names(&check);
    if (!note_projects(&check))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!check_identity(&check, nodes[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        if (is_kind(nodes[i], "AppProject") && !check_project(&check, nodes[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        if (is_kind(nodes[i], "Application") && !check_application(&check, nodes[i]))
            return false;
    return check_any_left(&check);
}

/* The environment whose root applies a resource; NULL: the root Application does. A project goes with the Applications
 * of its environment: one sync then makes it before them and deletes it after them, and Argo CD cannot delete an
 * Application whose project is gone. */
static const struct node *environment_of(const struct node *resource)
{
    return is_application_of_target(resource) || is_kind(resource, "AppProject") ? environment_label(resource) : NULL;
}

bool root_set_selects(const struct root_set *set, const char *environment, const struct node *resource)
{
    const struct node *own = environment_of(resource);
    if (!environment)
        return !own || set->policy->partition == PARTITION_NONE;
    return own && node_equals(own, environment);
}
