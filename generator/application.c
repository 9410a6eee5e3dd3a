/* application.c: the Application of one target. */
#include <string.h>

#include "generator/make.h"
#include "generator/name.h"

static void add_labels(struct tree *tree, struct node *application, const struct target *target)
{
    add_label(tree, application, LABEL_APP, target->app);
    add_label(tree, application, LABEL_ENVIRONMENT, target->environment);
    add_label(tree, application, LABEL_TEAM, target->team);
    if (target->cluster && is_label(target->cluster))
        add_label(tree, application, LABEL_CLUSTER, target->cluster);
}

/* Argo CD sends what the annotation that it knows names. When a commit changes that, its first render may lack files;
 * the source changes with the annotation, so that Argo CD renders anew as soon as it has both. */
static void add_part(struct tree *tree, struct node *plugin, const char *part)
{
    struct node *variable = tree_map(tree), *env = node_find(plugin, "env");
    tree_set_string(tree, variable, "name", PART_VARIABLE);
    tree_set_string(tree, variable, "value", part);
    tree_append(tree, env ? env : add_list(tree, plugin, "env"), variable);
}

static void add_source(struct tree *tree, struct node *spec, const struct policy *policy,
                       const struct discover_rule *rule, const struct target *target,
                       const struct generate_paths *paths)
{
    struct node *source = add_map(tree, spec, "source");
    tree_set_string(tree, source, "repoURL", rule_repository(policy, rule));
    bool rendered = rule->renderer == RENDERER_RENDERED;
    tree_set_string(tree, source, "targetRevision",
                    rendered ? arena_format(tree->arena, "rendered/%s", target->environment) : target->target_revision);
    tree_set_string(tree, source, "path", rendered ? target->app : target->path);
    /* Argo CD removes an empty `kustomize: {}` again; without a section it finds kustomization.yaml by itself. */
    enum renderer renderer = rule->renderer == RENDERER_AUTO ? paths->renderer : rule->renderer;
    if (renderer != RENDERER_PLUGIN)
        return;
    struct node *plugin = add_plugin(tree, source, policy);
    if (paths->part)
        add_part(tree, plugin, paths->part);
}

static void add_destination(struct tree *tree, struct node *spec, const struct target *target)
{
    struct node *destination = add_map(tree, spec, "destination");
    tree_set_string(tree, destination, target->server ? "server" : "name",
                    target->server ? target->server : target->server_name);
    if (*target->namespace)
        tree_set_string(tree, destination, "namespace", target->namespace);
}

static void add_app_file(struct tree *tree, struct node *application, const struct app_file *file)
{
    for (size_t i = 0; i < file->annotation_count; i++)
        add_annotation(tree, application, file->annotations[i].name, file->annotations[i].value);
    if (!file->description)
        return;
    struct node *item = tree_map(tree);
    tree_set_string(tree, item, "name", "description");
    tree_set_string(tree, item, "value", file->description);
    tree_append(tree, add_list(tree, add_map(tree, application, "spec"), "info"), item);
}

static const struct binding *template_values(struct arena *arena, const struct found *found,
                                             const struct target *target)
{
    const struct binding fixed[] = {
        {"app", target->app},         {"env", target->environment},
        {"team", target->team},       {"cluster", target->cluster ? target->cluster : ""},
        {"path", target->path},       {"namespace", target->namespace},
        {"project", target->project}, {"name", target->name},
    };
    size_t others = 0, count = sizeof fixed / sizeof *fixed;
    while (found->names[others].name)
        others++;
    struct binding *values = ARENA_ARRAY(arena, count + others + 1, struct binding);
    memcpy(values, fixed, sizeof fixed);
    for (size_t i = 0; i < others; i++)
        values[count + i] = found->names[i];
    return values;
}

/* A map without anything where a value is missing, which `values` tells then. */
static struct node *expand_entry_template(struct tree *tree, const struct found *found, const struct target *target,
                                          struct values *values)
{
    struct node *template = expand_tree(tree, found->rule->template, template_values(tree->arena, found, target));
    const char *missing = NULL;
    if (!found->rule->values)
        return template;
    template = expand_values(tree, template, values, &missing);
    if (missing)
        values->problem = arena_format(tree->arena, "%s does not say '%.*s', as one text, which its Application needs",
                                       found->rule->values, (int)strcspn(missing + strlen(VALUE_PREFIX), "|"),
                                       missing + strlen(VALUE_PREFIX));
    return template ? template : tree_map(tree);
}

struct node *make_application(struct tree *tree, const struct policy *policy, const struct found *found,
                              const struct target *target, const struct app_file *file,
                              const struct generate_paths *paths, struct values *values)
{
    static const char *const options[] = {"CreateNamespace=true", NULL};
    struct node *application = make_resource(tree, "Application", target->name, policy->argocd_namespace);
    add_labels(tree, application, target);
    if (found->rule->renderer == RENDERER_RENDERED)
        add_annotation(tree, application, ARGOCD_GENERATE_PATHS, ".");
    else if (paths->annotation)
        add_annotation(tree, application, ARGOCD_GENERATE_PATHS, paths->annotation);
    struct node *spec = add_map(tree, application, "spec");
    tree_set_string(tree, spec, "project", target->project);
    add_source(tree, spec, policy, found->rule, target, paths);
    add_destination(tree, spec, target);
    add_sync_policy(tree, spec, options);
    add_app_file(tree, application, file);
    add_finalizer(tree, application, found->environment->deletion);
    const struct node *template = policy->spec.application.template;
    if (template)
        merge_tree(tree, application, expand_tree(tree, template, template_values(tree->arena, found, target)));
    if (found->rule->template && !values->problem)
        merge_tree(tree, application, expand_entry_template(tree, found, target, values));
    if (rule_has_sources(found->rule) && !values->problem)
        settle_sources(tree, application);
    protect_application(tree, application, found->environment->deletion);
    return application;
}
