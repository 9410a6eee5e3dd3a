/* quantity.c: reads quantities. Source: Kubernetes, apimachinery/pkg/api/resource/suffix.go */
#include "diff/quantity.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct suffix {
    const char *text;
    double factor;
} suffixes[] = {
    {"", 1},
    {"n", 1e-9},
    {"u", 1e-6},
    {"m", 1e-3},
    {"k", 1e3},
    {"M", 1e6},
    {"G", 1e9},
    {"T", 1e12},
    {"P", 1e15},
    {"E", 1e18},
    {"Ki", 1024.0},
    {"Mi", 1048576.0},
    {"Gi", 1073741824.0},
    {"Ti", 1099511627776.0},
    {"Pi", 1125899906842624.0},
    {"Ei", 1152921504606846976.0},
};

bool quantity_parse(const char *text, double *out)
{
    char *end;
    if (!text || !(isdigit((unsigned char)*text) || strchr("+-.", *text)) || !*text)
        return false;
    double number = strtod(text, &end);
    for (size_t i = 0; end != text && i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(end, suffixes[i].text) == 0) {
            *out = number * suffixes[i].factor;
            return true;
        }
    return false;
}

bool same_amount(const char *path, const char *old, const char *new)
{
    double one, other;
    if (!strstr(path, "limits.") && !strstr(path, "requests.") && !strstr(path, "capacity.") && !strstr(path, "hard."))
        return false;
    return quantity_parse(old, &one) && quantity_parse(new, &other) && one - other < 1e-9 && other - one < 1e-9;
}
