/* schedule.c: the cron schedules of sync windows, as the Go packages behind Argo CD read them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "generator/validate.h"

/* github.com/robfig/cron/v3 parser.go: minute, hour, day of month, month, day of week. */
struct bounds {
    unsigned long least, most;
    const char *const *names; /* of the numbers from `least` on; NULL: none */
};

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                     "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};
static const struct bounds bounds[] = {{0, 59, NULL}, {0, 23, NULL}, {1, 31, NULL}, {1, 12, months}, {0, 6, days}};

enum { FIELDS = sizeof bounds / sizeof *bounds, LONGEST_FIELD = 255 };

static bool read_number(const char *text, unsigned long *out)
{
    text += *text == '+';
    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
        return false;
    *out = strtoul(text, NULL, 10);
    return true;
}

static bool read_value(const char *text, const struct bounds *limits, unsigned long *out)
{
    for (unsigned long i = 0; limits->names && limits->names[i]; i++)
        if (strcasecmp(text, limits->names[i]) == 0) {
            *out = limits->least + i;
            return true;
        }
    return read_number(text, out);
}

/* Cuts a text at the first separator; returns what is behind it, or NULL. */
static char *cut_at(char *text, char separator)
{
    char *at = strchr(text, separator);
    if (at)
        *at++ = '\0';
    return at;
}

/* One of a field's comma-separated parts: *, N, N-M, each maybe with /STEP. */
static bool check_part(char *part, const struct bounds *limits)
{
    unsigned long first, last, step = 1;
    char *steps = cut_at(part, '/'), *high = cut_at(part, '-');
    bool single = !high;
    if (strcmp(part, "*") == 0 || strcmp(part, "?") == 0) {
        first = limits->least;
        last = limits->most;
    } else {
        if (!read_value(part, limits, &first) || (high && strchr(high, '-')))
            return false;
        last = first;
        if (high && !read_value(high, limits, &last))
            return false;
    }
    if (steps && (strchr(steps, '/') || !read_number(steps, &step)))
        return false;
    if (steps && single)
        last = limits->most;
    return first >= limits->least && last <= limits->most && first <= last && step > 0;
}

static bool check_field(const char *field, size_t size, const struct bounds *limits)
{
    char text[LONGEST_FIELD + 1];
    if (size > LONGEST_FIELD)
        return false;
    memcpy(text, field, size);
    text[size] = '\0';
    for (char *part = text, *next; part; part = next) {
        next = cut_at(part, ',');
        if (*part && !check_part(part, limits))
            return false;
    }
    return true;
}

enum { LONGEST_WORD = 16 };

/* The areas of the IANA database, and its zones without one. The places in an area are not known here: they change. */
static const char areas[][LONGEST_WORD] = {"Africa",    "America", "Antarctica", "Arctic", "Asia", "Atlantic",
                                           "Australia", "Brazil",  "Canada",     "Chile",  "Etc",  "Europe",
                                           "Indian",    "Mexico",  "Pacific",    "US"};
static const char zones[][LONGEST_WORD] = {
    "CET",     "CST6CDT",   "Cuba",    "EET",    "EST",       "EST5EDT",   "Egypt",  "Eire",     "GB",
    "GB-Eire", "GMT",       "GMT+0",   "GMT-0",  "GMT0",      "Greenwich", "HST",    "Hongkong", "Iceland",
    "Iran",    "Israel",    "Jamaica", "Japan",  "Kwajalein", "Libya",     "Local",  "MET",      "MST",
    "MST7MDT", "NZ",        "NZ-CHAT", "Navajo", "PRC",       "PST8PDT",   "Poland", "Portugal", "ROC",
    "ROK",     "Singapore", "Turkey",  "UCT",    "UTC",       "Universal", "W-SU",   "WET",      "Zulu",
};

static bool is_one_of(const char *text, size_t size, const char (*words)[LONGEST_WORD], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0)
            return true;
    return false;
}

static bool is_time_zone(const char *zone, size_t size)
{
    const char *slash = memchr(zone, '/', size);
    size_t area = slash ? (size_t)(slash - zone) : size;
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)zone[i]) && !strchr("/_+-", zone[i]))
            return false;
    if (!slash)
        return !size || is_one_of(zone, size, zones, sizeof zones / sizeof *zones);
    return area + 1 < size && is_one_of(zone, area, areas, sizeof areas / sizeof *areas);
}

bool time_zone_is_valid(const char *zone)
{
    return is_time_zone(zone, strlen(zone));
}

/* A time zone in front, "TZ=Europe/Berlin 0 22 * * *". Without a schedule behind it Argo CD's parser panics. */
static const char *skip_time_zone(const char *schedule, const char **why)
{
    size_t prefix = strncmp(schedule, "TZ=", 3) == 0 ? 3 : strncmp(schedule, "CRON_TZ=", 8) == 0 ? 8 : 0;
    if (!prefix)
        return schedule;
    const char *zone = schedule + prefix, *end = strchr(zone, ' ');
    if (!end || !is_time_zone(zone, (size_t)(end - zone))) {
        *why = "the time zone in front of it is none, or nothing follows it";
        return NULL;
    }
    return end + strspn(end, " \t");
}

bool cron_is_valid(const char *schedule, const char **why)
{
    static const char *const wrong[] = {"its minute (0-59) is wrong", "its hour (0-23) is wrong",
                                        "its day of the month (1-31) is wrong", "its month (1-12 or jan-dec) is wrong",
                                        "its day of the week (0-6 or sun-sat) is wrong"};
    schedule = skip_time_zone(schedule, why);
    if (!schedule)
        return false;
    *why = *schedule == '@' ? "names like @daily are not accepted" : "it needs exactly 5 fields";
    size_t count = 0;
    for (const char *at = schedule + strspn(schedule, " \t\n\v\f\r"); *at; count++) {
        size_t size = strcspn(at, " \t\n\v\f\r");
        if (count == FIELDS || *schedule == '@')
            return false;
        if (!check_field(at, size, &bounds[count])) {
            *why = wrong[count];
            return false;
        }
        at += size;
        at += strspn(at, " \t\n\v\f\r");
    }
    return count == FIELDS;
}
