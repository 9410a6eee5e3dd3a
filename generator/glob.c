/* glob.c: matches Argo CD's patterns, and tells whether two simple ones overlap. */
#include "generator/glob.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_STEPS = 1000000, DEEPEST_BRACES = 16, LONGEST_PATTERN = 1024 };

struct matching {
    char separator;
    size_t steps;
};

static bool match_here(struct matching *m, const char *pattern, const char *text, int depth);

/* The end of a class that begins at '[', or NULL: gobwas takes one range "a-z" or a list "abc", each maybe after '!'.
 */
static const char *class_end(const char *pattern)
{
    const char *at = pattern + 1;
    at += *at == '!';
    if (at[0] && at[1] == '-')
        return at[2] >= at[0] && at[3] == ']' ? at + 4 : NULL;
    const char *start = at;
    while (*at && *at != ']')
        at += *at == '\\' && at[1] ? 2 : 1;
    return *at && at > start ? at + 1 : NULL;
}

static bool in_class(const char *pattern, const char *end, char c)
{
    const char *at = pattern + 1;
    bool negated = *at == '!', found;
    at += negated;
    if (end - at == 4 && at[1] == '-')
        found = c >= at[0] && c <= at[2];
    else
        found = memchr(at, c, (size_t)(end - 1 - at));
    return found != negated;
}

/* The first of `stops` behind an opening brace at the brace's own level, or NULL. */
static const char *find_in_braces(const char *at, const char *stops)
{
    for (int depth = 0; *at; at++) {
        if (depth == 0 && strchr(stops, *at))
            return at;
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '{')
            depth++;
        else if (*at == '}')
            depth--;
    }
    return NULL;
}

/* Alternatives are rare: each is written out in front of what follows the braces, and matched as a pattern. */
static bool match_braces(struct matching *m, const char *pattern, const char *text, int depth)
{
    const char *close = find_in_braces(pattern + 1, "}");
    if (!close || depth >= DEEPEST_BRACES)
        return false;
    size_t rest = strlen(close + 1);
    bool matched = false;
    for (const char *at = pattern + 1, *stop; !matched && at <= close; at = stop + 1) {
        stop = find_in_braces(at, ",}");
        size_t size = (size_t)(stop - at);
        char *whole = memory_new(size + rest + 1);
        memcpy(whole, at, size);
        memcpy(whole + size, close + 1, rest);
        matched = match_here(m, whole, text, depth + 1);
        free(whole);
    }
    return matched;
}

static bool match_star(struct matching *m, const char *pattern, const char *text, int depth)
{
    bool any = pattern[1] == '*';
    pattern += strspn(pattern, "*");
    for (;; text++) {
        if (match_here(m, pattern, text, depth))
            return true;
        if (!*text || m->steps > MOST_STEPS || (!any && m->separator && *text == m->separator))
            return false;
    }
}

/* Matches one character; moves the pattern behind what matched it. */
static bool match_one(const struct matching *m, const char **pattern, char c)
{
    const char *at = *pattern;
    *pattern = at + 1;
    if (*at == '[') {
        *pattern = class_end(at);
        return *pattern && in_class(at, *pattern, c);
    }
    if (*at == '?')
        return !m->separator || c != m->separator;
    if (*at == '\\' && at[1]) {
        at++;
        *pattern = at + 1;
    }
    return *at == c;
}

static bool match_here(struct matching *m, const char *pattern, const char *text, int depth)
{
    for (; *pattern; text++) {
        if (++m->steps > MOST_STEPS)
            return false;
        if (*pattern == '*')
            return match_star(m, pattern, text, depth);
        if (*pattern == '{')
            return match_braces(m, pattern, text, depth);
        if (!*text || !match_one(m, &pattern, *text))
            return false;
    }
    return !*text;
}

bool glob_matches(const char *pattern, const char *text, char separator)
{
    struct matching m = {.separator = separator};
    return strlen(pattern) <= LONGEST_PATTERN && glob_is_valid(pattern) && match_here(&m, pattern, text, 0);
}

bool glob_is_valid(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        if (*at == '\\' && at[1]) {
            at++;
        } else if (*at == '[') {
            at = class_end(at);
            if (!at)
                return false;
            at--;
        }
    }
    return true;
}

static bool is_wild(char c)
{
    return c == '*' || c == '?';
}

/* Quick answers: literal heads or tails that differ. */
static bool ends_differ(const char *left, size_t left_size, const char *right, size_t right_size)
{
    size_t shorter = left_size < right_size ? left_size : right_size;
    for (size_t i = 0; i < shorter && !is_wild(left[i]) && !is_wild(right[i]); i++)
        if (left[i] != right[i])
            return true;
    for (size_t i = 1; i <= shorter && !is_wild(left[left_size - i]) && !is_wild(right[right_size - i]); i++)
        if (left[left_size - i] != right[right_size - i])
            return true;
    return false;
}

/* Whether the patterns from i and j on overlap, for all j, by rows from the end: `row` holds the answers for i + 1. */
static void fill_row(const char *left, size_t i, const char *right, size_t width, bool *row)
{
    bool star = left[i] == '*', below = row[width];
    row[width] = star && row[width];
    for (size_t j = width; j-- > 0;) {
        bool skip_left = row[j], both = below, skip_right = row[j + 1];
        below = row[j];
        if (star || right[j] == '*')
            row[j] = (star && (skip_left || skip_right)) || (right[j] == '*' && (skip_right || skip_left));
        else
            row[j] = both && (left[i] == right[j] || left[i] == '?' || right[j] == '?');
    }
}

bool globs_overlap(const char *left, const char *right)
{
    size_t height = strlen(left), width = strlen(right);
    if (height > LONGEST_PATTERN || width > LONGEST_PATTERN || ends_differ(left, height, right, width))
        return height > LONGEST_PATTERN || width > LONGEST_PATTERN;
    bool row[LONGEST_PATTERN + 1];
    row[width] = true;
    for (size_t j = width; j-- > 0;)
        row[j] = row[j + 1] && right[j] == '*';
    for (size_t i = height; i-- > 0;)
        fill_row(left, i, right, width, row);
    return row[0];
}
