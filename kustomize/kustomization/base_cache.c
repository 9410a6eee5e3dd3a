/* base_cache.c: what an engine keeps for its later builds. */
#include "kustomize/kustomization/base_cache.h"

struct base_cache *base_cache_new(struct arena *arena, struct intern *keys)
{
    struct base_cache *cache = ARENA_NEW(arena, struct base_cache);
    cache->arena = arena;
    cache->keys = keys;
    cache->bases = map_new(arena);
    cache->files = map_new(arena);
    return cache;
}

struct tree base_cache_tree(struct base_cache *cache, const struct tree *like)
{
    return (struct tree){.arena = cache->arena,
                         .keys = cache->keys,
                         .schema_comments = like->schema_comments,
                         .origins = like->origins,
                         .writers = like->writers,
                         .node_limit = like->node_limit,
                         .step_limit = like->step_limit};
}

struct map *base_cache_files(struct base_cache *cache)
{
    return cache->files;
}
