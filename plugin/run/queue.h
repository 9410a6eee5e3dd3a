/* A queue of jobs that threads of its own do while more are added.
 *
 *     struct queue *queue = queue_open(&(struct queue_options){.threads = 4, .work = work, ...});
 *     queue_add(queue, &unit->queued);
 *     queue_close(queue, true);
 */
#ifndef PLUGIN_QUEUE_H
#define PLUGIN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;

/* What a job starts with. It stays where it is until the queue is closed. */
struct queued {
    struct queued *next; /* internal */
};

/* Each thread makes a state of its own (an engine) before its first job and ends it after its last one. Functions may
 * be NULL, apart from `work`. `done` is called after each job, by one thread at a time, with how many are done and were
 * added so far. */
struct queue_options {
    unsigned threads; /* 0: one for each processor that we may use. Where none can be had, queue_wait and queue_close
                         do all jobs. */
    void *context;
    void *(*begin)(void *context);
    void (*work)(void *context, void *state, struct queued *job);
    void (*end)(void *context, void *state);
    void (*done)(void *context, size_t done, size_t added);
};

/* The other functions are for the thread that called this one. */
struct queue *queue_open(const struct queue_options *options);
void queue_add(struct queue *queue, struct queued *job);

/* Returns when all that was added is done. */
void queue_wait(struct queue *queue);

/* Returns when the last job is done. `all` false: what nobody has begun yet is dropped. */
void queue_close(struct queue *queue, bool all);

#endif
