/* check_templates.c: refuses templates that would set what only the rest of the policy decides. */
#include <string.h>

#include "generator/policy.h"
#include "generator/template.h"

/* What is generated, as paths in a template: of every Application, and of those whose entry of discover does not say
 * what their source is. */
static const char *const entry_fixed[] = {
    "apiVersion",         "kind",         "status",           "operation",           "metadata.name",
    "metadata.namespace", "spec.project", "spec.destination", "spec.sourceHydrator", NULL,
};
static const char *const source_fixed[] = {
    "spec.sources",
    "spec.source.repoURL",
    "spec.source.path",
    "spec.source.targetRevision",
    "spec.source.chart",
    "spec.source.ref",
    NULL,
};
static const char *const kustomization_fixed[] = {
    "spec.source.helm",
    "spec.source.plugin.name",
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

static bool check_fixed(const struct node *template, const char *what, const char *const *fixed, struct error *error)
{
    for (; *fixed; fixed++) {
        const struct node *value = node_under(template, *fixed);
        if (value)
            return error_at(error, value->origin, "%s.template: %s is generated from the policy and cannot be set here",
                            what, *fixed);
    }
    return true;
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
    return check_fixed(template, what, fixed, error) && check_template_tree(template, names, error);
}

/* Of an Application whose source is a kustomization. */
static bool check_kustomization_template(const struct naming *naming, const char *what, const char *const *names,
                                         struct error *error)
{
    return check_template(naming, what, names, entry_fixed, error) &&
           (!naming->template || (check_fixed(naming->template, what, source_fixed, error) &&
                                  check_fixed(naming->template, what, kustomization_fixed, error)));
}

/* The placeholders of Applications: the fixed ones and the first path's named segments, which every path has. */
static void names_of_path(const struct path_pattern *first, const char **names, size_t room)
{
    static const char *const known[] = {"app", "env", "team", "cluster", "namespace", "path", "project", "name"};
    size_t count = 0;
    for (; count < sizeof known / sizeof *known; count++)
        names[count] = known[count];
    for (size_t i = 0; i < first->count && count + 1 < room; i++)
        if (first->segments[i].kind == SEGMENT_NAME)
            names[count++] = first->segments[i].text;
    names[count] = NULL;
}

static void add_values_name(const char **names)
{
    while (*names)
        names++;
    names[0] = VALUE_PREFIX;
    names[1] = NULL;
}

/* Which part of a source goes with which renderers: Argo CD refuses a source of two kinds, and asks every plugin about
 * one that has no name. */
static const struct {
    const char *part;
    unsigned renderers; /* a bit each */
} source_parts[] = {
    {"kustomize", 1U << RENDERER_KUSTOMIZE},
    {"plugin", 1U << RENDERER_PLUGIN | 1U << RENDERER_OTHER},
    {"helm", 1U << RENDERER_HELM | 1U << RENDERER_OTHER},
    {"directory", 1U << RENDERER_DIRECTORY | 1U << RENDERER_OTHER},
};

static const char *remedy_of(enum renderer renderer, const char *part)
{
    if (renderer == RENDERER_PLUGIN && strcmp(part, "kustomize") == 0)
        return "use spec.source.plugin.parameters";
    if (renderer == RENDERER_KUSTOMIZE && strcmp(part, "plugin") == 0)
        return "use spec.source.kustomize";
    if (renderer == RENDERER_AUTO)
        return "change the overlays, or choose one renderer";
    if (renderer == RENDERER_RENDERED)
        return "change the overlays, which are rendered before";
    return "remove it, or set it to null in the template of this entry";
}

/* `over`: a template that is merged over this one, and may take a part away again. */
static bool check_source_parts(const struct node *template, const char *what, enum renderer renderer,
                               const struct node *over, struct error *error)
{
    const struct node *source = node_under(template, "spec.source"), *above = node_under(over, "spec.source");
    for (size_t i = 0; i < sizeof source_parts / sizeof *source_parts; i++) {
        const struct node *part = node_find(source, source_parts[i].part),
                          *taken = node_find(above, source_parts[i].part);
        if (part && !(taken && taken->tag == TAG_NULL) && !(source_parts[i].renderers >> renderer & 1) &&
            part->tag != TAG_NULL)
            return error_at(error, part->origin, "%s: spec.source.%s does not fit the renderer: %s", what,
                            source_parts[i].part, remedy_of(renderer, source_parts[i].part));
    }
    return true;
}

/* `other` is what the entry says, so it has to say something. */
static bool check_entry_source(const struct discover_rule *rule, struct error *error)
{
    const struct node *source = node_under(rule->template, "spec.source");
    const struct node *sources = node_under(rule->template, "spec.sources");
    const struct node *name = node_under(source, "plugin.name");
    if (rule->renderer != RENDERER_OTHER && rule->template &&
        !check_fixed(rule->template, "spec.discover", source_fixed, error))
        return false;
    if (rule->renderer == RENDERER_OTHER && (!node_is_map(source) || !source->count) && !sources)
        return error_at(
            error, field_origin(rule->node, "renderer"),
            "renderer other needs a template with spec.source or spec.sources, like {spec: {source: {plugin: {name: "
            "...}}}}");
    if (source && sources)
        return error_at(error, sources->origin, "a template has either spec.source or spec.sources");
    if (rule->renderer == RENDERER_RENDERED && rule->renderer_text)
        return error_at(error, field_origin(rule->node, "renderer"),
                        "renderer rendered is for the whole policy: see spec.application");
    if (name && rule->renderer == RENDERER_PLUGIN)
        return error_at(error, name->origin, "spec.source.plugin.name goes with renderer: other");
    return check_source_parts(rule->template, "template", rule->renderer, NULL, error);
}

/* Of a generated project's sourceRepos, which are patterns: each address has to be known, and mean itself. */
static bool check_repositories(const struct policy *policy, const struct discover_rule *rule, struct error *error)
{
    struct arena *arena = arena_new();
    struct name_list urls = rule_repositories(arena, policy, rule);
    bool good = true;
    for (size_t i = 0; i < urls.count && good && !policy->spec.projects.existing; i++)
        good =
            (*urls.names[i] && is_repository(urls.names[i])) ||
            error_at(error, field_origin(rule->node, "template"),
                     "repoURL '%s' is no address of a repository that a generated project could permit", urls.names[i]);
    arena_free(arena);
    return good;
}

static bool check_entries(const struct policy *policy, struct error *error)
{
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        const char *names[PATTERN_LONGEST + 17];
        if (rule->exclude)
            continue;
        names_of_path(&rule->pattern, names, sizeof names / sizeof *names);
        if (rule->values)
            add_values_name(names);
        const struct naming entry = {.node = rule->node, .template = rule->template};
        if (!check_template(&entry, "spec.discover", names, entry_fixed, error) || !check_entry_source(rule, error) ||
            (rule_has_sources(rule) && !check_repositories(policy, rule, error)) ||
            !check_source_parts(policy->spec.application.template, "spec.application.template", rule->renderer,
                                rule->template, error))
            return false;
    }
    return true;
}

/* What would be said of projects that are not made, and then come to nothing. */
static bool check_existing_projects(const struct policy *policy, struct error *error)
{
    const struct policy_spec *spec = &policy->spec;
    if (!spec->projects.existing)
        return true;
    if (spec->projects.template)
        return error_at(error, spec->projects.template->origin,
                        "projects.template: projects that exist are not generated");
    for (size_t i = 0; i < spec->environments.count; i++)
        if (policy_environments(policy)[i].sync_windows)
            return error_at(error, policy_environments(policy)[i].sync_windows->origin,
                            "syncWindows: projects that exist are not generated: set them there");
    for (size_t i = 0; i < spec->teams.count; i++) {
        const struct team *team = &policy_teams(policy)[i];
        const char *field = team->groups.node              ? "groups"
                            : team->permissions.node       ? "permissions"
                            : team->cluster_resources.node ? "clusterResources"
                            : team->description            ? "description"
                                                           : NULL;
        if (field)
            return error_at(error, field_origin(team->node, field),
                            "team '%s': %s: projects that exist are not generated: set it there", team->name, field);
    }
    return true;
}

bool policy_check_templates(const struct policy *policy, struct error *error)
{
    static const char *const project_names[] = {"team", "env", "project", NULL};
    static const char *const root_names[] = {"env", "name", NULL};
    const char *names[PATTERN_LONGEST + 16];
    names_of_path(&policy_rules(policy)[0].pattern, names, sizeof names / sizeof *names);
    const struct policy_spec *spec = &policy->spec;
    for (size_t i = 0; i < spec->environments.count; i++) {
        const struct node *windows = policy_environments(policy)[i].sync_windows;
        if (windows && !check_template_tree(windows, project_names, error))
            return false;
    }
    return check_template(&spec->projects, "spec.projects", project_names, project_fixed, error) &&
           check_kustomization_template(&spec->application, "spec.application", names, error) &&
           check_existing_projects(policy, error) && check_entries(policy, error) &&
           check_kustomization_template(&spec->roots, "spec.roots", root_names, error);
}
