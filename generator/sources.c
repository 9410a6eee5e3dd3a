/* sources.c: Applications whose sources an entry of discover names: in other repositories, charts, several of them. */
#include <string.h>

#include "generator/make.h"
#include "generator/name.h"

bool is_repository(const char *url)
{
    return *url && is_one_line(url) && !strpbrk(url, "*[]{}\\ ") && *url != '!' && strlen(url) <= 1000;
}

static const struct node *spec_of(const struct discover_rule *rule)
{
    return rule->template ? node_find(rule->template, "spec") : NULL;
}

bool rule_has_sources(const struct discover_rule *rule)
{
    const struct node *spec = spec_of(rule);
    return rule->renderer == RENDERER_OTHER &&
           (node_find(spec, "sources") || node_find(node_find(spec, "source"), "repoURL"));
}

static void add_repository(struct arena *arena, const struct node *source, const char *otherwise, struct name_list *out,
                           size_t *room)
{
    const struct node *url = node_find(source, "repoURL");
    out->names = arena_grow(arena, out->names, out->count, room, sizeof *out->names);
    out->names[out->count++] = node_text(url) ? node_text(url) : otherwise;
}

struct name_list rule_repositories(struct arena *arena, const struct policy *policy, const struct discover_rule *rule)
{
    const struct node *sources = node_find(spec_of(rule), "sources");
    struct name_list out = {0};
    size_t room = 0;
    for (uint32_t i = 0; node_is_list(sources) && i < sources->count; i++)
        add_repository(arena, sources->items[i], rule_repository(policy, rule), &out, &room);
    if (!node_is_list(sources))
        add_repository(arena, node_find(spec_of(rule), "source"), rule_repository(policy, rule), &out, &room);
    return out;
}

/* What is generated for the entry's own directory gives way to what the entry says. */
void settle_sources(struct tree *tree, struct node *application)
{
    struct node *spec = add_map(tree, application, "spec"), *source = add_map(tree, spec, "source");
    const struct node *sources = node_find(spec, "sources");
    if (sources)
        tree_remove(spec, intern_string(tree->keys, "source"));
    else if (node_find(source, "chart"))
        tree_remove(source, intern_string(tree->keys, "path"));
}

static bool finds_for(struct arena *arena, const struct policy *policy, const struct team *team,
                      const struct environment *environment, const struct discover_rule *rule)
{
    const struct destination *destinations = environment_destinations(environment);
    bool found = false;
    for (size_t i = 0; i < environment->destinations.count && rule_finds(rule, environment); i++)
        found = found || rule_namespaces(arena, policy, team, environment, &destinations[i], rule).count;
    return found;
}

void add_source_repositories(struct tree *tree, const struct policy *policy, struct node *list, const struct team *team,
                             const struct environment *environment)
{
    add_string(tree, list, policy->repo_url);
    for (size_t i = 0; i < policy->spec.discover.count; i++) {
        const struct discover_rule *rule = &policy_rules(policy)[i];
        if ((!rule_has_sources(rule) && !rule->repo_url) || !finds_for(tree->arena, policy, team, environment, rule))
            continue;
        struct name_list repositories = rule_repositories(tree->arena, policy, rule);
        for (size_t j = 0; j < repositories.count; j++)
            if (!node_list_has(list, repositories.names[j]))
                add_string(tree, list, repositories.names[j]);
    }
}
