/* test_jobs.c: every job is done once, whatever the number of threads. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "plugin/run/jobs.h"

enum { COUNT = 1000 };

struct work {
    atomic_int done[COUNT];
    atomic_int states;
    size_t last;
};

static void *begin(void *context)
{
    atomic_fetch_add(&((struct work *)context)->states, 1);
    return malloc(1);
}

static void end(void *context, void *state)
{
    atomic_fetch_sub(&((struct work *)context)->states, 1);
    free(state);
}

static void do_job(void *context, void *state, size_t index)
{
    cr_assert_not_null(state);
    atomic_fetch_add(&((struct work *)context)->done[index], 1);
}

static void count(void *context, size_t finished)
{
    struct work *work = context;
    cr_assert_eq(finished, work->last + 1);
    work->last = finished;
}

static void check(size_t jobs, unsigned threads)
{
    struct work *work = calloc(1, sizeof *work);
    jobs_run(&(struct jobs){
        .count = jobs, .threads = threads, .context = work, .begin = begin, .work = do_job, .end = end, .done = count});
    for (size_t i = 0; i < COUNT; i++)
        cr_assert_eq(work->done[i], i < jobs ? 1 : 0);
    cr_assert_eq(work->states, 0);
    cr_assert_eq(work->last, jobs);
    free(work);
}

Test(jobs, each_once)
{
    check(0, 4);
    check(1, 4);
    check(COUNT, 1);
    check(COUNT, 8);
    check(COUNT, 0);
}
