/* replicas.c: sets the replica count of the workloads that `replicas` names.
 *
 * Source: api/internal/builtins/ReplicaCountTransformer.go, api/filters/replicacount */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "kustomize/field/set_value.h"
#include "kustomize/kustomization/notice.h"
#include "kustomize/kustomization/plugin_decode.h"
#include "kustomize/kustomization/transformers.h"

static bool set_count(void *context, const struct found_field *field, struct error *error)
{
    const struct replica *replica = context;
    char text[24];
    int size = snprintf(text, sizeof text, "%" PRId64, replica->count);
    return set_found_scalar(
        field,
        &(struct new_scalar){text, (size_t)size, TAG_INT, "replicas", field_origin(replica->node, "count"), NULL, 0},
        error);
}

/* Whether it has or had this name while it was of a kind that the spec selects. */
static bool was_named(const struct resource *resource, const char *name, const struct gvk *selector)
{
    if (node_is_empty(resource->root))
        return false;
    for (size_t i = 0; i < resource->past_count; i++) {
        struct resource_id past = resource_past_id(resource, i);
        if (strcmp(past.name, name) == 0 && gvk_selected_by(&past.gvk, selector))
            return true;
    }
    return strcmp(resource->id.name, name) == 0 && gvk_selected_by(&resource->id.gvk, selector);
}

/* A name like the one that is looked for, among the resources that have a count. */
static const char *like_name(const struct kust_target *target, const char *name, struct field_specs specs)
{
    const struct resources *resources = kust_target_resources(target);
    const char **names = ARENA_ARRAY(resources->arena, resources->count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < resources->count; i++)
        for (size_t j = 0; j < specs.count; j++)
            if (gvk_selected_by(&resources->items[i]->id.gvk, &specs.items[j].gvk)) {
                names[count++] = resources->items[i]->id.name;
                break;
            }
    return nearest_name(name, names);
}

static bool nothing_named(const struct kust_target *target, const struct replica *replica, struct field_specs specs,
                          struct error *error)
{
    const char *name = replica->name ? replica->name : "", *near = like_name(target, name, specs);
    struct text kinds = {0};
    for (size_t i = 0; i < specs.count; i++)
        text_format(&kinds, "%s%s", i ? " " : "", *specs.items[i].gvk.kind ? specs.items[i].gvk.kind : "any kind");
    error_at(error, field_origin(replica->node, "name"),
             "replicas: resource with name '%s' does not match a config with the following GVK [%s]" DID_YOU_MEAN, name,
             text_content(&kinds), MEANT(near));
    text_free(&kinds);
    return false;
}

/* The resources of this name that the spec is for. */
static struct resource_matches find_named(const struct resources *resources, const char *name,
                                          const struct gvk *selector)
{
    const struct resource_clue clue = {.name = name, .facts = {[FACT_KIND] = *selector->kind ? selector->kind : NULL}};
    struct resource_matches candidates = resources_candidates(resources, &clue), found = {0};
    for (size_t i = 0; i < candidates.count; i++)
        if (!candidates.items[i]->dropped && was_named(candidates.items[i], name, selector))
            resource_matches_add(resources->arena, &found, candidates.items[i]);
    return found;
}

static bool apply_replica(struct kust_target *target, const struct replica *replica, struct field_specs specs,
                          struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    const char *name = replica->name ? replica->name : "";
    bool found = false;
    for (size_t i = 0; i < specs.count; i++) {
        struct field_specs spec = {&specs.items[i], 1};
        struct resource_matches named = find_named(resources, name, &spec.items->gvk);
        struct field_paths *paths = named.count ? field_paths_compile(target->render->tree, spec) : NULL;
        found = found || named.count;
        for (size_t j = 0; j < named.count; j++) {
            if (!field_paths_visit(paths, named.items[j], CREATE_INT, set_count, (void *)(uintptr_t)replica, error))
                return false;
            resources_refresh(resources, named.items[j]);
        }
    }
    return found || nothing_named(target, replica, specs, error);
}

bool set_replicas(struct kust_target *target, struct error *error)
{
    const struct list *replicas = &target->kustomization->replicas;
    const struct replica *items = replicas->items;
    for (size_t i = 0; i < replicas->count; i++) {
        for (size_t k = 0; k < i && notice_may(target->render, 1, 1); k++)
            if (items[k].name && items[i].name && strcmp(items[k].name, items[i].name) == 0)
                render_notice(target->render, RA739, field_origin(items[k].node, "name"),
                              "replicas: a later entry for '%s' sets anew what this one sets", items[k].name);
        if (!apply_replica(target, &items[i], target->accumulator->config->replicas, error))
            return false;
        bool noted = i + 1 == replicas->count || target->render->track_origins;
        if (noted && !kust_target_transformed(target, "ReplicaCountTransformer", error))
            return false;
    }
    return true;
}

struct replica_fields {
    struct replica replica;
    struct list field_specs; /* of struct field_spec_fields */
};

static const struct field plugin_fields[] = {
    FIELD_STRUCT(struct replica_fields, replica, "replica", &replica_type),
    FIELD_LIST(struct replica_fields, field_specs, "fieldSpecs", &field_spec_type),
    FIELD_END,
};
static const struct struct_type plugin_type = {"ReplicaCountTransformerPlugin", sizeof(struct replica_fields),
                                               plugin_fields, -1};

bool replica_count_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    struct replica_fields fields = {0};
    if (!plugin_decode(target, config, &plugin_type, &fields, error))
        return false;
    return apply_replica(target, &fields.replica, field_specs_from(target->render->arena, &fields.field_specs),
                         error) &&
           kust_target_transformed(target, "ReplicaCountTransformer", error);
}
