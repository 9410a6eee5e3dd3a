/* replacement_selection.c: selects the resources of a replacement.
 *
 * Unlike the selectors of patches these match an id as a whole, today's or any past one.
 * Source: kustomize api/filters/replacement/replacement.go, api/types/replacement.go */
#include "kustomize/refer/replacement_selection.h"

#include <string.h>

#include "base/text.h"
#include "kustomize/kustomization/suggest.h"
#include "kustomize/text/label_selector.h"
#include "kustomize/text/pattern.h"

/* The i-th id of a resource: today's, then the past ones, oldest first. */
static struct resource_id id_at(const struct resource *resource, size_t index)
{
    return index ? resource_past_id(resource, index - 1) : resource->id;
}

/* Sources: exact. */

static const char *namespace_or_default(const char *namespace)
{
    return *namespace ? namespace : "default";
}

static struct resource_id source_id(const struct replacement_source *source)
{
    return (struct resource_id){
        {string_or_empty(source->group), string_or_empty(source->version), string_or_empty(source->kind)},
        string_or_empty(source->name),
        string_or_empty(source->namespace),
    };
}

static bool is_source(const struct resource *resource, const struct resource_id *wanted)
{
    for (size_t i = 0; i <= resource->past_count; i++) {
        struct resource_id id = id_at(resource, i);
        if ((!*wanted->name || strcmp(wanted->name, id.name) == 0) && gvk_selected_by(&id.gvk, &wanted->gvk) &&
            (!*wanted->namespace ||
             strcmp(namespace_or_default(wanted->namespace), namespace_or_default(id.namespace)) == 0))
            return true;
    }
    return false;
}

static struct resource *source_error(const struct replacement_source *source, enum error_kind kind, const char *problem,
                                     const char *hint, struct error *error)
{
    struct resource_id id = source_id(source);
    struct text text = {0};
    id_write(&id, &text);
    if (source->field_path && *source->field_path)
        text_format(&text, ":%s", source->field_path);
    error_at_kind(error, kind, field_origin(source->node, "name"), "%s %s%s", problem, text_content(&text), hint);
    text_free(&text);
    return NULL;
}

static const char *is_given(const char *text)
{
    return *text ? text : NULL;
}

struct resource *replacement_source_find(const struct resources *resources, struct tree *tree,
                                         const struct replacement_source *source, struct error *error)
{
    struct resource_id wanted = source_id(source);
    const struct resource_clue clue = {
        .name = is_given(wanted.name),
        .facts = {[FACT_KIND] = is_given(wanted.gvk.kind),
                  [FACT_NAMESPACE] = is_given(wanted.namespace),
                  [FACT_GROUP] = is_given(wanted.gvk.group),
                  [FACT_VERSION] = is_given(wanted.gvk.version)},
    };
    struct resource_matches candidates = resources_candidates(resources, &clue);
    struct resource *found = NULL;
    if (!tree_count_steps(tree, candidates.count, error))
        return NULL;
    for (size_t i = 0; i < candidates.count; i++) {
        if (candidates.items[i]->dropped || !is_source(candidates.items[i], &wanted))
            continue;
        if (found)
            return source_error(source, ERROR_TWICE, "multiple matches for selector", "", error);
        found = candidates.items[i];
    }
    return found ? found
                 : source_error(source, ERROR_ABSENT, "nothing selected by", suggest_id(resources, &wanted), error);
}

/* Targets: patterns. */

struct choice_of_ids {
    struct pattern group, version, kind, name, namespace;
    const struct label_selector *labels, *annotations;
    bool any_id; /* no field of an id is given */
};

static bool compile_labels(struct arena *arena, const char *text, origin at, const struct label_selector **out,
                           struct error *error)
{
    if (!text || !*text)
        return true;
    *out = label_selector_parse(arena, text, at, error);
    return *out;
}

static bool compile_choice(struct arena *arena, const struct selector_fields *fields, struct choice_of_ids *out,
                           struct error *error)
{
    const struct node *node = fields->node;
    *out = (struct choice_of_ids){0};
    if (!pattern_compile(arena, fields->group, field_origin(node, "group"), &out->group, error) ||
        !pattern_compile(arena, fields->version, field_origin(node, "version"), &out->version, error) ||
        !pattern_compile(arena, fields->kind, field_origin(node, "kind"), &out->kind, error) ||
        !pattern_compile(arena, fields->name, field_origin(node, "name"), &out->name, error) ||
        !pattern_compile(arena, fields->namespace, field_origin(node, "namespace"), &out->namespace, error))
        return error_wrap(error, "error creating target selector");
    out->any_id = pattern_is_any(&out->group) && pattern_is_any(&out->version) && pattern_is_any(&out->kind) &&
                  pattern_is_any(&out->name) && pattern_is_any(&out->namespace);
    return compile_labels(arena, fields->annotation_selector, field_origin(node, "annotationSelector"),
                          &out->annotations, error) &&
           compile_labels(arena, fields->label_selector, field_origin(node, "labelSelector"), &out->labels, error);
}

static bool has_chosen_id(const struct resource *resource, const struct choice_of_ids *choice)
{
    for (size_t i = 0; i <= resource->past_count; i++) {
        struct resource_id id = id_at(resource, i);
        if (pattern_matches(&choice->kind, id.gvk.kind) && pattern_matches(&choice->name, id.name) &&
            pattern_matches(&choice->group, id.gvk.group) && pattern_matches(&choice->version, id.gvk.version) &&
            pattern_matches(&choice->namespace, id.namespace))
            return true;
    }
    return false;
}

static bool has_chosen_labels(const struct resource *resource, const struct choice_of_ids *choice)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    return (!choice->labels || label_selector_matches(choice->labels, node_get(metadata, &key_labels))) &&
           (!choice->annotations || label_selector_matches(choice->annotations, node_get(metadata, &key_annotations)));
}

/* Id and labels reject each on their own. */
static bool is_rejected_by(const struct resource *resource, const struct choice_of_ids *reject)
{
    if ((reject->labels || reject->annotations) && has_chosen_labels(resource, reject))
        return true;
    return !reject->any_id && has_chosen_id(resource, reject);
}

/* The steps that looking at one resource takes, as far as the last one tells. */
static size_t cost_of(const struct choice_of_ids *choice, const struct resource *resource)
{
    const struct node *metadata = node_get(resource->root, &key_metadata);
    size_t cost_of_id = 1 + pattern_cost(&choice->kind) + pattern_cost(&choice->name) + pattern_cost(&choice->group) +
                        pattern_cost(&choice->version) + pattern_cost(&choice->namespace);
    return cost_of_id * (1 + resource->past_count) +
           label_selector_cost(choice->labels, node_get(metadata, &key_labels)) +
           label_selector_cost(choice->annotations, node_get(metadata, &key_annotations));
}

/* Selected, and rejected by nothing. */
static bool is_chosen(const struct resource *resource, const struct choice_of_ids *select,
                      const struct choice_of_ids *rejects, size_t count, struct tree *tree, bool *chosen,
                      struct error *error)
{
    if (!tree_count_steps(tree, cost_of(select, resource), error))
        return false;
    *chosen = !resource->dropped && has_chosen_id(resource, select) && has_chosen_labels(resource, select);
    for (size_t i = 0; *chosen && i < count; i++) {
        if (!tree_count_steps(tree, cost_of(&rejects[i], resource), error))
            return false;
        *chosen = !is_rejected_by(resource, &rejects[i]);
    }
    return true;
}

bool replacement_targets_find(const struct resources *resources, struct tree *tree,
                              const struct replacement_target *target, struct resource_matches *out,
                              struct error *error)
{
    struct arena *arena = tree->arena;
    const struct selector_fields *fields = target->reject.items;
    struct choice_of_ids select, *rejects = ARENA_ARRAY(arena, target->reject.count, struct choice_of_ids);
    if (!target->select)
        return error_at(error, field_origin(target->node, "select"), "target must specify resources to select");
    if (!compile_choice(arena, target->select, &select, error))
        return false;
    for (size_t i = 0; i < target->reject.count; i++)
        if (!compile_choice(arena, &fields[i], &rejects[i], error))
            return false;
    const struct resource_clue clue = {
        .name = select.name.literal,
        .facts = {[FACT_KIND] = select.kind.literal,
                  [FACT_NAMESPACE] = select.namespace.literal,
                  [FACT_GROUP] = select.group.literal,
                  [FACT_VERSION] = select.version.literal},
    };
    struct resource_matches candidates = resources_candidates(resources, &clue);
    for (size_t i = 0; i < candidates.count; i++) {
        bool chosen;
        if (!is_chosen(candidates.items[i], &select, rejects, target->reject.count, tree, &chosen, error))
            return false;
        if (chosen)
            resource_matches_add(arena, out, candidates.items[i]);
    }
    return true;
}
