/* queue.c: shares jobs among threads while more are added. */
#include "plugin/run/queue.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/ending.h"
#include "base/memory.h"
#include "plugin/run/jobs.h"

struct queue {
    struct queue_options options;
    pthread_t *others;
    size_t other_count;
    void *state; /* of the thread that opened the queue */
    bool begun;  /* it has one */

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

static void *begin_worker(const struct queue *queue)
{
    return queue->options.begin ? queue->options.begin(queue->options.context) : NULL;
}

static void end_worker(const struct queue *queue, void *state)
{
    if (queue->options.end)
        queue->options.end(queue->options.context, state);
}

static void *work_on(void *argument)
{
    char stack[ENDING_STACK];
    struct queue *queue = argument;
    ending_use_stack(stack);
    void *state = begin_worker(queue);
    pthread_mutex_lock(&queue->mutex);
    for (struct queued *job; (job = take_job(queue, true)); count_done(queue)) {
        pthread_mutex_unlock(&queue->mutex);
        queue->options.work(queue->options.context, state, job);
        pthread_mutex_lock(&queue->mutex);
    }
    pthread_mutex_unlock(&queue->mutex);
    end_worker(queue, state);
    ending_drop_stack();
    return NULL;
}

struct queue *queue_open(const struct queue_options *options)
{
    struct queue *queue = memory_new(sizeof *queue);
    size_t threads = jobs_threads(options->threads);
    queue->options = *options;
    queue->last = &queue->first;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->change, NULL);
    pthread_cond_init(&queue->idle, NULL);
    queue->others = memory_new(memory_product(threads, sizeof *queue->others));
    while (queue->other_count + 1 < threads &&
           pthread_create(&queue->others[queue->other_count], NULL, work_on, queue) == 0)
        queue->other_count++;
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

bool queue_help(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    struct queued *job = take_job(queue, false);
    pthread_mutex_unlock(&queue->mutex);
    if (!job)
        return false;
    if (!queue->begun)
        queue->state = begin_worker(queue);
    queue->begun = true;
    queue->options.work(queue->options.context, queue->state, job);
    pthread_mutex_lock(&queue->mutex);
    count_done(queue);
    pthread_mutex_unlock(&queue->mutex);
    return true;
}

void queue_wait(struct queue *queue)
{
    while (queue_help(queue))
        ;
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
    while (queue_help(queue))
        ;
    if (queue->begun)
        end_worker(queue, queue->state);
    for (size_t i = 0; i < queue->other_count; i++)
        pthread_join(queue->others[i], NULL);
    pthread_cond_destroy(&queue->change);
    pthread_cond_destroy(&queue->idle);
    pthread_mutex_destroy(&queue->mutex);
    free(queue->others);
    free(queue);
}
