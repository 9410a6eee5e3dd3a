/* project.c: the AppProject of one team in one environment, from the policy alone. */
#include <string.h>

#include "generator/make.h"
#include "generator/validate.h"

/* A pattern that every address of a cluster matches. "!*" would say it too, but Argo CD refuses that text. */
#define ANY_SERVER_NOT "!*://*"

/* What the groups of a team may do unless the team says otherwise: look, sync, run actions (restart), read logs. */
static const char *const default_permissions[] = {"applications, get", "applications, sync", "applications, action/*",
                                                  "logs, get"};

static void add_destinations(struct tree *tree, const struct policy *policy, struct node *spec, const struct team *team,
                             const struct environment *environment)
{
    struct node *list = add_list(tree, spec, "destinations");
    const struct destination *destinations = environment_destinations(environment);
    for (size_t i = 0; i < environment->destinations.count; i++) {
        struct name_list patterns = namespace_patterns(tree->arena, policy, team, environment, &destinations[i]);
        for (size_t j = 0; j < patterns.count; j++) {
            struct node *item = tree_map(tree);
            const char *field = destinations[i].name ? "name" : "server";
            tree_set_string(tree, item, field, destinations[i].name ? destinations[i].name : destinations[i].server);
            tree_set_string(tree, item, "namespace", patterns.names[j]);
            tree_append(tree, list, item);
        }
    }
    /* Argo CD's isDestinationMatched: an entry with "!" before the namespace would permit every other namespace. One
     * with "!" before a server that always matches permits nothing, and denies its namespaces on every cluster. */
    struct name_list denials = namespace_denials(tree->arena, policy, team, environment);
    for (size_t i = 0; i < denials.count; i++) {
        struct node *item = tree_map(tree);
        tree_set_string(tree, item, "server", ANY_SERVER_NOT);
        tree_set_string(tree, item, "namespace", denials.names[i]);
        tree_append(tree, list, item);
    }
}

static void add_cluster_resource(struct tree *tree, struct node *list, const char *group, const char *kind,
                                 const char *name)
{
    struct node *item = tree_map(tree);
    tree_set_string(tree, item, "group", group);
    tree_set_string(tree, item, "kind", kind);
    if (name)
        tree_set_string(tree, item, "name", name);
    tree_append(tree, list, item);
}

static bool has_resource(const struct node *list, const char *name)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (node_equals(node_get(list->items[i], &key_name), name))
            return true;
    return false;
}

/* CreateNamespace=true needs the kind Namespace (controller/sync.go), limited to the names that the destinations
 * permit. */
static void add_cluster_resources(struct tree *tree, const struct policy *policy, struct node *spec,
                                  const struct team *team, const struct environment *environment)
{
    struct node *list = add_list(tree, spec, "clusterResourceWhitelist");
    const struct destination *destinations = environment_destinations(environment);
    for (size_t i = 0; i < environment->destinations.count; i++) {
        struct name_list patterns = namespace_patterns(tree->arena, policy, team, environment, &destinations[i]);
        for (size_t j = 0; j < patterns.count; j++)
            if (!has_resource(list, patterns.names[j]))
                add_cluster_resource(tree, list, "", "Namespace", patterns.names[j]);
    }
    const struct cluster_resource *resources = team->cluster_resources.items;
    for (size_t i = 0; i < team->cluster_resources.count; i++)
        add_cluster_resource(tree, list, resources[i].group ? resources[i].group : "", resources[i].kind,
                             resources[i].name);
    struct name_list denials = namespace_denials(tree->arena, policy, team, environment);
    if (!denials.count)
        return;
    struct node *denied = add_list(tree, spec, "clusterResourceBlacklist");
    for (size_t i = 0; i < denials.count; i++)
        add_cluster_resource(tree, denied, "", "Namespace", denials.names[i]);
}

static origin permission_origin(const struct team *team, size_t i)
{
    return team->permissions.node ? team->permissions.node->items[i]->origin : 0;
}

/* One space after each comma, as Argo CD writes it (NormalizePolicies): otherwise its first write would change it. */
static const char *policy_text(struct arena *arena, const char *project, const char *permission)
{
    const char *comma = strchr(permission, ',');
    if (!comma)
        return arena_format(arena, "p, proj:%s:team, %s, %s/*, allow", project, permission, project);
    size_t size = (size_t)(comma - permission), rest = strspn(comma + 1, " ");
    while (size && permission[size - 1] == ' ')
        size--;
    size_t lead = strspn(permission, " ");
    lead = lead < size ? lead : size;
    return arena_format(arena, "p, proj:%s:team, %.*s, %s, %s/*, allow", project, (int)(size - lead), permission + lead,
                        comma + 1 + rest, project);
}

static void add_role(struct tree *tree, struct node *spec, const struct team *team, const char *project)
{
    const char *const *groups = team->groups.items;
    const char *const *permissions = team->permissions.node ? team->permissions.items : default_permissions;
    size_t count =
        team->permissions.node ? team->permissions.count : sizeof default_permissions / sizeof *default_permissions;
    if (!team->groups.count)
        return;
    struct node *role = tree_map(tree);
    tree_set_string(tree, role, "name", "team");
    struct node *list = add_list(tree, role, "groups");
    for (size_t i = 0; i < team->groups.count; i++) {
        add_string(tree, list, groups[i]);
        list->items[i]->origin = team->groups.node->items[i]->origin;
    }
    list = add_list(tree, role, "policies");
    for (size_t i = 0; i < count; i++) {
        add_string(tree, list, policy_text(tree->arena, project, permissions[i]));
        list->items[i]->origin = permission_origin(team, i);
    }
    tree_append(tree, add_list(tree, spec, "roles"), role);
}

static bool has_items(const struct node *window, const char *field)
{
    return !node_is_empty(node_find(window, field));
}

/* Argo CD's type has no place for false and empty texts: they would be gone when it writes the project. */
static void drop_unset(struct tree *tree, struct node *window)
{
    static const char *const switches[] = {"manualSync", "andOperator", "syncOverrun"};
    static const char *const texts[] = {"description", "timeZone"};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (node_equals(node_find(window, switches[i]), "false"))
            tree_remove(window, intern_string(tree->keys, switches[i]));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (node_equals(node_find(window, texts[i]), ""))
            tree_remove(window, intern_string(tree->keys, texts[i]));
}

/* A window that names nothing means everything of the project. */
static bool add_sync_windows(struct tree *tree, struct node *spec, const struct environment *environment,
                             const struct binding *values, struct error *error)
{
    if (!environment->sync_windows)
        return true;
    if (!node_is_list(environment->sync_windows))
        return error_at(error, environment->sync_windows->origin, "syncWindows must be a list");
    struct node *windows = expand_tree(tree, environment->sync_windows, values);
    for (uint32_t i = 0; i < windows->count; i++) {
        struct node *window = windows->items[i];
        if (!node_is_map(window))
            return error_at(error, window->origin, "a sync window must be a map: kind, schedule, duration");
        drop_unset(tree, window);
        if (!has_items(window, "applications") && !has_items(window, "namespaces") && !has_items(window, "clusters"))
            add_string(tree, add_list(tree, window, "applications"), "*");
    }
    tree_set_named(tree, spec, "syncWindows", windows);
    return true;
}

struct node *make_project(struct tree *tree, const struct policy *policy, const struct team *team,
                          const struct environment *environment, struct error *error)
{
    const char *name = project_name(tree->arena, policy, team, environment);
    const struct binding values[] = {{"team", team->name}, {"env", environment->name}, {"project", name}, {NULL, NULL}};
    struct node *project = make_resource(tree, "AppProject", name, policy->argocd_namespace);
    add_label(tree, project, LABEL_ENVIRONMENT, environment->name);
    add_label(tree, project, LABEL_TEAM, team->name);
    add_annotation(tree, project, ARGOCD_SYNC_WAVE, "-2");
    struct node *spec = add_map(tree, project, "spec");
    tree_set_string(tree, spec, "description",
                    team->description && *team->description
                        ? team->description
                        : arena_format(tree->arena, "Apps of team %s in %s", team->name, environment->name));
    add_source_repositories(tree, policy, add_list(tree, spec, "sourceRepos"), team, environment);
    add_destinations(tree, policy, spec, team, environment);
    add_cluster_resources(tree, policy, spec, team, environment);
    add_role(tree, spec, team, name);
    if (!add_sync_windows(tree, spec, environment, values, error))
        return NULL;
    if (policy->spec.projects.template)
        merge_tree(tree, project, expand_tree(tree, policy->spec.projects.template, values));
    protect_project(tree, project, environment->deletion);
    return validate_project(project, error) ? project : NULL;
}
