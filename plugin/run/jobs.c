/* jobs.c: shares jobs among threads. */
#define _GNU_SOURCE
#include "plugin/run/jobs.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/ending.h"

enum { MOST_THREADS = 256 };

struct pool {
    const struct jobs *jobs;
    atomic_size_t next;
    size_t finished;
    pthread_mutex_t mutex; /* of `finished` and of calls of `done` */
};

static unsigned count_processors(void)
{
    cpu_set_t usable;
    return sched_getaffinity(0, sizeof usable, &usable) == 0 ? (unsigned)CPU_COUNT(&usable) : 1;
}

size_t jobs_threads(unsigned asked)
{
    unsigned threads = asked ? asked : count_processors();
    return threads < MOST_THREADS ? threads : MOST_THREADS;
}

static void count_done(struct pool *pool)
{
    if (!pool->jobs->done)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->jobs->done(pool->jobs->context, ++pool->finished);
    pthread_mutex_unlock(&pool->mutex);
}

static void *work_on(void *argument)
{
    struct pool *pool = argument;
    const struct jobs *jobs = pool->jobs;
    void *state = jobs->begin ? jobs->begin(jobs->context) : NULL;
    for (;;) {
        size_t index = atomic_fetch_add(&pool->next, 1);
        if (index >= jobs->count)
            break;
        jobs->work(jobs->context, state, index);
        count_done(pool);
    }
    if (jobs->end)
        jobs->end(jobs->context, state);
    return NULL;
}

static void *work_apart(void *argument)
{
    char stack[ENDING_STACK];
    ending_use_stack(stack);
    work_on(argument);
    ending_drop_stack();
    return NULL;
}

/* This thread works too. Where no thread can be had, it does everything. */
void jobs_run(const struct jobs *jobs)
{
    size_t threads = jobs_threads(jobs->threads);
    if (threads > jobs->count)
        threads = jobs->count;
    if (!threads)
        return;
    struct pool pool = {.jobs = jobs, .mutex = PTHREAD_MUTEX_INITIALIZER};
    pthread_t others[MOST_THREADS]; /* nothing is allocated here: a caller may have something to clean up */
    size_t started = 0;
    while (started + 1 < threads && pthread_create(&others[started], NULL, work_apart, &pool) == 0)
        started++;
    work_on(&pool);
    for (size_t i = 0; i < started; i++)
        pthread_join(others[i], NULL);
}
