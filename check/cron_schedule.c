/* cron_schedule.c: reads the five fields of a schedule, and the words that stand for some of them. */
#include "check/cron_schedule.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS = 5, LONGEST_NUMBER = 4 };

/* A field's numbers, and the words for them. */
static const struct field {
    const char *name;
    long least, most;
    const char *words[13];
} fields[FIELDS] = {
    {"minute", 0, 59, {NULL}},
    {"hour", 0, 23, {NULL}},
    {"day of the month", 1, 31, {NULL}},
    {"month", 1, 12, {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", NULL}},
    {"day of the week", 0, 6, {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL}},
};

static bool read_number(const char *text, size_t size, long *out)
{
    char digits[LONGEST_NUMBER + 1] = {0};
    if (!size || size > LONGEST_NUMBER || strspn(text, "0123456789") < size)
        return false;
    memcpy(digits, text, size);
    *out = strtol(digits, NULL, 10);
    return true;
}

static bool read_value(const struct field *field, const char *text, size_t size, long *out)
{
    for (long i = 0; field->words[i]; i++)
        if (strlen(field->words[i]) == size && strncasecmp(field->words[i], text, size) == 0) {
            *out = field->least + i;
            return true;
        }
    return read_number(text, size, out) && *out >= field->least && *out <= field->most;
}

/* Up to a byte or the end. */
static size_t size_to(const char *text, size_t size, char byte)
{
    const char *found = memchr(text, byte, size);
    return found ? (size_t)(found - text) : size;
}

/* FIRST, FIRST-LAST or *, each with /STEP behind it or without. */
static bool is_range(const struct field *field, const char *text, size_t size)
{
    size_t range = size_to(text, size, '/'), low = size_to(text, range, '-');
    long first, last, step = 1;
    if (range < size && (!read_number(text + range + 1, size - range - 1, &step) || step == 0))
        return false;
    if (low == 1 && (*text == '*' || *text == '?'))
        return true; /* whatever comes behind a hyphen */
    if (!read_value(field, text, low, &first))
        return false;
    return low == range || (read_value(field, text + low + 1, range - low - 1, &last) && first <= last);
}

static bool is_field(const struct field *field, const char *text, size_t size)
{
    for (size_t at = 0, part; at < size; at += part + 1) {
        part = size_to(text + at, size - at, ',');
        if (part && !is_range(field, text + at, part))
            return false;
    }
    return size;
}

/* As Go reads durations: 1h30m. */
static bool is_duration(const char *text)
{
    static const char *const units[] = {"ns", "us", "µs", "ms", "s", "m", "h"};
    if (!*text)
        return false;
    while (*text) {
        size_t digits = strspn(text, "0123456789."), unit = strcspn(text + digits, "0123456789.");
        bool known = false;
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            known = known || (strlen(units[i]) == unit && strncmp(units[i], text + digits, unit) == 0);
        if (!known || strspn(text, ".") >= digits)
            return false;
        text += digits + unit;
    }
    return true;
}

static bool is_named(const char *text)
{
    static const char *const names[] = {"@yearly", "@annually", "@monthly", "@weekly",
                                        "@daily",  "@midnight", "@hourly"};
    static const char every[] = "@every ";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], text) == 0)
            return true;
    return strncmp(text, every, strlen(every)) == 0 && is_duration(text + strlen(every));
}

const char *cron_schedule_fault(struct arena *arena, const char *text)
{
    static const char blanks[] = " \t\n\r\v\f";
    size_t count = 0;
    if (strstr(text, "TZ"))
        return "a time zone has a field of its own, timeZone";
    if (*text == '@')
        return is_named(text) ? NULL : arena_format(arena, "'%s' is no word that stands for a schedule", text);
    for (const char *at = text + strspn(text, blanks); *at; count++) {
        size_t size = strcspn(at, blanks);
        if (count < FIELDS && !is_field(&fields[count], at, size))
            return arena_format(arena, "'%.*s' is no %s of a schedule, which is from %ld to %ld", (int)size, at,
                                fields[count].name, fields[count].least, fields[count].most);
        at += size + strspn(at + size, blanks);
    }
    return count == FIELDS ? NULL : arena_format(arena, "a schedule has five fields, and '%s' has %zu", text, count);
}
