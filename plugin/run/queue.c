/* queue.c: shares jobs among threads while more are added. */
#include "plugin/run/queue.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/ending.h"
#include "base/memory.h"
#include "plugin/run/jobs.h"

struct queue {
    struct queue_options options;
    pthread_t *threads;
    size_t thread_count;

    pthread_mutex_t mutex; /* of all that follows, and of calls of `done` */
    pthread_cond_t change; /* a job was added, or none will be */
    pthread_cond_t idle;   /* all jobs are done */
    struct queued *first, **last;
    size_t added, done;
    bool closed;
};

/* The next job; NULL: there is none, and where this waits, there will be none. The mutex is held. */
static struct queued *take_job(struct queue *queue, bool waits)
{
    while (waits && !queue->first && !queue->closed)
        pthread_cond_wait(&queue->change, &queue->mutex);
    struct queued *job = queue->first;
    if (!job)
        return NULL;
    queue->first = job->next;
    if (!queue->first)
        queue->last = &queue->first;
    return job;
}

static void count_done(struct queue *queue)
{
    if (++queue->done == queue->added)
        pthread_cond_signal(&queue->idle);
    if (queue->options.done)
        queue->options.done(queue->options.context, queue->done, queue->added);
}

static void do_jobs(struct queue *queue, bool waits)
{
    const struct queue_options *options = &queue->options;
    void *state = options->begin ? options->begin(options->context) : NULL;
    pthread_mutex_lock(&queue->mutex);
    for (struct queued *job; (job = take_job(queue, waits)); count_done(queue)) {
        pthread_mutex_unlock(&queue->mutex);
        options->work(options->context, state, job);
        pthread_mutex_lock(&queue->mutex);
    }
    pthread_mutex_unlock(&queue->mutex);
    if (options->end)
        options->end(options->context, state);
}

static void *work_apart(void *argument)
{
    char stack[ENDING_STACK];
    ending_use_stack(stack);
    do_jobs(argument, true);
    ending_drop_stack();
    return NULL;
}

struct queue *queue_open(const struct queue_options *options)
{
    struct queue *queue = memory_new(sizeof *queue);
    size_t wanted = jobs_threads(options->threads);
    queue->options = *options;
    queue->last = &queue->first;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->change, NULL);
    pthread_cond_init(&queue->idle, NULL);
    queue->threads = memory_new(memory_product(wanted, sizeof *queue->threads));
    while (queue->thread_count < wanted &&
           pthread_create(&queue->threads[queue->thread_count], NULL, work_apart, queue) == 0)
        queue->thread_count++;
    return queue;
}

void queue_add(struct queue *queue, struct queued *job)
{
    job->next = NULL;
    pthread_mutex_lock(&queue->mutex);
    *queue->last = job;
    queue->last = &job->next;
    queue->added++;
    pthread_mutex_unlock(&queue->mutex);
    pthread_cond_signal(&queue->change);
}

void queue_wait(struct queue *queue)
{
    if (!queue->thread_count)
        do_jobs(queue, false);
    pthread_mutex_lock(&queue->mutex);
    while (queue->done < queue->added)
        pthread_cond_wait(&queue->idle, &queue->mutex);
    pthread_mutex_unlock(&queue->mutex);
}

void queue_close(struct queue *queue, bool all)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    if (!all)
        queue->first = NULL;
    pthread_cond_broadcast(&queue->change);
    pthread_mutex_unlock(&queue->mutex);
    if (!queue->thread_count)
        do_jobs(queue, false);
    for (size_t i = 0; i < queue->thread_count; i++)
        pthread_join(queue->threads[i], NULL);
    pthread_cond_destroy(&queue->change);
    pthread_cond_destroy(&queue->idle);
    pthread_mutex_destroy(&queue->mutex);
    free(queue->threads);
    free(queue);
}
