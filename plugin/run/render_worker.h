/* The threads of a render set (plugin/run/render_set.h), as its queue calls them. Each has a session of its own, in
 * which it renders unit after unit. For render_set.c alone. */
#ifndef PLUGIN_RENDER_WORKER_H
#define PLUGIN_RENDER_WORKER_H

#include "plugin/run/render_set.h"

enum { MOST_TOGETHER = 8 };

/* What one thread does in one go: the renders of an app, which share bases. A unit without jobs stands for the work
 * that is done beside the renders. Lives in the set's arena. */
struct unit {
    struct queued queued;
    struct render_job *jobs[MOST_TOGETHER];
    size_t count;
    bool rendered; /* its jobs are done, and are to be handed over (render_set_add_work) */
    struct unit *next;
};

/* Begins a thread: returns its state, which render_worker_end puts into `set->workers`. `context` is the set. */
void *render_worker_begin(void *context);
void render_worker_end(void *context, void *state);

/* Renders the unit's jobs. What is wrong with one is told in the job. `state` is that of the thread. */
void render_worker_run(struct render_set *set, void *state, const struct unit *unit);

/* Once the threads have ended: adds what their renders found to `out`; releases all that they have kept. */
void render_workers_findings(const struct render_set *set, struct findings *out);
void render_workers_free(struct render_set *set);

#endif
