/* test_memory.c: who watches memory is called once, before it is too much. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"

enum { BLOCK = 100 * 1000 };

static void count(void *context)
{
    ++*(int *)context;
}

Test(memory, is_watched)
{
    int calls = 0;
    memory_watch(10 * BLOCK, count, &calls);
    for (int i = 0; i < 10; i++)
        free(memory_new(BLOCK));
    cr_expect_eq(calls, 0, "not beyond it");
    free(memory_resize(NULL, 1000));
    cr_expect_eq(calls, 0, "small blocks are not counted");
    free(memory_resize(NULL, BLOCK));
    cr_expect_eq(calls, 1, "before the block that goes beyond");
    free(memory_resize(NULL, 20 * BLOCK));
    cr_expect_eq(calls, 1, "once");
}

Test(memory, is_watched_in_arenas)
{
    int calls = 0;
    memory_watch(8 * 1000 * 1000, count, &calls);
    struct arena *arena = arena_new();
    for (int i = 0; i < 1000 && !calls; i++)
        arena_alloc(arena, 2 * BLOCK); /* one that counts in an arena of single blocks, too */
    arena_free(arena);
    cr_expect_eq(calls, 1);
}
