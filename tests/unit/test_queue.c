/* test_queue.c: every job is done once, whoever does it and whenever it was added; what is dropped is not done. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "plugin/run/queue.h"

enum { COUNT = 1000 };

struct job {
    struct queued queued;
    atomic_int done;
};

struct work {
    struct job jobs[COUNT];
    atomic_int states;
    size_t last;
    struct queue *queue;
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

static void do_job(void *context, void *state, struct queued *queued)
{
    (void)context;
    cr_assert_not_null(state);
    atomic_fetch_add(&((struct job *)queued)->done, 1);
}

static void count(void *context, size_t done, size_t added)
{
    struct work *work = context;
    cr_assert_eq(done, work->last + 1);
    cr_assert_leq(done, added);
    work->last = done;
}

static struct work *open_work(unsigned threads)
{
    struct work *work = calloc(1, sizeof *work);
    work->queue = queue_open(&(struct queue_options){
        .threads = threads, .context = work, .begin = begin, .work = do_job, .end = end, .done = count});
    return work;
}

static int count_done(const struct work *work)
{
    int done = 0;
    for (size_t i = 0; i < COUNT; i++) {
        cr_assert_leq(work->jobs[i].done, 1);
        done += work->jobs[i].done;
    }
    return done;
}

static void check(unsigned threads, size_t jobs)
{
    struct work *work = open_work(threads);
    for (size_t i = 0; i < jobs; i++)
        queue_add(work->queue, &work->jobs[i].queued);
    queue_close(work->queue, true);
    cr_assert_eq(count_done(work), (int)jobs);
    cr_assert_eq(work->last, jobs);
    cr_assert_eq(work->states, 0);
    free(work);
}

Test(queue, each_once)
{
    check(1, 0);
    check(4, 0);
    check(4, 1);
    check(1, COUNT);
    check(8, COUNT);
    check(0, COUNT);
}

Test(queue, all_is_done_after_waiting)
{
    struct work *work = open_work(4);
    for (size_t i = 0; i < COUNT; i++)
        queue_add(work->queue, &work->jobs[i].queued);
    queue_wait(work->queue);
    cr_assert_eq(count_done(work), COUNT);
    queue_close(work->queue, true);
    cr_assert_eq(work->states, 0);
    free(work);
}

/* A second for all of them: by then what nobody has begun is dropped. */
static void do_slow_job(void *context, void *state, struct queued *queued)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
    do_job(context, state, queued);
}

Test(queue, what_is_dropped_is_not_done)
{
    struct work *work = calloc(1, sizeof *work);
    work->queue = queue_open(
        &(struct queue_options){.threads = 1, .context = work, .begin = begin, .work = do_slow_job, .end = end});
    for (size_t i = 0; i < COUNT; i++)
        queue_add(work->queue, &work->jobs[i].queued);
    queue_close(work->queue, false);
    cr_assert_lt(count_done(work), COUNT);
    cr_assert_eq(work->states, 0);
    free(work);
}
