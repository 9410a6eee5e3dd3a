/* shared_base.c: the cache of rendered bases. */
#include "kustomize/shared_base.h"

#include <string.h>

#include "base/path.h"
#include "kustomize/accumulate.h"
#include "kustomize/kustomization/notice.h"

/* Owner numbers of the cache's trees come from the upper half, those of renders from the lower. */
enum { FIRST_OWNER = 0x40000000 };

struct base {
    struct accumulator *accumulator; /* NULL: it chooses schemas, which its surroundings must see */
    struct schema_set *schemas;      /* what was asked for */
    struct text warnings;
    struct findings *findings;  /* NULL: not asked for */
    struct string_list visited; /* the directories that the base was made from */
};

bool bases_are_shared(const struct kust_target *base)
{
    const struct render *render = base->render;
    return render->options->share_bases && !render->track_origins && !schema_set_are_chosen(render->schemas) &&
           !base->parent->clone && !render->options->helm.enabled;
}

/* What tells bases apart: our own directory, or a repository's URL with a directory and a ref. */
static const char *key_of(const struct kust_target *base)
{
    struct arena *arena = base->render->arena;
    if (!base->clone)
        return base->directory;
    return arena_format(arena, "%s//%s?ref=%s&submodules=%d", base->clone->url.clone, base->directory,
                        base->clone->url.ref, base->clone->url.submodules);
}

static void tell_parent(const struct render *parent, const struct text *warnings, const struct findings *findings)
{
    text_bytes(parent->warnings, text_content(warnings), warnings->size);
    if (findings && parent->findings)
        findings_add_all(parent->findings, findings, NULL);
}

static struct base *render_base(struct base_cache *cache, const struct kust_target *asked, struct error *error)
{
    const struct kust_target *parent = asked->parent;
    struct base *base = ARENA_NEW(cache->arena, struct base);
    struct text warnings = {0};
    struct tree *tree = ARENA_NEW(cache->arena, struct tree);
    *tree = base_cache_tree(cache, parent->render->tree);
    tree->owner = FIRST_OWNER + ++cache->trees;
    struct render render = *parent->render;
    render.arena = cache->arena;
    render.tree = tree;
    render.warnings = &warnings;
    render.findings = base->findings = wants_notices(parent->render) ? notices_new(cache->arena) : NULL;
    render.visited = &base->visited;
    render.schemas = base->schemas = schema_set_new(cache->arena);
    struct kust_target target = *asked;
    target.render = &render;
    target.directory = arena_string(cache->arena, asked->directory);
    bool good = build_base(&target, error), shareable = !schema_set_are_chosen(base->schemas);
    if (shareable || !good)
        tell_parent(parent->render, &warnings, base->findings);
    base->warnings =
        (struct text){.bytes = arena_copy(cache->arena, text_content(&warnings), warnings.size), .size = warnings.size};
    text_free(&warnings);
    base->accumulator = shareable ? target.accumulator : NULL;
    return good ? base : NULL;
}

static bool check_cycles(const struct base *base, const struct kust_target *parent, struct error *error)
{
    for (size_t i = 0; i < base->visited.count; i++)
        if (!check_cycle(parent, base->visited.items[i], error))
            return false;
    return true;
}

static void note_visits(const struct render *render, const struct base *base)
{
    for (size_t i = 0; render->visited && i < base->visited.count; i++)
        string_list_add(render->arena, render->visited, base->visited.items[i]);
}

/* What a parent may change: the list, and each resource's own fields. */
static struct accumulator *copy_of(const struct accumulator *frozen, struct arena *arena)
{
    struct accumulator *copy = ARENA_NEW(arena, struct accumulator);
    *copy = *frozen;
    resources_init(&copy->resources, arena, frozen->resources.origins);
    for (size_t i = 0; i < frozen->resources.count; i++)
        resources_add(&copy->resources, resource_copy(arena, frozen->resources.items[i]));
    return copy;
}

bool shared_base(struct base_cache *cache, const struct kust_target *asked, struct accumulator **out,
                 struct error *error)
{
    struct render *render = asked->render;
    const char *key = key_of(asked);
    struct base *base = map_get(cache->bases, key, strlen(key));
    *out = NULL;
    if (base && !check_cycles(base, asked->parent, error))
        return false;
    if (base && base->accumulator)
        tell_parent(render, &base->warnings, base->findings);
    if (!base) {
        base = render_base(cache, asked, error);
        if (!base)
            return false;
        key = arena_string(cache->arena, key);
        *map_slot(cache->bases, key, strlen(key)) = base;
    }
    if (!base->accumulator)
        return true;
    note_visits(render, base);
    schema_set_replay(render->schemas, base->schemas);
    *out = copy_of(base->accumulator, render->arena);
    return true;
}
