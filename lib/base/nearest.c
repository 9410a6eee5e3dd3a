/* nearest.c: finds the known name that a misspelt one was meant to be. */
#include "base/nearest.h"

#include <string.h>

enum { LONGEST_NAME = 63, MOST_NAMES = 5000 };

static char lower_case(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter | 0x20) : letter;
}

static size_t least_of(size_t left, size_t right)
{
    return left < right ? left : right;
}

/* Insertions, deletions, replacements and swaps of neighbours between two names, without regard to case. */
static size_t edit_distance(const char *left, const char *right)
{
    size_t rows[3][LONGEST_NAME + 1], width = strlen(right);
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (size_t i = 1; left[i - 1]; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t cost = lower_case(left[i - 1]) != lower_case(right[j - 1]);
            row[j] = least_of(least_of(row[j - 1], above[j]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && lower_case(left[i - 1]) == lower_case(right[j - 2]) &&
                lower_case(left[i - 2]) == lower_case(right[j - 1]))
                row[j] = least_of(row[j], before[j - 2] + 1);
        }
    }
    return rows[strlen(left) % 3][width];
}

const char *nearest_name(const char *name, const char *const *names)
{
    if (strlen(name) > LONGEST_NAME)
        return NULL;
    /* Short names may differ in one letter, longer ones in a third of theirs. */
    size_t best = strlen(name) < 3 ? 2 : strlen(name) / 3 + 1;
    const char *nearest = NULL;
    for (size_t i = 0; *names && i < MOST_NAMES; i++, names++) {
        size_t this_far = strlen(*names) > LONGEST_NAME ? best : edit_distance(name, *names);
        if (this_far >= best)
            continue;
        best = this_far;
        nearest = *names;
    }
    return nearest;
}
