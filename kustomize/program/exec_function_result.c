/* exec_function_result.c: resources to a program and back.
 *
 * Source: api/internal/plugins/utils/utils.go */
#include <string.h>

#include "kustomize/kustomization/provenance.h"
#include "kustomize/program/exec_function.h"
#include "kustomize/resource/history.h"
#include "yaml/emit.h"

static const char id_annotation[] = "kustomize.config.k8s.io/id";
static const char hash_annotation[] = "kustomize.config.k8s.io/needs-hash";
static const char behavior_annotation[] = "kustomize.config.k8s.io/behavior";

static struct node *demand_annotations(struct tree *tree, struct node *root)
{
    struct node *metadata = tree_demand_map(tree, root, &key_metadata);
    return metadata ? tree_demand_map(tree, metadata, &key_annotations) : NULL;
}

bool external_annotate(struct tree *tree, struct node *root, const char *key, const char *value)
{
    struct node *annotations = demand_annotations(tree, root);
    if (annotations)
        tree_set_named(tree, annotations, key,
                       tree_scalar(tree, value, strlen(value), TAG_STRING, STYLE_SINGLE_QUOTED));
    return annotations != NULL;
}

/* All values become strings, as kustomize's own SetAnnotations makes them; an empty map goes. */
static void settle_annotations(struct node *root)
{
    struct node *metadata = node_get(root, &key_metadata), *annotations = node_get(metadata, &key_annotations);
    if (!node_is_map(annotations))
        return;
    for (uint32_t i = 0; i < annotations->count; i++)
        if (annotations->entries[i].value->kind == NODE_SCALAR)
            annotations->entries[i].value->tag = TAG_STRING;
    if (!annotations->count)
        tree_remove(metadata, &key_annotations);
}

static void add_field(struct tree *tree, struct node *map, const char *key, const char *value)
{
    if (*value)
        tree_set_named(tree, map, key, tree_string(tree, value));
}

/* The id as sigs.k8s.io/yaml prints kustomize's ResId. */
static bool annotate_id(struct tree *tree, const struct resource *resource, struct node *root, struct error *error)
{
    struct node *id = tree_map(tree);
    struct text text = {0};
    add_field(tree, id, "group", resource->id.gvk.group);
    add_field(tree, id, "kind", resource->id.gvk.kind);
    add_field(tree, id, "name", resource->id.name);
    add_field(tree, id, "namespace", resource->id.namespace);
    add_field(tree, id, "version", resource->id.gvk.version);
    bool good = emit_yaml(id, &text, error);
    struct node *annotations = good ? demand_annotations(tree, root) : NULL;
    if (annotations)
        tree_set_string(tree, annotations, id_annotation, text_content(&text));
    text_free(&text);
    return good;
}

bool external_write(struct kust_target *target, struct text *out, struct error *error)
{
    struct tree *tree = target->render->tree;
    const struct resources *resources = kust_target_resources(target);
    for (size_t i = 0; i < resources->count; i++) {
        const struct resource *resource = resources->items[i];
        struct node *root = tree_copy(tree, resource->root);
        if (!root)
            return tree_refuse_copy(tree, resource->root->origin, error);
        history_write(tree, resource, demand_annotations(tree, root));
        if (!annotate_id(tree, resource, root, error))
            return false;
        settle_annotations(root);
        if (i)
            text_string(out, "---\n");
        if (!emit_yaml(root, out, error))
            return false;
    }
    return true;
}

static bool parse_output(const struct external *external, const struct text *output, struct resource_matches *found,
                         struct error *error)
{
    struct render *render = external->target->render;
    const struct yaml_text text = {.file = arena_format(render->arena, "the output of %s", external->name),
                                   .bytes = arena_copy(render->arena, text_content(output), output->size),
                                   .size = output->size,
                                   .origins = render->origins};
    return kust_target_parse_resources(external->target, &text, found, error);
}

static bool take_annotation(struct node *root, const char *key, struct tree *tree, const char **value)
{
    struct node *annotations = node_get(node_get(root, &key_metadata), &key_annotations);
    *value = node_text(node_find(annotations, key));
    return *value && tree_remove(annotations, intern_string(tree->keys, key));
}

static bool is_true(const char *text, bool *out)
{
    static const char *const words[] = {"1", "t", "T", "true",  "TRUE",  "True",
                                        "0", "f", "F", "false", "FALSE", "False"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = i < 6;
            return true;
        }
    return false;
}

/* What a generator asks for in annotations of its resources. */
static bool take_options(struct tree *tree, struct resource *resource, struct error *error)
{
    static const char *const names[] = {
        [BEHAVIOR_CREATE] = "create", [BEHAVIOR_REPLACE] = "replace", [BEHAVIOR_MERGE] = "merge"};
    const char *hash, *behavior;
    bool wanted = false;
    if (take_annotation(resource->root, hash_annotation, tree, &hash) && !is_true(hash, &wanted))
        return error_at(error, resource->root->origin, "the annotation \"%s\" contains an invalid value (\"%s\")",
                        hash_annotation, hash);
    resource->needs_hash = resource->needs_hash || wanted;
    resource->behavior = BEHAVIOR_UNSPECIFIED;
    resource->generated = true;
    if (take_annotation(resource->root, behavior_annotation, tree, &behavior))
        for (size_t i = BEHAVIOR_CREATE; i < sizeof names / sizeof *names; i++)
            if (strcmp(names[i], behavior) == 0)
                resource->behavior = (enum behavior)i;
    settle_annotations(resource->root);
    return true;
}

/* A list of their own, where ids are checked. */
static bool collect_results(const struct external *external, const struct resource_matches *found,
                            struct resources *own, struct error *error)
{
    struct error twice = {0};
    resources_init(own, external->target->render->arena, NULL);
    for (size_t i = 0; i < found->count; i++)
        if (!resources_append(own, found->items[i], &twice)) {
            error_free(&twice);
            return error_at(error, found->items[i]->root->origin, "%s generated duplicate resource: %s", external->name,
                            id_text(own->arena, &found->items[i]->id));
        }
    return true;
}

bool external_take_generated(const struct external *external, const struct text *output, struct error *error)
{
    struct kust_target *target = external->target;
    struct resource_matches found = {0};
    struct resources own;
    if (!parse_output(external, output, &found, error) || !collect_results(external, &found, &own, error))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        struct resource *resource = found.items[i];
        if (!take_options(target->render->tree, resource, error))
            return false;
        annotate_generator(target, resource, external->config->id.gvk.kind);
        if (!absorb_generated(target, resource, error))
            return false;
    }
    return true;
}

/* The fresh tree, and what it brings along of the history, take the place of the old. */
static void renew_resource(struct resources *resources, struct resource *old, const struct resource *fresh)
{
    struct resource renewed = *fresh;
    renewed.position = old->position;
    renewed.dropped = old->dropped;
    renewed.variables = old->variables;
    renewed.referrers = old->referrers;
    *old = renewed;
    resources_refresh(resources, old);
}

static bool put_back(struct resources *resources, struct resource *fresh, struct error *error)
{
    struct resource_matches matches = resources_by_current_id(resources, &fresh->id);
    if (matches.count > 1)
        return error_at(error, fresh->root->origin, "id matched %zu resources", matches.count);
    if (matches.count == 0)
        return resources_append(resources, resource_copy(resources->arena, fresh), error);
    renew_resource(resources, matches.items[0], fresh);
    return true;
}

/* Those that the program did not give back go. */
static void remove_others(struct resources *resources, const struct resources *kept)
{
    for (size_t i = 0; i < resources->count; i++)
        if (!resources_by_current_id(kept, &resources->items[i]->id).count) {
            resources->items[i]->root = NULL;
            resources->may_have_empty = true;
        }
    resources_drop_empties(resources);
}

bool external_take_transformed(const struct external *external, const struct text *output, struct error *error)
{
    struct tree *tree = external->target->render->tree;
    struct resources *resources = kust_target_resources(external->target), own;
    struct resource_matches found = {0};
    const char *id;
    if (!parse_output(external, output, &found, error))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        take_annotation(found.items[i]->root, id_annotation, tree, &id);
        settle_annotations(found.items[i]->root);
    }
    if (!collect_results(external, &found, &own, error))
        return false;
    for (size_t i = 0; i < found.count; i++)
        if (!put_back(resources, found.items[i], error))
            return false;
    remove_others(resources, &own);
    return true;
}
