/* schedules.c: schedules of CronJobs that are none, or that never come.
 *
 * Source: github.com/robfig/cron/v3 parser.go; k8s.io/kubernetes pkg/apis/batch/validation */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/check.h"

struct unit {
    const char *name;
    long least, most;
    const char *const *words;
};

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                     "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};
static const struct unit units[] = {
    {"minute", 0, 59, NULL},  {"hour", 0, 23, NULL},           {"day of the month", 1, 31, NULL},
    {"month", 1, 12, months}, {"day of the week", 0, 6, days},
};
enum { UNITS = 5 };

/* A number or a word of the unit; -1: neither. */
static long number_of(const struct unit *unit, const char *text, size_t size)
{
    for (long i = 0; unit->words && unit->words[i]; i++)
        if (size == 3 && strncasecmp(unit->words[i], text, size) == 0)
            return unit->least + i;
    return size && size < 5 && strspn(text, "0123456789") >= size ? strtol(text, NULL, 10) : -1;
}

/* FROM[-TO][/STEP] or *[/STEP], with ? for *. */
static bool is_range(const struct unit *unit, const char *text, size_t size)
{
    const char *slash = memchr(text, '/', size);
    size_t range = slash ? (size_t)(slash - text) : size;
    if (slash && number_of(&(struct unit){"", 1, 9999, NULL}, slash + 1, size - range - 1) < 1)
        return false;
    if (range == 1 && strchr("*?", *text))
        return true;
    const char *dash = memchr(text, '-', range);
    size_t first = dash ? (size_t)(dash - text) : range;
    long from = number_of(unit, text, first), to = dash ? number_of(unit, dash + 1, range - first - 1) : from;
    return from >= unit->least && to >= from && to <= unit->most;
}

static bool is_field(const struct unit *unit, const char *text, size_t size)
{
    for (size_t at = 0; at <= size;) {
        const char *comma = memchr(text + at, ',', size - at);
        size_t part = comma ? (size_t)(comma - text) - at : size - at;
        if (!part || !is_range(unit, text + at, part))
            return false;
        at += part + 1;
    }
    return true;
}

static bool is_macro(const char *text)
{
    static const char *const macros[] = {"@yearly", "@annually", "@monthly", "@weekly",
                                         "@daily",  "@midnight", "@hourly"};
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        if (strcmp(macros[i], text) == 0)
            return true;
    return strncmp(text, "@every ", 7) == 0;
}

/* What is wrong with a schedule; NULL: nothing. */
static const char *fault_of(struct arena *arena, const char *text)
{
    size_t count = 0;
    if (*text == '@')
        return is_macro(text) ? NULL : "there is no such word";
    if (strncmp(text, "TZ=", 3) == 0 || strncmp(text, "CRON_TZ=", 8) == 0)
        return "the zone belongs into spec.timeZone";
    for (const char *at = text + strspn(text, " \t"); *at; count++) {
        size_t size = strcspn(at, " \t");
        if (count < UNITS && !is_field(&units[count], at, size))
            return arena_format(arena, "'%.*s' is no %s: from %ld to %ld", (int)size, at, units[count].name,
                                units[count].least, units[count].most);
        at += size;
        at += strspn(at, " \t");
    }
    return count == UNITS ? NULL : arena_format(arena, "it has %zu fields, and needs 5", count);
}

static void check_schedules(struct check_input *input)
{
    for (size_t i = 0; i < input->target_count; i++)
        for (size_t j = 0; j < input->targets[i].object_count; j++) {
            const struct check_object *object = &input->targets[i].objects[j];
            bool is_cron = strcmp(object->group, "batch") == 0 && strcmp(object->kind, "CronJob") == 0;
            const struct node *schedule = is_cron ? node_find(node_find(object->root, "spec"), "schedule") : NULL;
            const char *text = node_text(schedule);
            const char *fault = text && *text && !strpbrk(text, "${}<") ? fault_of(input->arena, text) : NULL;
            if (fault)
                check_report(input, &input->targets[i], RA210, schedule->origin, object, "'%s' is no schedule: %s",
                             text, fault)
                    ->field = "spec.schedule";
        }
}

static const enum rule_id ids[] = {RA210, RULE_COUNT};
const struct check schedules_check = {"schedules", ids, check_schedules};
