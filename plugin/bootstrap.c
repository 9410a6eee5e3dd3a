/* bootstrap.c: writes the root Application and its AppProject, which are applied once by hand. */
#include <string.h>

#include "base/intern.h"
#include "generator/make.h"
#include "generator/name.h"
#include "plugin/commands.h"
#include "plugin/run/output.h"
#include "plugin/run/render_set.h"
#include "yaml/emit.h"

struct bootstrap_options {
    const char *output, *root, *name, *project, *namespace, *plugin, *repo_url, *revision;
};

static const struct option options[] = {
    OPTION_TEXT(struct bootstrap_options, name, 0, "name", "NAME", "of the root Application (default root)"),
    OPTION_TEXT(struct bootstrap_options, namespace, 'n', "namespace", "NAME", "of Argo CD (default argocd)"),
    OPTION_TEXT(struct bootstrap_options, output, 'o', "output", "FILE", "write to this file"),
    OPTION_TEXT(struct bootstrap_options, plugin, 0, "plugin", "NAME", "of the plugin (default rootapp)"),
    OPTION_TEXT(struct bootstrap_options, project, 0, "project", "NAME",
                "of the root Applications, as the plugin's --root-project says (default argocd-root)"),
    OPTION_TEXT(struct bootstrap_options, repo_url, 0, "repo-url", "URL",
                "of this repository (default: the RootApp's)"),
    OPTION_TEXT(struct bootstrap_options, revision, 0, "revision", "NAME", "to follow (default: the RootApp's)"),
    OPTION_TEXT(struct bootstrap_options, root, 0, "root", "DIR", "the directory of the RootApp (default argo/root)"),
    OPTION_END,
};

static void set_destination(struct tree *tree, const struct policy *policy, struct node *destination)
{
    tree_set_string(tree, destination, "server", ARGOCD_SERVER);
    tree_set_string(tree, destination, "namespace", policy->argocd_namespace);
}

static void permit_kind(struct tree *tree, struct node *list, const char *kind)
{
    struct node *item = tree_map(tree);
    tree_set_string(tree, item, "group", "argoproj.io");
    tree_set_string(tree, item, "kind", kind);
    tree_append(tree, list, item);
}

/* May create Applications and AppProjects in the namespace of Argo CD, from this repository, and nothing else: without
 * a whitelist, no cluster-scoped kind is permitted. */
static struct node *make_root_project(struct tree *tree, const struct policy *policy)
{
    struct node *root = make_resource(tree, "AppProject", policy->root_project, policy->argocd_namespace);
    struct node *spec = add_map(tree, root, "spec"), *destination = tree_map(tree);
    tree_set_string(tree, spec, "description",
                    "The root Applications: Applications and AppProjects, and nothing else.");
    add_string(tree, add_list(tree, spec, "sourceRepos"), policy->repo_url);
    set_destination(tree, policy, destination);
    tree_append(tree, add_list(tree, spec, "destinations"), destination);
    struct node *kinds = add_list(tree, spec, "namespaceResourceWhitelist");
    permit_kind(tree, kinds, "Application");
    permit_kind(tree, kinds, "AppProject");
    return root;
}

/* No narrow manifest-generate-paths: Argo CD lists a renamed directory under its new name only. No finalizer: deleting
 * the root must not delete everything. */
static struct node *make_root_application(struct tree *tree, const struct policy *policy)
{
    static const char *const no_options[] = {NULL};
    struct node *root = make_resource(tree, "Application", policy->root_name, policy->argocd_namespace);
    const char *paths = root_generate_paths(tree->arena, policy);
    if (paths)
        add_annotation(tree, root, ARGOCD_GENERATE_PATHS, paths);
    struct node *spec = add_map(tree, root, "spec");
    tree_set_string(tree, spec, "project", policy->root_project);
    struct node *source = add_map(tree, spec, "source");
    tree_set_string(tree, source, "repoURL", policy->repo_url);
    tree_set_string(tree, source, "targetRevision", policy->target_revision);
    tree_set_string(tree, source, "path", policy->root_path);
    add_plugin(tree, source, policy);
    set_destination(tree, policy, add_map(tree, spec, "destination"));
    add_sync_policy(tree, spec, no_options);
    return root;
}

static bool write_manifest(const struct policy *policy, const char *file, struct error *error)
{
    struct arena *arena = arena_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1};
    struct text text = {0};
    text_string(&text,
                "# Written by 'rootapp bootstrap', applied once by hand. The project is no part of what the root "
                "Application\n# applies, so that no commit locks it out.\n");
    bool good = emit_yaml(make_root_project(&tree, policy), &text, error);
    text_string(&text, "---\n");
    good = good && emit_yaml(make_root_application(&tree, policy), &text, error);
    if (good)
        good = file && *file ? output_file(file, &text, error) : output_print(&text, error);
    text_free(&text);
    arena_free(arena);
    return good;
}

static const char *or_default(const char *chosen, const char *otherwise)
{
    return chosen && *chosen ? chosen : otherwise;
}

static struct policy chosen_policy(const struct policy *read, const struct bootstrap_options *chosen)
{
    struct policy policy = *read;
    policy.root_name = or_default(chosen->name, policy.root_name);
    policy.root_project = or_default(chosen->project, policy.root_project);
    policy.argocd_namespace = or_default(chosen->namespace, policy.argocd_namespace);
    policy.plugin_name = or_default(chosen->plugin, policy.plugin_name);
    policy.repo_url = or_default(chosen->repo_url, policy.repo_url);
    policy.target_revision = or_default(chosen->revision, policy.target_revision);
    return policy;
}

static bool check_chosen(const struct bootstrap_options *chosen, struct error *error)
{
    const char *const names[] = {chosen->name, chosen->namespace, chosen->plugin, chosen->project};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] && *names[i] && !is_subdomain(names[i]))
            return error_set(error, "'%s' is no name that Kubernetes accepts: lower-case letters, digits, '-' and '.'",
                             names[i]);
    if (chosen->repo_url && *chosen->repo_url && !strchr(chosen->repo_url, ':'))
        return error_set(error, "--repo-url %s: is no address, as in https://github.com/acme/gitops.git",
                         chosen->repo_url);
    return true;
}

static bool write_bootstrap(const struct repository *repository, const char *root,
                            const struct bootstrap_options *chosen, struct error *error)
{
    struct request request = {.repo_url = chosen->repo_url, .target_revision = chosen->revision};
    struct session session;
    struct rendered rendered = {0};
    session_open(&session,
                 &(struct session_options){.repository = repository, .request = &request, .policy_only = true});
    bool good = session_build(&session, root, &rendered, error);
    if (good && !session.policy)
        good = error_set(error, "%s: has no RootApp; name the directory that has with --root DIR", root);
    if (good) {
        struct policy policy = chosen_policy(session.policy, chosen);
        good = write_manifest(&policy, chosen->output, error);
    }
    rendered_free(&rendered);
    session_close(&session);
    return good;
}

static int run_bootstrap(const struct invocation *invocation, struct error *error)
{
    struct repository repository;
    const struct bootstrap_options *chosen = invocation->options;
    if (!check_chosen(chosen, error))
        return EXIT_USAGE;
    if (!repository_find(invocation->arena, ".", WITHOUT_GIT_HERE, &repository, error))
        return EXIT_FAILED;
    const char *root = render_set_root(invocation->arena, &repository, chosen->root, error);
    bool good = root && write_bootstrap(&repository, root, chosen, error);
    repository_close(&repository);
    return good ? EXIT_GOOD : EXIT_FAILED;
}

const struct command bootstrap_command = {
    .name = "bootstrap",
    .operands = "",
    .summary = "write the root Application and its project",
    .description = "Prints argo/root-app.yaml: the root Application, and the AppProject that it belongs to, from what "
                   "the RootApp says about "
                   "the repository. They are applied once by hand and are no part of the root set, so that no commit "
                   "locks them out.\n"
                   "\n"
                   "The project permits Applications and AppProjects in Argo CD's namespace, from this repository, and "
                   "nothing else.",
    .examples = "rootapp bootstrap -o argo/root-app.yaml\n"
                "kubectl apply -f argo/root-app.yaml\n",
    .options = options,
    .options_size = sizeof(struct bootstrap_options),
    .run = run_bootstrap,
};
