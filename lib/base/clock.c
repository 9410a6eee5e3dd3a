/* clock.c: the clock that nobody sets. */
#include "base/clock.h"

struct timespec clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now;
}

double clock_seconds_since(const struct timespec *then)
{
    struct timespec now = clock_now();
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

long long clock_milliseconds_since(const struct timespec *then)
{
    struct timespec now = clock_now();
    return (long long)(now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

long long clock_milliseconds(void)
{
    return clock_milliseconds_since(&(struct timespec){0});
}
