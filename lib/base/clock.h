/* How long something takes: the clock that nobody sets (CLOCK_MONOTONIC). */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <time.h>

struct timespec clock_now(void);
double clock_seconds_since(const struct timespec *then);
long long clock_milliseconds_since(const struct timespec *then);
long long clock_milliseconds(void); /* from a moment that never changes while the machine runs */

#endif
