/* What tests of trees share: an arena, a tree in it with the places of its values, and an error.
 *
 * A suite gives tree_set_up and tree_tear_down to Criterion, or calls them in its own. */
#ifndef TESTS_TREE_FIXTURE_H
#define TESTS_TREE_FIXTURE_H

#include "base/error.h"
#include "yaml/tree.h"

static struct arena *arena;
static struct origins *origins;
static struct tree tree;
static struct error error;

static inline void tree_set_up(void)
{
    arena = arena_new();
    origins = origins_new();
    tree = (struct tree){.arena = arena, .keys = intern_new(arena), .owner = 1, .origins = origins};
    error = (struct error){0};
}

static inline void tree_tear_down(void)
{
    error_free(&error);
    origins_free(origins);
    arena_free(arena);
}

#endif
