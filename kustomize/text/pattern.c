/* pattern.c: patterns for whole texts; most are literals, which need no regular expression. */
#include "kustomize/text/pattern.h"

#include <string.h>

/* The only text that a pattern matches, which may be anchored already: ^web$. */
static const char *literal_of(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    if (regex_is_literal(text))
        return text;
    if (text[0] != '^' || text[size - 1] != '$' || size < 3)
        return NULL;
    const char *inner = arena_copy(arena, text + 1, size - 2);
    return regex_is_literal(inner) ? inner : NULL;
}

bool pattern_compile(struct arena *arena, const char *text, origin at, struct pattern *out, struct error *error)
{
    *out = (struct pattern){0};
    if (!text || !*text)
        return true;
    out->literal = literal_of(arena, text);
    if (out->literal)
        return true;
    /* kustomize wraps the text so, unbalanced parentheses and all. */
    out->regex = regex_compile(arena, arena_format(arena, "^(?:%s)$", text), at, error);
    return out->regex;
}

bool pattern_matches(const struct pattern *pattern, const char *text)
{
    if (pattern->literal)
        return strcmp(pattern->literal, text) == 0;
    return !pattern->regex || regex_matches(pattern->regex, text, strlen(text));
}

bool pattern_is_any(const struct pattern *pattern)
{
    return !pattern->literal && !pattern->regex;
}

size_t pattern_cost(const struct pattern *pattern)
{
    enum { REGEX_STEPS = 8 };
    return pattern->regex ? REGEX_STEPS + regex_cost(pattern->regex) : 0;
}
