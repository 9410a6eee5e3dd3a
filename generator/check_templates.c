/* check_templates.c: refuses templates that would set what only the rest of the policy decides. */
#include <string.h>

#include "generator/policy.h"
#include "generator/template.h"

/* What is generated, as paths in a template. */
static const char *const application_fixed[] = {
    "apiVersion",
    "kind",
    "status",
    "operation",
    "metadata.name",
    "metadata.namespace",
    "spec.project",
    "spec.destination",
    "spec.sources",
    "spec.sourceHydrator",
    "spec.source.repoURL",
    "spec.source.path",
    "spec.source.helm",
    "spec.source.targetRevision",
    "spec.source.chart",
    "spec.source.plugin.name",
    "spec.source.ref",
    "spec.source.directory",
    NULL,
};
static const char *const project_fixed[] = {
    "apiVersion",
    "kind",
    "status",
    "metadata.name",
    "spec.sourceRepos",
    "metadata.namespace",
    "spec.destinations",
    "spec.clusterResourceWhitelist",
    NULL,
};

/* The value at a dotted path, or NULL. */
static const struct node *node_under(const struct node *node, const char *path)
{
    char name[64];
    while (node && *path) {
        size_t size = strcspn(path, ".");
        memcpy(name, path, size);
        name[size] = '\0';
        node = node_find(node, name);
        path += size + (path[size] == '.');
    }
    return node;
}

static bool check_template(const struct naming *naming, const char *what, const char *const *names,
                           const char *const *fixed, struct error *error)
{
    const struct node *template = naming->template;
    if (!template)
        return true;
    if (!node_is_map(template))
        return error_at(error, template->origin, "%s.template must be a map: metadata, spec", what);
    for (uint32_t i = 0; i < template->count; i++) {
        const char *key = template->entries[i].key->text;
        if (strcmp(key, "metadata") != 0 && strcmp(key, "spec") != 0)
            return error_at(error, template->entries[i].origin,
                            "%s.template: '%s' cannot be set: metadata and spec can", what, key);
        if (!node_is_map(template->entries[i].value))
            return error_at(error, template->entries[i].origin, "%s.template.%s must be a map", what, key);
    }
    for (; *fixed; fixed++) {
        const struct node *value = node_under(template, *fixed);
        if (value)
            return error_at(error, value->origin, "%s.template: %s is generated from the policy and cannot be set here",
                            what, *fixed);
    }
    return check_template_tree(template, names, error);
}

/* Argo CD refuses a source of two kinds, and asks every plugin about one that has no name. */
static bool check_renderer(const struct policy *policy, struct error *error)
{
    static const struct {
        enum renderer renderer;
        const char *path, *remedy;
    } others[] = {
        {RENDERER_PLUGIN, "spec.source.kustomize", "use spec.source.plugin.parameters"},
        {RENDERER_KUSTOMIZE, "spec.source.plugin", "use spec.source.kustomize"},
        {RENDERER_AUTO, "spec.source.kustomize", "change the overlays, or choose one renderer"},
        {RENDERER_AUTO, "spec.source.plugin", "change the overlays, or choose one renderer"},
        {RENDERER_RENDERED, "spec.source.kustomize", "change the overlays, which are rendered before"},
        {RENDERER_RENDERED, "spec.source.plugin", "change the overlays, which are rendered before"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct node *value = node_under(policy->spec.application.template, others[i].path);
        if (value && others[i].renderer == policy->renderer)
            return error_at(error, value->origin, "spec.application.template: %s does not fit the renderer: %s",
                            others[i].path, others[i].remedy);
    }
    return true;
}

/* The placeholders of Applications: the fixed ones and the first path's named segments, which every path has. */
static void application_names(const struct policy *policy, const char **names, size_t room)
{
    static const char *const known[] = {"app", "env", "team", "cluster", "namespace", "path", "project", "name"};
    size_t count = 0;
    for (; count < sizeof known / sizeof *known; count++)
        names[count] = known[count];
    const struct path_pattern *first = &policy_rules(policy)[0].pattern;
    for (size_t i = 0; i < first->count && count + 1 < room; i++)
        if (first->segments[i].kind == SEGMENT_NAME)
            names[count++] = first->segments[i].text;
    names[count] = NULL;
}

bool policy_check_templates(const struct policy *policy, struct error *error)
{
    static const char *const project_names[] = {"team", "env", "project", NULL};
    static const char *const root_names[] = {"env", "name", NULL};
    const char *names[PATTERN_LONGEST + 16];
    application_names(policy, names, sizeof names / sizeof *names);
    const struct policy_spec *spec = &policy->spec;
    for (size_t i = 0; i < spec->environments.count; i++) {
        const struct node *windows = policy_environments(policy)[i].sync_windows;
        if (windows && !check_template_tree(windows, project_names, error))
            return false;
    }
    return check_template(&spec->projects, "spec.projects", project_names, project_fixed, error) &&
           check_template(&spec->application, "spec.application", names, application_fixed, error) &&
           check_renderer(policy, error) &&
           check_template(&spec->roots, "spec.roots", root_names, application_fixed, error);
}
