/* suggest.c: finds what a name that matches nothing was probably meant to be. */
#include "kustomize/suggest.h"

#include <string.h>

#include "yaml/decode.h"

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

const char *suggest_resource(const struct resources *resources, const char *name, const char *const *kinds)
{
    const char **names = ARENA_ARRAY(resources->arena, resources->count + 1, const char *);
    size_t count = 0;
    for (size_t i = 0; i < resources->count && count < MOST_CANDIDATES; i++)
        if (is_one_of(resources->items[i]->id.gvk.kind, kinds))
            names[count++] = resources->items[i]->id.name;
    names[count] = NULL;
    return suggest_name(resources->arena, name, names);
}

static bool is_near(const struct resource_id *id, const struct resource_id *wanted)
{
    const char *const name[] = {id->name, NULL};
    return (!*wanted->gvk.kind || strcmp(id->gvk.kind, wanted->gvk.kind) == 0) && nearest_name(wanted->name, name);
}

static bool is_namesake(const struct resource_id *id, const struct resource_id *wanted)
{
    return strcmp(id->name, wanted->name) == 0;
}

const char *suggest_id(const struct resources *resources, const struct resource_id *wanted)
{
    static const char *const any_kind[] = {"", NULL};
    bool (*const ways[])(const struct resource_id *, const struct resource_id *) = {is_near, is_namesake};
    size_t count = resources->count < MOST_CANDIDATES ? resources->count : MOST_CANDIDATES;
    if (!*wanted->name)
        return "";
    for (size_t way = 0; way < 2; way++)
        for (size_t i = 0; i < count; i++)
            if (ways[way](&resources->items[i]->id, wanted))
                return arena_format(resources->arena, " (did you mean '%s'?)",
                                    id_text(resources->arena, &resources->items[i]->id));
    return suggest_resource(resources, wanted->name, any_kind);
}
