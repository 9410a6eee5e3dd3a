/* keeper.c: fetches for one copy. */
#define _GNU_SOURCE
#include "plugin/mirror/keeper.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ending.h"
#include "plugin/mirror/log.h"
#include "plugin/run/history.h"

enum { MOST_WANTED = 32, MOST_REMEMBERED = 64, ID_ROOM = 65, PAUSE = 1 /* seconds between two fetches */ };

struct keeper {
    struct copy *copy; /* the thread's, but for copy_has */
    const char *shown; /* its URL without a password */
    long interval;
    int told;
    pthread_mutex_t mutex; /* of all that follows */
    pthread_cond_t wanting;
    bool wanted;
    char commits[MOST_WANTED][ID_ROOM]; /* that are asked for; of more, only branches are fetched */
    size_t commit_count;
    struct keeper_state state;
    time_t last_good;
    /* Of the asking thread: */
    char remembered[MOST_REMEMBERED][ID_ROOM]; /* commits that are there */
    size_t remembered_count;
};

static void put_id(char out[ID_ROOM], const char *commit)
{
    snprintf(out, ID_ROOM, "%s", commit);
}

static void log_fetch(const struct keeper *keeper, bool good, const char *problem, double seconds)
{
    struct json_value *members = json_map_new();
    json_map_put_text(members, "repository", keeper->shown);
    json_map_put_number(members, "milliseconds", (long long)(seconds * 1000));
    if (!good)
        json_map_put_text(members, "problem", problem);
    log_line(good ? LOG_INFO : LOG_WARNING, good ? "fetched" : "cannot fetch", members);
}

/* Those that no branch has brought. */
static void fetch_commits(const struct keeper *keeper, char commits[][ID_ROOM], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        if (!copy_has(keeper->copy, commits[i]) && !copy_fetch_commit(keeper->copy, commits[i], &error)) {
            struct json_value *members = json_map_new();
            json_map_put_text(members, "repository", keeper->shown);
            json_map_put_text(members, "commit", commits[i]);
            json_map_put_text(members, "problem", error.message);
            log_line(LOG_WARNING, "no such commit", members);
        }
        error_free(&error);
    }
}

static void fetch_once(struct keeper *keeper, char commits[][ID_ROOM], size_t count)
{
    struct error error = {0};
    struct timespec begun = clock_now();
    bool changed, good = copy_fetch(keeper->copy, &changed, &error);
    if (good)
        fetch_commits(keeper, commits, count);
    double seconds = clock_seconds_since(&begun);
    if (changed || !good)
        log_fetch(keeper, good, error.message, seconds);
    pthread_mutex_lock(&keeper->mutex);
    struct keeper_state *state = &keeper->state;
    snprintf(state->problem, sizeof state->problem, "%s", good ? "" : error.message);
    state->good += good;
    state->failed += !good;
    state->seconds += seconds;
    if (good)
        keeper->last_good = begun.tv_sec;
    state->done = state->begun;
    pthread_mutex_unlock(&keeper->mutex);
    error_free(&error);
    ssize_t written = write(keeper->told, "", 1); /* a full pipe tells enough */
    (void)written;
}

/* Until somebody wants a fetch, or it is time for one. */
static void wait_until_wanted(struct keeper *keeper, const struct timespec *last)
{
    struct timespec until = *last, next = *last;
    until.tv_sec += keeper->interval;
    next.tv_sec += PAUSE;
    while (!keeper->wanted && pthread_cond_timedwait(&keeper->wanting, &keeper->mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&keeper->mutex);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) != 0)
        ;
    pthread_mutex_lock(&keeper->mutex);
}

static void *keep_fetching(void *context)
{
    struct keeper *keeper = context;
    char commits[MOST_WANTED][ID_ROOM], stack[ENDING_STACK];
    ending_use_stack(stack);
    for (;;) {
        struct timespec begun = clock_now();
        pthread_mutex_lock(&keeper->mutex);
        keeper->wanted = false;
        keeper->state.begun++;
        size_t count = keeper->commit_count;
        memcpy(commits, keeper->commits, sizeof commits);
        keeper->commit_count = 0;
        pthread_mutex_unlock(&keeper->mutex);
        fetch_once(keeper, commits, count);
        pthread_mutex_lock(&keeper->mutex);
        wait_until_wanted(keeper, &begun);
        pthread_mutex_unlock(&keeper->mutex);
    }
    return NULL;
}

static const char *without_password(const char *url)
{
    struct text shown = {0};
    history_said(&shown, url);
    const char *copy = memory_string(text_content(&shown));
    text_free(&shown);
    return copy;
}

struct keeper *keeper_start(struct copy *copy, long interval, int told)
{
    struct keeper *keeper = memory_new(sizeof *keeper);
    pthread_condattr_t attributes;
    pthread_t thread;
    keeper->copy = copy;
    keeper->shown = without_password(copy->url);
    keeper->interval = interval;
    keeper->told = told;
    keeper->last_good = -1;
    pthread_mutex_init(&keeper->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&keeper->wanting, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&thread, NULL, keep_fetching, keeper) != 0)
        end_process("rootapp: no thread can be started\n");
    pthread_detach(thread);
    return keeper;
}

const char *keeper_shown(const struct keeper *keeper)
{
    return keeper->shown;
}

void keeper_read(struct keeper *keeper, struct keeper_state *out)
{
    pthread_mutex_lock(&keeper->mutex);
    *out = keeper->state;
    out->age = keeper->last_good < 0 ? -1 : (long)(clock_now().tv_sec - keeper->last_good);
    pthread_mutex_unlock(&keeper->mutex);
}

unsigned long keeper_want(struct keeper *keeper, const char *commit)
{
    pthread_mutex_lock(&keeper->mutex);
    unsigned long number = keeper->state.begun + 1;
    bool known = false;
    for (size_t i = 0; i < keeper->commit_count; i++)
        known = known || strcmp(keeper->commits[i], commit) == 0;
    if (!known && keeper->commit_count < MOST_WANTED)
        put_id(keeper->commits[keeper->commit_count++], commit);
    keeper->wanted = true;
    pthread_cond_signal(&keeper->wanting);
    pthread_mutex_unlock(&keeper->mutex);
    return number;
}

/* The oldest one is forgotten. A commit that has expired since is one that the reader does not find. */
bool keeper_has(struct keeper *keeper, const char *commit)
{
    for (size_t i = 0; i < MOST_REMEMBERED; i++)
        if (strcmp(keeper->remembered[i], commit) == 0)
            return true;
    if (!copy_has(keeper->copy, commit))
        return false;
    put_id(keeper->remembered[keeper->remembered_count++ % MOST_REMEMBERED], commit);
    return true;
}
