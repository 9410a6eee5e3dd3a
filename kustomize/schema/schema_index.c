/* schema_index.c: tables of an OpenAPI file's definitions, fields and paths. */
#include "kustomize/schema/schema_index.h"

#include <string.h>

#include "base/map.h"

enum { FEW_KEYS = 32 };

struct schema_index {
    struct arena *arena;
    const struct node *file;
    struct map *members; /* struct node * -> struct map *, from a key to its value: of large maps */
    struct map *kinds;   /* kind, group and version -> struct node *; NULL: not made yet */
    struct map *scopes;  /* the same -> enum scope */
};

enum scope { SCOPE_UNKNOWN, SCOPE_CLUSTER, SCOPE_NAMESPACE };

struct schema_index *schema_index_new(struct arena *arena, const struct node *file)
{
    struct schema_index *index = ARENA_NEW(arena, struct schema_index);
    index->arena = arena;
    index->file = file;
    index->members = map_new(arena);
    return index;
}

const struct node *schema_index_file(const struct schema_index *index)
{
    return index->file;
}

static struct map *index_members(struct arena *arena, const struct node *map)
{
    struct map *members = map_new(arena);
    for (uint32_t i = map->count; i-- > 0;) /* the first of a key counts */
        *map_slot(members, map->entries[i].key->text, map->entries[i].key->size) = map->entries[i].value;
    return members;
}

const struct node *schema_index_member(struct schema_index *index, const struct node *map, const char *key)
{
    if (!node_is_map(map) || map->count <= FEW_KEYS)
        return node_find(map, key);
    struct map **members = (struct map **)map_find(index->members, &map, sizeof map);
    if (!members) {
        const struct node **address = arena_alloc(index->arena, sizeof *address);
        *address = map;
        members = (struct map **)map_slot(index->members, address, sizeof *address);
        *members = index_members(index->arena, map);
    }
    return map_get(*members, key, strlen(key));
}

static const char *text_of(const struct node *map, const char *key)
{
    const char *text = node_text(node_find(map, key));
    return text ? text : "";
}

/* A line for each: none of the three has a line break where it is a kind's. */
static const char *name_kind(struct arena *arena, const struct gvk *gvk)
{
    return arena_format(arena, "%s\n%s\n%s", gvk->kind, gvk->group, gvk->version);
}

static const char *name_kind_of(struct arena *arena, const struct node *node)
{
    const struct gvk gvk = {text_of(node, "group"), text_of(node, "version"), text_of(node, "kind")};
    return name_kind(arena, &gvk);
}

static const char group_version_kind[] = "x-kubernetes-group-version-kind";

static struct map *index_kinds(struct arena *arena, const struct node *definitions)
{
    struct map *all = map_new(arena);
    for (uint32_t i = 0; node_is_map(definitions) && i < definitions->count; i++) {
        struct node *definition = definitions->entries[i].value;
        const struct node *kinds = node_find(definition, group_version_kind);
        for (uint32_t j = 0; node_is_list(kinds) && j < kinds->count; j++) {
            const char *name = name_kind_of(arena, kinds->items[j]);
            *map_slot(all, name, strlen(name)) = definition;
        }
    }
    return all;
}

const struct node *schema_index_kind(struct schema_index *index, const char *api_version, const char *kind)
{
    const char *slash = strchr(api_version, '/');
    const struct gvk gvk = {slash ? arena_copy(index->arena, api_version, (size_t)(slash - api_version)) : "",
                            slash ? slash + 1 : api_version, kind};
    const char *name = name_kind(index->arena, &gvk);
    if (!index->kinds)
        index->kinds = index_kinds(index->arena, node_find(index->file, "definitions"));
    return map_get(index->kinds, name, strlen(name));
}

/* A kind has a namespace where any path says so. */
static struct map *index_scopes(struct arena *arena, const struct node *paths)
{
    struct map *scopes = map_new(arena);
    for (uint32_t i = 0; node_is_map(paths) && i < paths->count; i++) {
        const struct node *kind = node_find(node_find(paths->entries[i].value, "get"), group_version_kind);
        if (!kind)
            continue;
        const char *name = name_kind_of(arena, kind);
        void **scope = map_slot(scopes, name, strlen(name));
        if (strstr(paths->entries[i].key->text, "namespaces/{namespace}"))
            *scope = (void *)(uintptr_t)SCOPE_NAMESPACE;
        else if (!*scope)
            *scope = (void *)(uintptr_t)SCOPE_CLUSTER;
    }
    return scopes;
}

bool schema_index_is_cluster_scoped(struct schema_index *index, const struct gvk *gvk)
{
    const char *name = name_kind(index->arena, gvk);
    if (!index->scopes)
        index->scopes = index_scopes(index->arena, node_find(index->file, "paths"));
    return (uintptr_t)map_get(index->scopes, name, strlen(name)) == SCOPE_CLUSTER;
}
