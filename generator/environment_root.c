/* environment_root.c: the Application that applies the Applications of one environment. */
#include "generator/make.h"

/* Break-glass: who may update a child may switch its automation off, and the root leaves that alone. */
static void ignore_automation(struct tree *tree, struct node *spec)
{
    struct node *item = tree_map(tree);
    tree_set_string(tree, item, "group", "argoproj.io");
    tree_set_string(tree, item, "kind", "Application");
    add_string(tree, add_list(tree, item, "jsonPointers"), "/spec/syncPolicy/automated");
    tree_append(tree, add_list(tree, spec, "ignoreDifferences"), item);
}

static void add_root_source(struct tree *tree, struct node *spec, const struct policy *policy,
                            const struct environment *environment)
{
    struct node *source = add_map(tree, spec, "source");
    tree_set_string(tree, source, "repoURL", policy->repo_url);
    tree_set_string(tree, source, "targetRevision", environment_revision(policy, environment));
    tree_set_string(tree, source, "path", policy->root_path);
    struct node *parameter = tree_map(tree);
    tree_set_string(tree, parameter, "name", ENVIRONMENT_PARAMETER);
    tree_set_string(tree, parameter, "string", environment->name);
    tree_append(tree, add_list(tree, add_plugin(tree, source, policy), "parameters"), parameter);
}

struct node *make_environment_root(struct tree *tree, const struct policy *policy,
                                   const struct environment *environment)
{
    static const char *const options[] = {NULL}, *const break_glass_options[] = {"RespectIgnoreDifferences=true", NULL};
    const char *name = environment_root_name(tree->arena, policy, environment);
    const struct binding values[] = {{"env", environment->name}, {"name", name}, {NULL, NULL}};
    struct node *root = make_resource(tree, "Application", name, policy->argocd_namespace);
    const char *paths = root_generate_paths(tree->arena, policy);
    add_label(tree, root, LABEL_ENVIRONMENT, environment->name);
    if (paths)
        add_annotation(tree, root, ARGOCD_GENERATE_PATHS, paths);
    struct node *spec = add_map(tree, root, "spec");
    tree_set_string(tree, spec, "project", policy->root_project);
    add_root_source(tree, spec, policy, environment);
    struct node *destination = add_map(tree, spec, "destination");
    tree_set_string(tree, destination, "server", ARGOCD_SERVER);
    tree_set_string(tree, destination, "namespace", policy->argocd_namespace);
    add_sync_policy(tree, spec, policy->spec.break_glass ? break_glass_options : options);
    if (policy->spec.break_glass)
        ignore_automation(tree, spec);
    add_finalizer(tree, root, environment->deletion);
    if (policy->spec.roots.template)
        merge_tree(tree, root, expand_tree(tree, policy->spec.roots.template, values));
    protect_application(tree, root, environment->deletion);
    return root;
}
