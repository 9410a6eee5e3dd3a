/* selector.c: selects the resources that a patch or a replacement names. */
#include "kustomize/kustomization/selector.h"

#include <string.h>

#include "kustomize/text/label_selector.h"
#include "kustomize/text/pattern.h"

struct selector {
    struct pattern group, version, kind, name, namespace;
    const struct label_selector *labels, *annotations;
    const char *problem; /* of the label selectors: an error for whoever needs them */
    origin problem_at;
};

static const struct label_selector *compile_labels(struct arena *arena, struct selector *selector, const char *text,
                                                   origin at)
{
    if (!text || !*text || selector->problem)
        return NULL;
    struct error error = {0};
    const struct label_selector *labels = label_selector_parse(arena, text, at, &error);
    if (!labels) {
        selector->problem = arena_string(arena, error.message);
        selector->problem_at = at;
    }
    error_free(&error);
    return labels;
}

struct selector *selector_compile(struct arena *arena, const struct selector_fields *fields, struct error *error)
{
    struct selector *selector = ARENA_NEW(arena, struct selector);
    const struct node *node = fields->node;
    if (!pattern_compile(arena, fields->group, field_origin(node, "group"), &selector->group, error) ||
        !pattern_compile(arena, fields->version, field_origin(node, "version"), &selector->version, error) ||
        !pattern_compile(arena, fields->kind, field_origin(node, "kind"), &selector->kind, error) ||
        !pattern_compile(arena, fields->name, field_origin(node, "name"), &selector->name, error) ||
        !pattern_compile(arena, fields->namespace, field_origin(node, "namespace"), &selector->namespace, error))
        return NULL;
    selector->labels = compile_labels(arena, selector, fields->label_selector, field_origin(node, "labelSelector"));
    selector->annotations =
        compile_labels(arena, selector, fields->annotation_selector, field_origin(node, "annotationSelector"));
    return selector;
}

static bool name_matches(const struct pattern *pattern, const struct resource *resource)
{
    if (pattern_is_any(pattern) || pattern_matches(pattern, resource->id.name))
        return true;
    return resource->past_count && pattern_matches(pattern, resource->past[0].name);
}

static bool namespace_matches(const struct pattern *pattern, const struct resource *resource)
{
    if (pattern_is_any(pattern))
        return true;
    struct resource_id original = resource_original_id(resource);
    return pattern_matches(pattern, id_effective_namespace(&original)) ||
           pattern_matches(pattern, id_effective_namespace(&resource->id));
}

static bool id_matches(const struct selector *selector, const struct resource *resource)
{
    return pattern_matches(&selector->kind, resource->id.gvk.kind) && name_matches(&selector->name, resource) &&
           namespace_matches(&selector->namespace, resource) &&
           pattern_matches(&selector->group, resource->id.gvk.group) &&
           pattern_matches(&selector->version, resource->id.gvk.version);
}

static bool labels_match(const struct selector *selector, const struct resource *resource)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    if (selector->labels && !label_selector_matches(selector->labels, node_get(metadata, &key_labels)))
        return false;
    return !selector->annotations ||
           label_selector_matches(selector->annotations, node_get(metadata, &key_annotations));
}

static bool take_match(const struct selector *selector, struct resource *resource, struct arena *arena,
                       struct resource_matches *out, struct error *error)
{
    if (resource->dropped || !id_matches(selector, resource))
        return true;
    if (selector->problem)
        return error_at(error, selector->problem_at, "%s", selector->problem);
    if (!labels_match(selector, resource))
        return true;
    resource_matches_add(arena, out, resource);
    return true;
}

/* What has no namespace now may have had one. */
static const char *clue_namespace(const char *literal)
{
    return literal && strcmp(literal, not_a_namespace) != 0 ? literal : NULL;
}

/* The steps that looking at one resource takes, as far as the last one tells. */
static size_t cost_of(const struct selector *selector, const struct resource *resource)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    return 1 + pattern_cost(&selector->kind) + pattern_cost(&selector->name) + pattern_cost(&selector->namespace) +
           pattern_cost(&selector->group) + pattern_cost(&selector->version) +
           label_selector_cost(selector->labels, node_get(metadata, &key_labels)) +
           label_selector_cost(selector->annotations, node_get(metadata, &key_annotations));
}

bool selector_select(const struct selector *selector, const struct resources *resources, struct tree *tree,
                     struct resource_matches *out, struct error *error)
{
    *out = (struct resource_matches){0};
    const struct resource_clue clue = {
        .name = selector->name.literal,
        .facts = {[FACT_KIND] = selector->kind.literal,
                  [FACT_NAMESPACE] = clue_namespace(selector->namespace.literal),
                  [FACT_GROUP] = selector->group.literal,
                  [FACT_VERSION] = selector->version.literal},
    };
    struct resource_matches candidates = resources_candidates(resources, &clue);
    for (size_t i = 0; i < candidates.count; i++)
        if (!tree_count_steps(tree, cost_of(selector, candidates.items[i]), error) ||
            !take_match(selector, candidates.items[i], tree->arena, out, error))
            return false;
    return true;
}
