/* resource_index.c: groups of resources that bear one name, with chains by what else is known of them. */
#include "kustomize/resource/resource_index.h"

#include <string.h>

#include "base/map.h"

/* A few are looked at one by one; all resources are looked through some times before chains of them are made. */
enum { FEW_MEMBERS = 32, FEW_LOOKUPS = 16 };

/* Those that have or had one name; or, without members of its own, all. */
struct group {
    struct resource_matches members;
    struct map *chains[FACTS]; /* from a text to struct resource_matches; NULL until they are worth it */
    size_t lookups;
};

struct resource_index {
    struct arena *arena;
    struct map *by_name; /* of struct group */
    struct group all;
    bool has_chains; /* in any group */
};

struct resource_index *resource_index_new(struct arena *arena)
{
    struct resource_index *index = ARENA_NEW(arena, struct resource_index);
    index->arena = arena;
    index->by_name = map_new(arena);
    return index;
}

/* Where a resource is in a chain, or belongs. */
static size_t place_in(const struct resource_matches *chain, const struct resource *resource)
{
    size_t low = 0, high = chain->count;
    if (high && chain->items[high - 1]->position < resource->position)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (chain->items[middle]->position < resource->position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* In list order, each once. */
static void put_resource(struct arena *arena, struct resource_matches *chain, struct resource *resource)
{
    size_t place = place_in(chain, resource);
    if (place < chain->count && chain->items[place] == resource)
        return;
    chain->items = arena_grow(arena, chain->items, chain->count, &chain->room, sizeof *chain->items);
    memmove(chain->items + place + 1, chain->items + place, (chain->count - place) * sizeof *chain->items);
    chain->items[place] = resource;
    chain->count++;
}

static void note_fact(struct arena *arena, struct group *group, enum resource_fact fact, const char *text,
                      struct resource *resource)
{
    struct resource_matches **chain = (struct resource_matches **)map_slot(group->chains[fact], text, strlen(text));
    if (!*chain)
        *chain = ARENA_NEW(arena, struct resource_matches);
    put_resource(arena, *chain, resource);
}

static void note_id(struct arena *arena, struct group *group, struct resource *resource)
{
    const struct resource_id *id = &resource->id;
    note_fact(arena, group, FACT_KIND, id->gvk.kind, resource);
    note_fact(arena, group, FACT_GROUP, id->gvk.group, resource);
    note_fact(arena, group, FACT_VERSION, id->gvk.version, resource);
    note_fact(arena, group, FACT_NAMESPACE, *id->namespace ? id->namespace : "default", resource);
    if (resource->cluster_scoped || gvk_is_cluster_scoped(&id->gvk))
        note_fact(arena, group, FACT_NAMESPACE, not_a_namespace, resource);
}

static void note_member(struct arena *arena, struct group *group, struct resource *resource)
{
    note_id(arena, group, resource);
    for (size_t i = 0; i < resource->past_count; i++) {
        note_fact(arena, group, FACT_KIND, resource->past[i].kind, resource);
        note_fact(arena, group, FACT_NAMESPACE, resource->past[i].namespace, resource);
    }
}

static void join_group(struct resource_index *index, struct resource *resource, const char *name)
{
    struct group **group = (struct group **)map_slot(index->by_name, name, strlen(name));
    if (!*group)
        *group = ARENA_NEW(index->arena, struct group);
    put_resource(index->arena, &(*group)->members, resource);
    if ((*group)->chains[0])
        note_member(index->arena, *group, resource);
}

void resource_index_add(struct resource_index *index, struct resource *resource)
{
    join_group(index, resource, resource->id.name);
    for (size_t i = 0; i < resource->past_count; i++)
        join_group(index, resource, resource->past[i].name);
    if (index->all.chains[0])
        note_member(index->arena, &index->all, resource);
}

static void note_in(struct resource_index *index, const char *name, struct resource *resource)
{
    struct group *group = map_get(index->by_name, name, strlen(name));
    if (group && group->chains[0])
        note_id(index->arena, group, resource);
}

/* What it is now, in all groups that it belongs to. */
static void note_change(struct resource_index *index, struct resource *resource)
{
    note_in(index, resource->id.name, resource);
    for (size_t i = 0; i < resource->past_count; i++)
        if (!i || strcmp(resource->past[i].name, resource->past[i - 1].name) != 0)
            note_in(index, resource->past[i].name, resource);
    if (index->all.chains[0])
        note_id(index->arena, &index->all, resource);
}

void resource_index_refresh(struct resource_index *index, struct resource *resource, const struct resource_id *before)
{
    const struct resource_id *now = &resource->id;
    if (strcmp(before->name, now->name) != 0)
        join_group(index, resource, now->name);
    if (index->has_chains && (strcmp(before->namespace, now->namespace) != 0 || !gvk_equal(&before->gvk, &now->gvk)))
        note_change(index, resource);
}

static void make_chains(struct resource_index *index, struct group *group, const struct resource_matches *members)
{
    for (size_t fact = 0; fact < FACTS; fact++)
        group->chains[fact] = map_new(index->arena);
    for (size_t i = 0; i < members->count; i++)
        note_member(index->arena, group, members->items[i]);
    index->has_chains = true;
}

/* The shortest chain of what is known. */
static struct resource_matches shortest_chain(const struct group *group, struct resource_matches members,
                                              const struct resource_clue *clue)
{
    for (size_t fact = 0; fact < FACTS; fact++) {
        const char *text = clue->facts[fact];
        const struct resource_matches *chain = text ? map_get(group->chains[fact], text, strlen(text)) : &members;
        if (!chain)
            return (struct resource_matches){0};
        if (chain->count < members.count)
            members = *chain;
    }
    return members;
}

static bool says_nothing(const struct resource_clue *clue)
{
    for (size_t fact = 0; fact < FACTS; fact++)
        if (clue->facts[fact])
            return false;
    return true;
}

static struct group *group_of(const struct resource_index *index, const char *name)
{
    return map_get(index->by_name, name, strlen(name));
}

bool resource_index_has_many(const struct resource_index *index, const char *name)
{
    const struct group *group = group_of(index, name);
    return group && group->members.count > FEW_MEMBERS;
}

struct resource_matches resource_index_named(struct resource_index *index, const struct resource_clue *clue)
{
    struct group *group = group_of(index, clue->name);
    if (!group || group->members.count <= FEW_MEMBERS || says_nothing(clue))
        return group ? group->members : (struct resource_matches){0};
    if (!group->chains[0])
        make_chains(index, group, &group->members);
    return shortest_chain(group, group->members, clue);
}

/* Whether it is cluster-scoped takes long to say, and is asked only for a name that many bear. */
struct resource_matches resource_index_by_id(struct resource_index *index, const struct resource_id *id)
{
    const struct group *group = group_of(index, id->name);
    if (!group || group->members.count <= FEW_MEMBERS)
        return group ? group->members : (struct resource_matches){0};
    const char *namespace = *id->namespace ? id->namespace : "default";
    const struct resource_clue clue = {
        .name = id->name,
        .facts = {[FACT_KIND] = id->gvk.kind,
                  [FACT_NAMESPACE] = gvk_is_cluster_scoped(&id->gvk) ? NULL : namespace,
                  [FACT_GROUP] = id->gvk.group,
                  [FACT_VERSION] = id->gvk.version},
    };
    return resource_index_named(index, &clue);
}

struct resource_matches resource_index_among(struct resource_index *index, const struct resource_matches *all,
                                             const struct resource_clue *clue)
{
    if (all->count <= FEW_MEMBERS || says_nothing(clue) || ++index->all.lookups <= FEW_LOOKUPS)
        return *all;
    if (!index->all.chains[0])
        make_chains(index, &index->all, all);
    return shortest_chain(&index->all, *all, clue);
}
