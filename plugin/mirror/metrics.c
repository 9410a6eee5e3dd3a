/* metrics.c: counts renders, and writes all that is counted as Prometheus reads it. */
#include "plugin/mirror/metrics.h"

#include <string.h>

#include "plugin/run/mirror_place.h"

static const char *const outcomes[RENDER_OUTCOMES] = {MIRROR_RENDER_FROM_MIRROR, MIRROR_RENDER_FROM_SENT,
                                                      MIRROR_RENDER_FAILED, MIRROR_RENDER_ENDED};
static const char *const answers[ANSWER_COUNT] = {"have", "missing", "unlisted"};
static const double buckets[RENDER_BUCKETS] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10};

bool metrics_count_render(struct metrics *metrics, const char *outcome, double seconds)
{
    size_t bucket = 0;
    while (bucket < RENDER_BUCKETS && seconds > buckets[bucket])
        bucket++;
    for (size_t i = 0; i < RENDER_OUTCOMES; i++)
        if (strcmp(outcomes[i], outcome) == 0) {
            metrics->renders[i][bucket]++;
            metrics->seconds[i] += seconds;
            return true;
        }
    return false;
}

static void write_head(struct text *out, const char *name, const char *kind, const char *help)
{
    text_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void write_renders(const struct metrics *metrics, struct text *out)
{
    static const char name[] = "rootapp_render_duration_seconds";
    write_head(out, name, "histogram", "How long renders took, by what became of them.");
    for (size_t i = 0; i < RENDER_OUTCOMES; i++) {
        unsigned long count = 0;
        for (size_t bucket = 0; bucket < RENDER_BUCKETS; bucket++) {
            count += metrics->renders[i][bucket];
            text_format(out, "%s_bucket{outcome=\"%s\",le=\"%g\"} %lu\n", name, outcomes[i], buckets[bucket], count);
        }
        count += metrics->renders[i][RENDER_BUCKETS];
        text_format(out, "%s_bucket{outcome=\"%s\",le=\"+Inf\"} %lu\n", name, outcomes[i], count);
        text_format(out, "%s_sum{outcome=\"%s\"} %g\n", name, outcomes[i], metrics->seconds[i]);
        text_format(out, "%s_count{outcome=\"%s\"} %lu\n", name, outcomes[i], count);
    }
}

/* A label's value: what could end it is left out of a URL. */
static void write_label(struct text *out, const char *url)
{
    for (const char *at = url; *at; at++)
        if (*at != '"' && *at != '\\' && *at != '\n')
            text_byte(out, *at);
}

static void write_sample(struct text *out, const char *name, const char *url, const char *more, double value)
{
    text_format(out, "%s{repository=\"", name);
    write_label(out, url);
    text_format(out, "\"%s} %.12g\n", more, value);
}

static void write_ages(struct keeper *const *keepers, size_t count, struct text *out)
{
    static const char name[] = "rootapp_mirror_repository_age_seconds";
    write_head(out, name, "gauge", "Time since the last fetch that succeeded; absent before the first one.");
    for (size_t i = 0; i < count; i++) {
        struct keeper_state state;
        keeper_read(keepers[i], &state);
        if (state.age >= 0)
            write_sample(out, name, keeper_shown(keepers[i]), "", (double)state.age);
    }
}

static void write_fetches(struct keeper *const *keepers, size_t count, struct text *out)
{
    static const char name[] = "rootapp_mirror_fetches_total", time[] = "rootapp_mirror_fetch_seconds_total";
    write_head(out, name, "counter", "Fetches, by how they ended.");
    for (size_t i = 0; i < count; i++) {
        struct keeper_state state;
        keeper_read(keepers[i], &state);
        write_sample(out, name, keeper_shown(keepers[i]), ",outcome=\"good\"", (double)state.good);
        write_sample(out, name, keeper_shown(keepers[i]), ",outcome=\"failed\"", (double)state.failed);
    }
    write_head(out, time, "counter", "Time that fetches took.");
    for (size_t i = 0; i < count; i++) {
        struct keeper_state state;
        keeper_read(keepers[i], &state);
        write_sample(out, time, keeper_shown(keepers[i]), "", state.seconds);
    }
}

void metrics_write(const struct metrics *metrics, struct keeper *const *keepers, size_t count, struct text *out)
{
    static const char name[] = "rootapp_mirror_requests_total";
    write_ages(keepers, count, out);
    write_fetches(keepers, count, out);
    write_head(out, name, "counter", "Commits that renders asked for, by answer.");
    for (size_t i = 0; i < ANSWER_COUNT; i++)
        text_format(out, "%s{answer=\"%s\"} %lu\n", name, answers[i], metrics->answers[i]);
    write_renders(metrics, out);
}
