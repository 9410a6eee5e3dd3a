/* go_values.c: reads numbers and durations as Go does. */
#include "base/go_values.h"

#include <string.h>

/* Of the most negative number; the most positive one is one less. */
#define LARGEST ((uint64_t)1 << 63)

/* Source: strconv/atoi.go. */
bool go_read_integer_part(const char *text, size_t size, int64_t *number)
{
    bool negative = size && *text == '-';
    size_t at = size && (*text == '-' || *text == '+');
    uint64_t value = 0, most = negative ? LARGEST : LARGEST - 1;
    if (at == size)
        return false;
    for (; at < size; at++) {
        uint64_t digit = (uint64_t)((unsigned char)text[at] - '0');
        if (text[at] < '0' || text[at] > '9' || value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *number = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

bool go_read_integer(const char *text, int64_t *number)
{
    return go_read_integer_part(text, strlen(text), number);
}

/* Durations. Source: time/format.go, ParseDuration. */
struct duration_unit {
    const char *name;
    uint64_t nanoseconds;
};

static const struct duration_unit units[] = {
    {"ns", 1},       {"us", 1000},      {"\xC2\xB5s", 1000}, {"\xCE\xBCs", 1000},
    {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000},  {"h", 3600000000000},
};

static const struct duration_unit *find_unit(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == size && memcmp(units[i].name, text, size) == 0)
            return &units[i];
    return NULL;
}

/* Digits up to the largest size; false where they pass it. */
static bool read_digits(const char **at, uint64_t *out)
{
    for (*out = 0; **at >= '0' && **at <= '9'; (*at)++) {
        uint64_t digit = (uint64_t)(**at - '0');
        if (*out > (LARGEST - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return true;
}

/* A fraction of a unit in nanoseconds, cut off as Go does it. */
static uint64_t read_fraction(const char **at, uint64_t unit_size, const char *end)
{
    double value = 0, scale = 1;
    for (; *at < end; (*at)++) {
        if (scale < 1e18) {
            scale *= 10;
            value = value * 10 + (**at - '0');
        }
    }
    return (uint64_t)(value * ((double)unit_size / scale));
}

/* One number with its unit. */
static bool read_part(const char **at, uint64_t *total)
{
    const char *start = *at;
    uint64_t whole;
    if (!read_digits(at, &whole))
        return false;
    const char *fraction = *at + (**at == '.'), *end = fraction + strspn(fraction, **at == '.' ? "0123456789" : "");
    if (*at == start && end == fraction)
        return false;
    size_t size = strcspn(end, ".0123456789");
    const struct duration_unit *unit = find_unit(end, size);
    if (!unit || whole > LARGEST / unit->nanoseconds)
        return false;
    whole *= unit->nanoseconds;
    *at = fraction;
    whole += read_fraction(at, unit->nanoseconds, end);
    *at = end + size;
    if (whole > LARGEST || *total > LARGEST - whole)
        return false;
    *total += whole;
    return true;
}

bool go_read_duration(const char *text, int64_t *nanoseconds)
{
    uint64_t total = 0;
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    bool zero = strcmp(text, "0") == 0;
    if (!*text)
        return false;
    while (*text && !zero)
        if (!read_part(&text, &total))
            return false;
    if (!negative && total == LARGEST)
        return false;
    *nanoseconds = negative ? (int64_t)(0 - total) : (int64_t)total;
    return true;
}
