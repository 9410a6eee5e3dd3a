/* What an engine keeps for its later builds: rendered bases and the kustomization files that were read. */
#ifndef KUSTOMIZE_BASE_CACHE_H
#define KUSTOMIZE_BASE_CACHE_H

#include "base/map.h"
#include "yaml/tree.h"

struct base_cache {
    struct arena *arena;
    struct intern *keys;
    struct map *bases; /* directory -> struct base */
    struct map *files; /* of kustomize/load.c */
    uint32_t trees;
};

struct base_cache *base_cache_new(struct arena *arena, struct intern *keys);

/* A tree for what all builds of the engine share. No build owns its nodes, so each copies what it changes; they last as
 * long as the engine. Its limits are those of `like`. */
struct tree base_cache_tree(struct base_cache *cache, const struct tree *like);

/* The kustomization files that were read: directory -> what kustomize/load.c keeps of them. */
struct map *base_cache_files(struct base_cache *cache);

#endif
