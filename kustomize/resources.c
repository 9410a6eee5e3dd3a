/* resources.c: the ordered resources of a kustomization and their index by name.
 *
 * The index maps each name to all resources that have or had it; it is only ever added to. A look-up checks what it
 * finds against the resources as they are, so that renames and removals need no upkeep beyond adding the new name. */
#include "kustomize/resources.h"

#include <stdlib.h>
#include <string.h>

struct bearers {
    struct resource **items;
    size_t count, room;
};

void resources_init(struct resources *resources, struct arena *arena)
{
    *resources = (struct resources){.arena = arena, .by_name = map_new(arena)};
}

static void index_name(struct resources *resources, struct resource *resource, const char *name)
{
    struct bearers **slot = (struct bearers **)map_slot(resources->by_name, name, strlen(name));
    if (!*slot)
        *slot = ARENA_NEW(resources->arena, struct bearers);
    struct bearers *bearers = *slot;
    if (bearers->count && bearers->items[bearers->count - 1] == resource)
        return;
    bearers->items =
        arena_grow(resources->arena, bearers->items, bearers->count, &bearers->room, sizeof(struct resource *));
    bearers->items[bearers->count++] = resource;
}

static void index_resource(struct resources *resources, struct resource *resource)
{
    index_name(resources, resource, resource->id.name);
    for (size_t i = 0; i < resource->past_count; i++)
        index_name(resources, resource, resource->past[i].name);
}

void resources_add(struct resources *resources, struct resource *resource)
{
    resources->items =
        arena_grow(resources->arena, resources->items, resources->count, &resources->room, sizeof(struct resource *));
    resources->items[resources->count++] = resource;
    resource->position = resources->next_position++;
    resource->dropped = false;
    index_resource(resources, resource);
}

static void add_match(struct resources const *resources, struct resource_matches *matches, struct resource *resource)
{
    matches->items =
        arena_grow(resources->arena, matches->items, matches->count, &matches->room, sizeof(struct resource *));
    matches->items[matches->count++] = resource;
}

static int by_position(const void *left, const void *right)
{
    const struct resource *a = *(struct resource *const *)left, *b = *(struct resource *const *)right;
    return (a->position > b->position) - (a->position < b->position);
}

/* List order, each once: a resource that came back to an old name is listed twice under it. */
static void put_in_order(struct resource_matches *matches)
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

typedef bool match_function(const struct resource *resource, const void *wanted);

static struct resource_matches matches_for(const struct resources *resources, const char *name, match_function *matches,
                                           const void *wanted)
{
    struct resource_matches found = {0};
    const struct bearers *bearers = map_get(resources->by_name, name, strlen(name));
    for (size_t i = 0; bearers && i < bearers->count; i++)
        if (!bearers->items[i]->dropped && matches(bearers->items[i], wanted))
            add_match(resources, &found, bearers->items[i]);
    put_in_order(&found);
    return found;
}

static bool has_current_id(const struct resource *resource, const void *wanted)
{
    return id_equal(&resource->id, wanted);
}

static bool has_any_id(const struct resource *resource, const void *wanted)
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

static bool has_past_name(const struct resource *resource, const void *wanted)
{
    for (size_t i = 0; i < resource->past_count; i++)
        if (strcmp(resource->past[i].name, wanted) == 0)
            return true;
    return false;
}

static bool has_any_name(const struct resource *resource, const void *wanted)
{
    return strcmp(resource->id.name, wanted) == 0 || has_past_name(resource, wanted);
}

struct resource_matches resources_by_current_id(const struct resources *resources, const struct resource_id *id)
{
    return matches_for(resources, id->name, has_current_id, id);
}

struct resource_matches resources_by_any_id(const struct resources *resources, const struct resource_id *id)
{
    return matches_for(resources, id->name, has_any_id, id);
}

struct resource_matches resources_by_past_name(const struct resources *resources, const char *name)
{
    return matches_for(resources, name, has_past_name, name);
}

struct resource_matches resources_by_any_name(const struct resources *resources, const char *name)
{
    return matches_for(resources, name, has_any_name, name);
}

static const struct resource *find_registered(const struct resources *resources, const struct resource *resource)
{
    const struct bearers *bearers = map_get(resources->by_name, resource->id.name, strlen(resource->id.name));
    for (size_t i = 0; bearers && i < bearers->count; i++)
        if (bearers->items[i] != resource && !bearers->items[i]->dropped &&
            id_equal(&bearers->items[i]->id, &resource->id))
            return bearers->items[i];
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

static bool already_registered(const struct resource *resource, const struct resource *first, struct error *error)
{
    struct text message = {0};
    text_string(&message, "may not add resource with an already registered id: ");
    id_write(&resource->id, &message);
    if (error)
        tell_first(first, resource, error->origins, &message);
    error_at(error, origin_of(resource), "%s", text_content(&message));
    text_free(&message);
    return false;
}

bool resources_append(struct resources *resources, struct resource *resource, struct error *error)
{
    const struct resource *first = find_registered(resources, resource);
    if (first)
        return already_registered(resource, first, error);
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
            return already_registered(twin, resources->items[i], error);
    }
    return true;
}

void resources_refresh(struct resources *resources, struct resource *resource)
{
    const char *name = resource->id.name;
    resource_read_identity(resources->arena, resource);
    if (strcmp(name, resource->id.name) != 0)
        index_name(resources, resource, resource->id.name);
}

void resources_index_past(struct resources *resources, struct resource *resource)
{
    for (size_t i = 0; i < resource->past_count; i++)
        index_name(resources, resource, resource->past[i].name);
}

/* A new scalar in the old one's style (kyaml FieldSetter over NewScalarRNode). */
static void set_scalar(struct tree *tree, struct node *map, const struct key *key, const char *text)
{
    const struct node *old = node_get(map, key);
    enum node_style style = old ? (enum node_style)old->style : STYLE_PLAIN;
    struct node *fresh = tree_scalar(tree, text, strlen(text), TAG_NONE, style);
    fresh->origin = old ? old->origin : map->origin;
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
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        resource->dropped = node_is_empty(resource->root);
        if (!resource->dropped)
            resources->items[kept++] = resource;
    }
    resources->count = kept;
}
