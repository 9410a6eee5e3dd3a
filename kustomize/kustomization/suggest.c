/* suggest.c: finds what a name that matches nothing was probably meant to be. */
#include "kustomize/kustomization/suggest.h"

#include <string.h>

#include "base/nearest.h"

enum { MOST_CANDIDATES = 5000 };

const char *suggest_name(struct arena *arena, const char *name, const char *const *names)
{
    const char *near = nearest_name(name, names);
    return near ? arena_format(arena, " (did you mean '%s'?)", near) : "";
}

static bool is_one_of(const char *kind, const char *const *kinds)
{
    for (; *kinds; kinds++)
        if (!**kinds || strcmp(kind, *kinds) == 0)
            return true;
    return false;
}

static const char *nearest_of(const struct resources *resources, const char *name, const char *const *kinds)
{
    const char **names = ARENA_ARRAY(resources->arena, resources->count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < resources->count && count < MOST_CANDIDATES; i++)
        if (is_one_of(resources->items[i]->id.gvk.kind, kinds))
            names[count++] = resources->items[i]->id.name;
    names[count] = NULL;
    return nearest_name(name, names);
}

static bool has_kind(const struct resource *resource, const char *kind)
{
    return !*kind || strcmp(resource->id.gvk.kind, kind) == 0;
}

/* The first one of this name and kind; "" is any kind. */
static const char *suggest_first(const struct resources *resources, const char *name, const char *kind)
{
    for (size_t i = 0; i < resources->count && i < MOST_CANDIDATES; i++)
        if (has_kind(resources->items[i], kind) && strcmp(resources->items[i]->id.name, name) == 0)
            return arena_format(resources->arena, " (did you mean '%s'?)",
                                id_text(resources->arena, &resources->items[i]->id));
    return "";
}

const char *suggest_id(const struct resources *resources, const struct resource_id *wanted)
{
    const char *const kinds[] = {wanted->gvk.kind, NULL}, *const any_kind[] = {"", NULL};
    if (!*wanted->name)
        return "";
    const char *near = nearest_of(resources, wanted->name, kinds);
    if (near)
        return suggest_first(resources, near, wanted->gvk.kind);
    near = nearest_of(resources, wanted->name, any_kind);
    return near ? suggest_first(resources, near, "") : "";
}

const char *target_shown(struct arena *arena, const struct selector_fields *target)
{
    const char *kind = target->kind ? target->kind : "", *name = target->name ? target->name : "";
    if (!*kind && !*name)
        return "";
    return arena_format(arena, ", %s%s%s%s%s", kind, *kind && *name ? " " : "", *name ? "'" : "", name,
                        *name ? "'" : "");
}
