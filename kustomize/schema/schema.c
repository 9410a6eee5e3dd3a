/* schema.c: the schemas of a build, and walking down them.
 *
 * Source of the rules about which schemas are in force: kyaml openapi/openapi.go, SetSchema, initSchema and
 * IsNamespaceScoped, whose state outlives each kustomization. */
#include <string.h>

#include "base/map.h"
#include "kustomize/schema/schema_index.h"
#include "kustomize/schema/schema_table.h"

/* The only builtin version. Source: kyaml openapi/builtin_schema.go */
static const char builtin_version[] = "v1.21.2";

struct schema_set {
    struct arena *arena;
    struct map *made;
    struct schema_index *chosen; /* a file's, waiting to be needed; NULL: none */
    struct schema_index *file;   /* in force */
    bool is_chosen, in_force;
    bool builtin_met;    /* an unknown kind was met while the builtin schemas counted: they will be needed */
    bool builtin_loaded; /* in force too */
    bool builtin_last;   /* and later than the file's: they win */
};

struct schema_set *schema_set_new(struct arena *arena)
{
    struct schema_set *schemas = ARENA_NEW(arena, struct schema_set);
    schemas->arena = arena;
    return schemas;
}

bool schema_set_are_chosen(const struct schema_set *schemas)
{
    return schemas->is_chosen;
}

struct arena *schema_set_arena(const struct schema_set *schemas)
{
    return schemas->arena;
}

struct map *schema_set_made(const struct schema_set *schemas)
{
    return schemas->made;
}

static void put_in_force(struct schema_set *schemas)
{
    if (schemas->in_force)
        return;
    schemas->in_force = true;
    schemas->made = map_new(schemas->arena);
    if (schemas->chosen)
        schemas->file = schemas->chosen;
    schemas->builtin_last = !schemas->chosen || (schemas->builtin_met && !schemas->builtin_loaded);
    schemas->builtin_loaded = schemas->builtin_loaded || schemas->builtin_last;
}

bool schema_set_choose(struct schema_set *schemas, bool is_root, const char *version, const struct node *file,
                       origin at, struct error *error)
{
    if (schemas->is_chosen && !is_root)
        return true;
    if (file && version)
        return error_at(error, at, "openapi: builtin version and custom schema provided, cannot use both");
    if (!file && (!version || !*version))
        return true;
    if (!file && strcmp(version, builtin_version) != 0)
        return error_at(error, at, "openapi: the specified OpenAPI version is not built in: only %s is",
                        builtin_version);
    schemas->is_chosen = true;
    schemas->in_force = false;
    schemas->chosen = file ? schema_index_new(schemas->arena, file) : NULL;
    return true;
}

const struct schema *schema_set_find(struct schema_set *schemas, const char *api_version, const char *kind)
{
    put_in_force(schemas);
    const struct schema *found = NULL;
    if (schemas->builtin_loaded && (schemas->builtin_last || !schemas->file))
        found = schema_builtin(api_version, kind);
    if (!found && schemas->file)
        found = schema_from_node(schemas, schema_index_kind(schemas->file, api_version, kind));
    if (!found && schemas->builtin_loaded)
        found = schema_builtin(api_version, kind);
    return found;
}

const struct schema *schema_set_builtin_definition(const struct schema_set *schemas, const char *name)
{
    return schemas->builtin_loaded ? schema_builtin_definition(name) : NULL;
}

const struct node *schema_set_file_definition(const struct schema_set *schemas, const char *name)
{
    if (schemas->builtin_last && schema_set_builtin_definition(schemas, name))
        return NULL;
    return schema_set_file_member(schemas, node_find(schema_index_file(schemas->file), "definitions"), name);
}

const struct node *schema_set_file_member(const struct schema_set *schemas, const struct node *map, const char *key)
{
    return schema_index_member(schemas->file, map, key);
}

bool schema_set_meet_kind(struct schema_set *schemas, const struct gvk *gvk)
{
    bool cluster;
    if (gvk_scope_is_known(gvk, &cluster))
        return cluster;
    if (!schemas->is_chosen && !schemas->in_force)
        schemas->builtin_met = true;
    return schemas->chosen && schema_index_is_cluster_scoped(schemas->chosen, gvk);
}

void schema_set_replay(struct schema_set *schemas, const struct schema_set *other)
{
    if (schemas->is_chosen)
        return;
    schemas->builtin_met = schemas->builtin_met || other->builtin_met;
    if (other->in_force)
        put_in_force(schemas);
}

const struct schema *schema_field(const struct schema *schema, const char *name)
{
    if (!schema)
        return NULL;
    if (schema->node)
        return schema_file_field(schema, name);
    for (size_t i = 0; i < schema->property_count; i++)
        if (strcmp(schema->properties[i].name, name) == 0)
            return schema->properties[i].schema;
    return schema->others;
}

const struct schema *schema_items(const struct schema *schema)
{
    if (!schema)
        return NULL;
    return schema->node ? schema_file_items(schema) : schema->items;
}

const char *const *schema_merge_keys(const struct schema *schema)
{
    return schema ? schema->merge_keys : NULL;
}
