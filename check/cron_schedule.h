/* Schedules of CronJobs. Source: robfig/cron v3, parser.go, ParseStandard, by which the API server judges them */
#ifndef CHECK_CRON_SCHEDULE_H
#define CHECK_CRON_SCHEDULE_H

#include <stddef.h>

#include "base/arena.h"

/* Why a text is no schedule; NULL: it is one. */
const char *cron_schedule_fault(struct arena *arena, const char *text);

#endif
