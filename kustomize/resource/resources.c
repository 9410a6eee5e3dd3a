/* resources.c: the ordered resources of a kustomization, and what keeps their index
 * (kustomize/resource/resource_index.h) current.
 *
 * A look-up checks what the index gives against the resources as they are, so that renames and removals need no upkeep
 * beyond adding what is new. */
#include "kustomize/resource/resources.h"

#include <stdlib.h>
#include <string.h>

#include "kustomize/resource/resource_index.h"

void resources_init(struct resources *resources, struct arena *arena, const struct origins *origins)
{
    *resources = (struct resources){.arena = arena, .origins = origins, .index = resource_index_new(arena)};
}

void resources_add(struct resources *resources, struct resource *resource)
{
    resources->items =
        arena_grow(resources->arena, resources->items, resources->count, &resources->room, sizeof(struct resource *));
    resources->items[resources->count++] = resource;
    resource->position = resources->next_position++;
    resource->dropped = false;
    resources->may_have_empty = resources->may_have_empty || node_is_empty(resource->root);
    resource_index_add(resources->index, resource);
}

void resource_matches_add(struct arena *arena, struct resource_matches *matches, struct resource *resource)
{
    matches->items = arena_grow(arena, matches->items, matches->count, &matches->room, sizeof *matches->items);
    matches->items[matches->count++] = resource;
}

static int by_position(const void *left, const void *right)
{
    const struct resource *a = *(struct resource *const *)left, *b = *(struct resource *const *)right;
    return (a->position > b->position) - (a->position < b->position);
}

void resource_matches_order(struct resource_matches *matches)
{
    if (matches->count < 2)
        return;
    qsort(matches->items, matches->count, sizeof *matches->items, by_position);
    size_t kept = 1;
    for (size_t i = 1; i < matches->count; i++)
        if (matches->items[i] != matches->items[kept - 1])
            matches->items[kept++] = matches->items[i];
    matches->count = kept;
}

static bool has_any_id(const struct resource *resource, const struct resource_id *wanted)
{
    if (node_is_empty(resource->root))
        return false;
    for (size_t i = 0; i < resource->past_count; i++) {
        struct resource_id past = resource_past_id(resource, i);
        if (id_equal(&past, wanted))
            return true;
    }
    return id_equal(&resource->id, wanted);
}

struct resource_matches resources_candidates(const struct resources *resources, const struct resource_clue *clue)
{
    if (clue->name)
        return resource_index_named(resources->index, clue);
    const struct resource_matches all = {resources->items, resources->count, 0};
    return resource_index_among(resources->index, &all, clue);
}

bool resources_have_many(const struct resources *resources, const char *name)
{
    return resource_index_has_many(resources->index, name);
}

struct resource_matches resources_by_current_id(const struct resources *resources, const struct resource_id *id)
{
    struct resource_matches candidates = resource_index_by_id(resources->index, id), found = {0};
    for (size_t i = 0; i < candidates.count; i++)
        if (!candidates.items[i]->dropped && id_equal(&candidates.items[i]->id, id))
            resource_matches_add(resources->arena, &found, candidates.items[i]);
    return found;
}

struct resource_matches resources_by_any_id(const struct resources *resources, const struct resource_id *id)
{
    struct resource_matches candidates = resource_index_by_id(resources->index, id), found = {0};
    for (size_t i = 0; i < candidates.count; i++)
        if (!candidates.items[i]->dropped && has_any_id(candidates.items[i], id))
            resource_matches_add(resources->arena, &found, candidates.items[i]);
    return found;
}

static const struct resource *find_registered(const struct resources *resources, const struct resource *resource)
{
    struct resource_matches candidates = {0};
    if (!resources->allow_twins)
        candidates = resource_index_by_id(resources->index, &resource->id);
    for (size_t i = 0; i < candidates.count; i++)
        if (candidates.items[i] != resource && !candidates.items[i]->dropped &&
            id_equal(&candidates.items[i]->id, &resource->id))
            return candidates.items[i];
    return NULL;
}

static origin origin_of(const struct resource *resource)
{
    return resource->root ? resource->root->origin : 0;
}

static void tell_first(const struct resource *first, const struct resource *second, const struct origins *origins,
                       struct text *message)
{
    struct place one = origins_place(origins, origin_of(first)), other = origins_place(origins, origin_of(second));
    if (!one.file)
        return;
    if (other.file && strcmp(one.file, other.file) == 0 && one.line == other.line && one.column == other.column)
        text_string(message, ": it is read twice");
    else
        text_format(message, ": the first one is %s:%u:%u", one.file, one.line, one.column);
}

static bool already_registered(const struct resources *resources, const struct resource *resource,
                               const struct resource *first, struct error *error)
{
    struct text message = {0};
    text_string(&message, "may not add resource with an already registered id: ");
    id_write(&resource->id, &message);
    tell_first(first, resource, resources->origins, &message);
    error_at_kind(error, ERROR_TWICE, origin_of(resource), "%s", text_content(&message));
    text_free(&message);
    return false;
}

bool resources_append(struct resources *resources, struct resource *resource, struct error *error)
{
    const struct resource *first = find_registered(resources, resource);
    if (first)
        return already_registered(resources, resource, first, error);
    resources_add(resources, resource);
    return true;
}

bool resources_append_all(struct resources *resources, const struct resources *other, struct error *error)
{
    for (size_t i = 0; i < other->count; i++)
        if (!resources_append(resources, other->items[i], error))
            return false;
    return true;
}

bool resources_check_ids(const struct resources *resources, struct error *error)
{
    for (size_t i = 0; i < resources->count; i++) {
        const struct resource *twin = find_registered(resources, resources->items[i]);
        if (twin)
            return already_registered(resources, twin, resources->items[i], error);
    }
    return true;
}

/* Most writes leave the texts of the identity where they are. */
static bool same_texts(const struct resource_id *left, const struct resource_id *right)
{
    return left->name == right->name && left->namespace == right->namespace && left->gvk.kind == right->gvk.kind &&
           left->gvk.version == right->gvk.version && left->gvk.group == right->gvk.group;
}

void resources_refresh(struct resources *resources, struct resource *resource)
{
    const struct resource_id before = resource->id;
    resource_read_identity(resources->arena, resource);
    resources->may_have_empty = resources->may_have_empty || node_is_empty(resource->root);
    if (!same_texts(&before, &resource->id))
        resource_index_refresh(resources->index, resource, &before);
}

void resources_index_past(struct resources *resources, struct resource *resource)
{
    resource_index_add(resources->index, resource);
}

/* A new scalar in the old one's style (kyaml FieldSetter over NewScalarRNode). */
static void set_scalar(struct tree *tree, struct node *map, const struct key *key, const char *text)
{
    const struct node *old = node_get(map, key);
    enum node_style style = old ? (enum node_style)old->style : STYLE_PLAIN;
    struct node *fresh = tree_scalar(tree, text, strlen(text), TAG_NONE, style);
    fresh->origin = old ? old->origin : map->origin; /* and with it who wrote it */
    tree_set(tree, map, key, fresh);
}

static void set_metadata(struct resources *resources, struct tree *tree, struct resource *resource,
                         const struct key *key, const char *text)
{
    struct node *metadata = tree_demand_map(tree, tree_own(tree, &resource->root), &key_metadata);
    if (metadata && *text)
        set_scalar(tree, metadata, key, text);
    else if (metadata)
        tree_remove(metadata, key);
    resources_refresh(resources, resource);
}

void resources_set_name(struct resources *resources, struct tree *tree, struct resource *resource, const char *name)
{
    set_metadata(resources, tree, resource, &key_name, name);
}

void resources_set_namespace(struct resources *resources, struct tree *tree, struct resource *resource,
                             const char *namespace)
{
    set_metadata(resources, tree, resource, &key_namespace, namespace);
}

void resources_set_kind(struct resources *resources, struct tree *tree, struct resource *resource, const char *kind)
{
    set_scalar(tree, tree_own(tree, &resource->root), &key_kind, kind);
    resources_refresh(resources, resource);
}

void resources_drop_empties(struct resources *resources)
{
    size_t kept = 0;
    if (!resources->may_have_empty)
        return;
    resources->may_have_empty = false;
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        resource->dropped = node_is_empty(resource->root);
        if (!resource->dropped)
            resources->items[kept++] = resource;
    }
    resources->count = kept;
}
