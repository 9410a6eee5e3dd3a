/* variables.c: notes which resources hold the values of the deprecated `vars`.
 *
 * Source: kustomize api/internal/accumulator/resaccumulator.go MergeVars, api/types/var.go */
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "kustomize/kustomization/transformers.h"
#include "kustomize/refer/variable_value.h"

/* apiVersion, where it is given, wins over group and version. */
struct resource_id variable_object_id(struct arena *arena, const struct var_target *object)
{
    struct resource_id id = {
        {string_or_empty(object->group), string_or_empty(object->version), string_or_empty(object->kind)},
        string_or_empty(object->name),
        string_or_empty(object->namespace),
    };
    const char *api_version = string_or_empty(object->api_version), *slash = strchr(api_version, '/');
    if (!*api_version || (slash && strchr(slash + 1, '/')))
        return id;
    struct gvk gvk = gvk_from(arena, api_version, id.gvk.kind);
    id.gvk.version = gvk.version;
    if (slash)
        id.gvk.group = gvk.group;
    return id;
}

/* Without a namespace a variable finds its object in any; with one it finds no cluster-scoped object. */
static bool has_id(const struct resource *resource, const struct resource_id *wanted)
{
    for (size_t i = 0; i <= resource->past_count; i++) {
        struct resource_id id = i < resource->past_count ? resource_past_id(resource, i) : resource->id;
        if (strcmp(id.name, wanted->name) != 0 || !gvk_equal(&id.gvk, &wanted->gvk))
            continue;
        if (!*wanted->namespace || strcmp(id_effective_namespace(&id), wanted->namespace) == 0)
            return true;
    }
    return false;
}

/* Notes the variable in its object. An object that is not there yet may come further up. */
static bool note_variable(struct kust_target *target, const struct var *var, struct error *error)
{
    struct arena *arena = target->render->arena;
    struct resource_id wanted = variable_object_id(arena, &var->object);
    bool in_any = !*wanted.namespace || strcmp(wanted.namespace, not_a_namespace) == 0;
    const struct resource_clue clue = {
        .name = wanted.name,
        .facts = {[FACT_KIND] = wanted.gvk.kind,
                  [FACT_NAMESPACE] = in_any ? NULL : wanted.namespace,
                  [FACT_GROUP] = wanted.gvk.group,
                  [FACT_VERSION] = wanted.gvk.version},
    };
    struct resource_matches named = resources_candidates(kust_target_resources(target), &clue);
    struct resource *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < named.count; i++) {
        if (named.items[i]->dropped || node_is_empty(named.items[i]->root) || !has_id(named.items[i], &wanted))
            continue;
        found = named.items[i];
        count++;
    }
    if (count > 1)
        return error_at(error, field_origin(var->node, "name"),
                        "found %zu resId matches for var %s (unable to disambiguate)", count, var->name);
    if (found)
        string_list_add(arena, &found->variables, var->name);
    return true;
}

static struct map *known_names(struct arena *arena, const struct list_of_vars *vars)
{
    struct map *known = map_new(arena);
    for (size_t i = 0; i < vars->count; i++)
        *map_slot(known, vars->items[i]->name, strlen(vars->items[i]->name)) = known;
    return known;
}

static bool add_variable(struct arena *arena, struct list_of_vars *vars, struct map *known, const struct var *var,
                         struct error *error)
{
    void **slot = map_slot(known, var->name, strlen(var->name));
    if (*slot)
        return error_at(error, field_origin(var->node, "name"), "var '%s' already encountered", var->name);
    *slot = known;
    vars->items = arena_grow(arena, vars->items, vars->count, &vars->room, sizeof *vars->items);
    vars->items[vars->count++] = var;
    return true;
}

bool merge_vars(struct arena *arena, struct list_of_vars *vars, const struct list_of_vars *more, struct error *error)
{
    if (!more->count)
        return true;
    struct map *known = known_names(arena, vars);
    for (size_t i = 0; i < more->count; i++)
        if (!add_variable(arena, vars, known, more->items[i], error))
            return false;
    return true;
}

/* kustomize accepts a variable without a name: it is $(). */
static void name_all(struct var *vars, size_t count)
{
    for (size_t i = 0; i < count; i++)
        vars[i].name = string_or_empty(vars[i].name);
}

bool collect_vars(struct kust_target *target, struct error *error)
{
    const struct list *incoming = &target->kustomization->vars;
    struct var *items = incoming->items;
    struct list_of_vars *vars = &target->accumulator->vars;
    struct arena *arena = target->render->arena;
    if (!incoming->count)
        return true;
    name_all(items, incoming->count);
    for (size_t i = 0; i < incoming->count; i++)
        if (!note_variable(target, &items[i], error))
            return false;
    struct map *known = known_names(arena, vars);
    for (size_t i = 0; i < incoming->count; i++)
        if (!add_variable(arena, vars, known, &items[i], error))
            return false;
    return true;
}
