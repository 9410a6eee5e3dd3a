/* quantity.c: reads amounts of resources. */
#include "check/quantity.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *suffix;
    double factor;
} suffixes[] = {
    {"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},    {"k", 1e3},     {"M", 1e6},
    {"G", 1e9},     {"T", 1e12},    {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
    {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60},
};

/* Digits, a point, digits, and perhaps an exponent: nothing else of what strtod takes. */
static size_t number_size(const char *text)
{
    size_t size = *text == '+' || *text == '-';
    size_t whole = strspn(text + size, "0123456789");
    size += whole;
    size_t fraction = text[size] == '.' ? strspn(text + size + 1, "0123456789") : 0;
    size += text[size] == '.' ? 1 + fraction : 0;
    return whole + fraction ? size : 0;
}

static size_t exponent_size(const char *text)
{
    size_t sign = text[1] == '+' || text[1] == '-';
    size_t digits = *text == 'e' || *text == 'E' ? strspn(text + 1 + sign, "0123456789") : 0;
    return digits ? 1 + sign + digits : 0;
}

bool quantity_read(const char *text, double *out)
{
    size_t size = number_size(text);
    if (!size)
        return false;
    size_t exponent = exponent_size(text + size);
    const char *suffix = text + size + exponent;
    *out = strtod(text, NULL);
    if (exponent)
        return !*suffix;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(suffixes[i].suffix, suffix) == 0) {
            *out *= suffixes[i].factor;
            return true;
        }
    return false;
}
