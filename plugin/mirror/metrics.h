/* What a mirror tells Prometheus. Used by one thread. */
#ifndef PLUGIN_MIRROR_METRICS_H
#define PLUGIN_MIRROR_METRICS_H

#include "plugin/mirror/keeper.h"

enum mirror_answer { ANSWER_HAVE, ANSWER_MISSING, ANSWER_UNLISTED, ANSWER_COUNT };
enum { RENDER_OUTCOMES = 4, RENDER_BUCKETS = 7 };

struct metrics {
    unsigned long answers[ANSWER_COUNT];
    unsigned long renders[RENDER_OUTCOMES][RENDER_BUCKETS + 1]; /* by duration; the last one: longer than all */
    double seconds[RENDER_OUTCOMES];
};

/* Counts a render that a plugin has reported. False: no such outcome. */
bool metrics_count_render(struct metrics *metrics, const char *outcome, double seconds);

void metrics_write(const struct metrics *metrics, struct keeper *const *keepers, size_t count, struct text *out);

#endif
