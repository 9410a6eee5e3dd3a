/* read_policy.c: reads a RootApp resource into structs, with its defaults. */
#include "generator/policy.h"

#include <string.h>

static const struct field source_fields[] = {
    FIELD_STRING(struct policy_source, repo_url, "repoURL"),
    FIELD_STRING(struct policy_source, target_revision, "targetRevision"),
    FIELD_END,
};
static const struct struct_type source_type = {"source", sizeof(struct policy_source), source_fields, -1};

static const struct field rule_fields[] = {
    {"path", FIELD_IS_STRING, offsetof(struct discover_rule, path), NULL, FIELD_REQUIRED},
    FIELD_STRING(struct discover_rule, app, "app"),
    FIELD_STRING(struct discover_rule, env, "env"),
    FIELD_NODE(struct discover_rule, environments, "envs"),
    FIELD_STRING(struct discover_rule, name, "name"),
    FIELD_STRING(struct discover_rule, namespace, "namespace"),
    FIELD_STRING(struct discover_rule, project, "project"),
    FIELD_STRING(struct discover_rule, renderer_text, "renderer"),
    FIELD_NODE(struct discover_rule, template, "template"),
    FIELD_STRING(struct discover_rule, values, "values"),
    FIELD_STRING(struct discover_rule, repo_url, "repoURL"),
    FIELD_BOOL(struct discover_rule, exclude, "exclude"),
    FIELD_END,
};
static const struct struct_type rule_type = {"discover", sizeof(struct discover_rule), rule_fields,
                                             offsetof(struct discover_rule, node)};

static const struct field destination_fields[] = {
    FIELD_STRING(struct destination, cluster, "cluster"),
    FIELD_STRING(struct destination, name, "name"),
    FIELD_STRING(struct destination, server, "server"),
    FIELD_STRING(struct destination, namespace, "namespace"),
    FIELD_END,
};
static const struct struct_type destination_type = {"destination", sizeof(struct destination), destination_fields,
                                                    offsetof(struct destination, node)};

static const struct field environment_fields[] = {
    {"name", FIELD_IS_STRING, offsetof(struct environment, name), NULL, FIELD_REQUIRED},
    FIELD_STRING(struct environment, target_revision, "targetRevision"),
    FIELD_STRING(struct environment, deletion_text, "deletion"),
    FIELD_STRING(struct environment, changes_text, "changes"),
    FIELD_STRING(struct environment, digest_text, "digest"),
    FIELD_CHOICE(struct environment, allow_empty, "allowEmpty"),
    FIELD_NODE(struct environment, sync_windows, "syncWindows"),
    FIELD_POINTER(struct environment, destination, "destination", &destination_type),
    FIELD_LIST(struct environment, destinations, "destinations", &destination_type),
    FIELD_END,
};
static const struct struct_type environment_type = {"environment", sizeof(struct environment), environment_fields,
                                                    offsetof(struct environment, node)};

static const struct field cluster_resource_fields[] = {
    FIELD_STRING(struct cluster_resource, group, "group"),
    {"kind", FIELD_IS_STRING, offsetof(struct cluster_resource, kind), NULL, FIELD_REQUIRED},
    FIELD_STRING(struct cluster_resource, name, "name"),
    FIELD_END,
};
static const struct struct_type cluster_resource_type = {"clusterResource", sizeof(struct cluster_resource),
                                                         cluster_resource_fields,
                                                         offsetof(struct cluster_resource, node)};

static const struct field team_fields[] = {
    {"name", FIELD_IS_STRING, offsetof(struct team, name), NULL, FIELD_REQUIRED},
    FIELD_STRING(struct team, description, "description"),
    FIELD_STRINGS(struct team, apps, "apps"),
    FIELD_STRINGS(struct team, paths, "paths"),
    FIELD_STRINGS(struct team, groups, "groups"),
    FIELD_STRINGS(struct team, permissions, "permissions"),
    FIELD_BOOL(struct team, argocd_admin, "argocdAdmin"),
    FIELD_LIST(struct team, cluster_resources, "clusterResources", &cluster_resource_type),
    FIELD_END,
};
static const struct struct_type team_type = {"team", sizeof(struct team), team_fields, offsetof(struct team, node)};

static const struct field naming_fields[] = {
    FIELD_STRING(struct naming, name, "name"),
    FIELD_NODE(struct naming, template, "template"),
    FIELD_END,
};
static const struct struct_type naming_type = {"names", sizeof(struct naming), naming_fields,
                                               offsetof(struct naming, node)};

static const struct field project_fields[] = {
    FIELD_STRING(struct naming, name, "name"),
    FIELD_BOOL(struct naming, existing, "existing"),
    FIELD_NODE(struct naming, template, "template"),
    FIELD_END,
};
static const struct struct_type project_type = {"projects", sizeof(struct naming), project_fields,
                                                offsetof(struct naming, node)};

static const struct field application_fields[] = {
    FIELD_STRING(struct naming, name, "name"),
    FIELD_STRING(struct naming, collisions_text, "collisions"),
    FIELD_STRING(struct naming, renderer_text, "renderer"),
    FIELD_NODE(struct naming, template, "template"),
    FIELD_END,
};
static const struct struct_type application_type = {"application", sizeof(struct naming), application_fields,
                                                    offsetof(struct naming, node)};

static const struct field spec_fields[] = {
    FIELD_STRUCT(struct policy_spec, source, "source", &source_type),
    {"discover", FIELD_IS_LIST, offsetof(struct policy_spec, discover), &rule_type, FIELD_REQUIRED},
    {"environments", FIELD_IS_LIST, offsetof(struct policy_spec, environments), &environment_type, FIELD_REQUIRED},
    {"teams", FIELD_IS_LIST, offsetof(struct policy_spec, teams), &team_type, FIELD_REQUIRED},
    FIELD_STRUCT(struct policy_spec, projects, "projects", &project_type),
    FIELD_STRUCT(struct policy_spec, application, "application", &application_type),
    FIELD_STRUCT(struct policy_spec, roots, "roots", &naming_type),
    FIELD_STRINGS(struct policy_spec, reserved_namespaces, "reservedNamespaces"),
    FIELD_STRINGS(struct policy_spec, reserved_names, "reservedNames"),
    FIELD_STRINGS(struct policy_spec, shared_namespaces, "sharedNamespaces"),
    FIELD_BOOL(struct policy_spec, normalize_names, "normalizeNames"),
    FIELD_BOOL(struct policy_spec, allow_empty, "allowEmpty"),
    FIELD_BOOL(struct policy_spec, allow_absent, "allowAbsent"),
    FIELD_BOOL(struct policy_spec, break_glass, "breakGlass"),
    FIELD_STRING(struct policy_spec, partition_text, "partition"),
    FIELD_STRING(struct policy_spec, app_file, "appFile"),
    FIELD_BOOL(struct policy_spec, mirror, "mirror"),
    FIELD_STRING(struct policy_spec, argocd_version, "argocdVersion"),
    FIELD_END,
};
static const struct struct_type spec_type = {"spec", sizeof(struct policy_spec), spec_fields,
                                             offsetof(struct policy_spec, node)};

static const struct field metadata_fields[] = {
    {"name", FIELD_IS_STRING, offsetof(struct policy_metadata, name), NULL, FIELD_REQUIRED},
    FIELD_STRING(struct policy_metadata, namespace, "namespace"),
    FIELD_NODE(struct policy_metadata, labels, "labels"),
    FIELD_NODE(struct policy_metadata, annotations, "annotations"),
    FIELD_END,
};
static const struct struct_type metadata_type = {"metadata", sizeof(struct policy_metadata), metadata_fields, -1};

static const struct field policy_fields[] = {
    {"apiVersion", FIELD_IS_STRING, offsetof(struct policy, api_version), NULL, FIELD_REQUIRED},
    {"kind", FIELD_IS_STRING, offsetof(struct policy, kind), NULL, FIELD_REQUIRED},
    {"metadata", FIELD_IS_STRUCT, offsetof(struct policy, metadata), &metadata_type, FIELD_REQUIRED},
    {"spec", FIELD_IS_STRUCT, offsetof(struct policy, spec), &spec_type, FIELD_REQUIRED},
    FIELD_END,
};
static const struct struct_type policy_type = {"RootApp", sizeof(struct policy), policy_fields,
                                               offsetof(struct policy, node)};

#define GROUP "rootapp.dev/"

/* Whether a resource is a RootApp: rootapp.dev/v1alpha1 or a later version of that group. */
static bool is_rootapp(const struct node *resource)
{
    const char *version = node_text(node_get(resource, &key_apiVersion));
    return version && strncmp(version, GROUP, strlen(GROUP)) == 0 &&
           node_equals(node_get(resource, &key_kind), "RootApp");
}

/* The place of a text in a list that ends with NULL, or an error with the nearest. NULL is the first. */
static bool read_word(const char *text, const struct node *node, const char *field, const char *const *words,
                      unsigned *out, struct error *error)
{
    *out = 0;
    for (unsigned i = 0; text && words[i]; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return true;
        }
    if (!text)
        return true;
    struct text all = {0};
    for (size_t i = 0; words[i]; i++)
        text_format(&all, "%s%s", i ? ", " : "", words[i]);
    error_at(error, field_origin(node, field), "%s: '%s' is none of %s", field, text, text_content(&all));
    text_free(&all);
    return false;
}

static bool read_choices(struct policy *policy, struct error *error)
{
    static const char *const partitions[] = {"environment", "none", NULL};
    static const char *const renderers[] = {"plugin", "kustomize", "auto", "rendered", NULL};
    static const char *const entry_renderers[] = {"plugin", "kustomize", "auto",  "rendered",
                                                  "helm",   "directory", "other", NULL};
    static const char *const collisions[] = {"refuse", "report", NULL};
    unsigned partition, renderer, collision;
    const struct policy_spec *spec = &policy->spec;
    if (!read_word(spec->partition_text, spec->node, "partition", partitions, &partition, error) ||
        !read_word(spec->application.renderer_text, spec->application.node, "renderer", renderers, &renderer, error) ||
        !read_word(spec->application.collisions_text, spec->application.node, "collisions", collisions, &collision,
                   error))
        return false;
    policy->partition = (enum partition)partition;
    policy->renderer = (enum renderer)renderer;
    policy->reports_collisions = collision == 1;
    struct discover_rule *rules = policy->spec.discover.items;
    for (size_t i = 0; i < spec->discover.count; i++) {
        if (!read_word(rules[i].renderer_text, rules[i].node, "renderer", entry_renderers, &renderer, error))
            return false;
        rules[i].renderer = rules[i].renderer_text ? (enum renderer)renderer : policy->renderer;
    }
    return true;
}

/* From which version on Argo CD trims what it refreshes for, and not what it sends; and the last one whose source was
 * read: v3.0.23 to v3.6.1, util/app/path/path.go and reposerver/repository/utils.go. */
static bool read_mirror(struct policy *policy, struct error *error)
{
    enum { FIRST_THAT_TRIMS = 3 * ARGOCD_MAJOR + 4, LAST_READ = 3 * ARGOCD_MAJOR + 6 };
    const struct policy_spec *spec = &policy->spec;
    if (!spec->mirror)
        return true;
    if (!spec->argocd_version)
        return error_at(
            error, field_origin(spec->node, "mirror"),
            "mirror needs spec.argocdVersion: what refreshes an Application without being sent depends on it");
    if (policy->argocd_version > LAST_READ)
        return error_at(error, field_origin(spec->node, "argocdVersion"),
                        "mirror: how Argo CD %s reads manifest-generate-paths is not known; leave mirror out, or write "
                        "the newest version that is: 3.6",
                        spec->argocd_version);
    policy->sends_little = policy->argocd_version >= FIRST_THAT_TRIMS;
    return true;
}

static void set_default(const char **text, const char *value)
{
    if (!*text)
        *text = value;
}

/* One form for both: `destination` becomes a list of one. */
static bool read_destinations(struct arena *arena, struct environment *environment, struct error *error)
{
    if (environment->destination && environment->destinations.node)
        return error_at(error, field_origin(environment->node, "destinations"),
                        "environment '%s' has both destination and destinations: keep one", environment->name);
    if (environment->destination)
        environment->destinations = (struct list){
            .items = (void *)environment->destination, .count = 1, .node = environment->destination->node};
    if (!environment->destinations.count)
        return error_at(error, environment->node->origin,
                        "environment '%s' has no destination: add destination: {name: in-cluster}", environment->name);
    struct destination *destinations = environment->destinations.items;
    for (size_t i = 0; i < environment->destinations.count; i++) {
        if (destinations[i].server)
            destinations[i].server = server_without_slashes(arena, destinations[i].server);
        set_default(&destinations[i].namespace, "{app}-{env}");
        set_default(&destinations[i].cluster, destinations[i].name);
    }
    return true;
}

static bool read_environments(struct arena *arena, struct policy *policy, struct error *error)
{
    static const char *const deletions[] = {"auto", "keep", "confirm", NULL};
    static const char *const changes[] = {"direct", "pullRequest", NULL}, *const digests[] = {"optional", "required",
                                                                                              NULL};
    struct environment *environments = policy->spec.environments.items;
    for (size_t i = 0; i < policy->spec.environments.count; i++) {
        struct environment *environment = &environments[i];
        unsigned deletion, change, digest;
        if (!read_word(environment->deletion_text, environment->node, "deletion", deletions, &deletion, error) ||
            !read_word(environment->changes_text, environment->node, "changes", changes, &change, error) ||
            !read_word(environment->digest_text, environment->node, "digest", digests, &digest, error) ||
            !read_destinations(arena, environment, error))
            return false;
        environment->deletion = (enum deletion)deletion;
        environment->by_pull_request = change == 1;
        environment->needs_digest = digest == 1;
    }
    return true;
}

static void take_input(const struct generate_input *input, struct policy *policy)
{
    policy->repo_url = policy->spec.source.repo_url ? policy->spec.source.repo_url : input->repo_url;
    policy->target_revision =
        policy->spec.source.target_revision ? policy->spec.source.target_revision : input->target_revision;
    policy->plugin_name = input->plugin_name ? input->plugin_name : "rootapp";
    policy->engine_version = input->engine_version;
    policy->root_path = input->root_path ? input->root_path : ".";
    policy->root_project = input->root_project ? input->root_project : "argocd-root";
    policy->root_name = input->root_name ? input->root_name : "root";
    policy->argocd_namespace = input->argocd_namespace ? input->argocd_namespace : "argocd";
    set_default(&policy->target_revision, "HEAD");
}

static void set_defaults(struct policy *policy)
{
    static const char *const reserved[] = {"default", "kube-node-lease", "kube-public", "kube-system"};
    static const char *const names[] = {"argocd"};
    struct policy_spec *spec = &policy->spec;
    if (!spec->reserved_names.node)
        spec->reserved_names = (struct list){.items = (void *)names, .count = 1};
    set_default(&spec->app_file, "app.yaml");
    set_default(&spec->projects.name, "{team}-{env}");
    set_default(&spec->application.name, "{app}-{env}");
    set_default(&spec->roots.name, "root-{env}");
    if (!spec->reserved_namespaces.node)
        spec->reserved_namespaces = (struct list){.items = (void *)reserved, .count = 4};
}

bool policy_read(const struct generate_input *input, struct policy *out, struct error *error)
{
    *out = (struct policy){0};
    if (!is_rootapp(input->rootapp))
        return error_at(error, input->rootapp ? input->rootapp->origin : 0, "this is no RootApp resource");
    if (!decode(input->tree, input->rootapp, &policy_type, DECODE_EXACT, out, error))
        return false;
    if (strcmp(out->api_version, GROUP "v1alpha1") != 0)
        return error_at(error, field_origin(out->node, "apiVersion"),
                        "this program reads RootApp in version " GROUP "v1alpha1, not %s", out->api_version);
    take_input(input, out);
    set_defaults(out);
    return expand_entries(input->tree, &rule_type, &out->spec.discover, error) && read_argocd_version(out, error) &&
           read_choices(out, error) && read_mirror(out, error) && read_environments(input->tree->arena, out, error) &&
           policy_check(input->tree, out, error);
}
