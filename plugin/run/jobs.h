/* Many like jobs in several threads. */
#ifndef PLUGIN_JOBS_H
#define PLUGIN_JOBS_H

#include <stddef.h>

/* Each thread makes a state of its own (an engine), does jobs in the order of their numbers, and ends its state.
 * Functions may be NULL, apart from `work`. `done` is called after each job, by one thread at a time, with how many
 * are done. */
struct jobs {
    size_t count;
    unsigned threads; /* 0: one for each processor that we may use */
    void *context;
    void *(*begin)(void *context);
    void (*work)(void *context, void *state, size_t index);
    void (*end)(void *context, void *state);
    void (*done)(void *context, size_t count);
};

/* Does all jobs and returns when the last one is done. What each one found it leaves in its own place of the context.
 */
void jobs_run(const struct jobs *jobs);

/* How many threads are meant: `asked`, or one for each processor (0); not more than 256. */
size_t jobs_threads(unsigned asked);

#endif
