/* line_comment.c: finds the comment behind a scalar, in the text that the scalar was read from. */
#include "yaml/line_comment.h"

#include <string.h>

static const char *behind_quotes(const char *at, const char *end)
{
    char quote = *at++;
    for (; at < end && *at != '\n'; at++) {
        bool escape = quote == '"' ? *at == '\\' : at[0] == quote && at + 1 < end && at[1] == quote;
        if (!escape && *at == quote)
            return at + 1;
        at += escape;
    }
    return NULL;
}

/* A plain one ends at a hash behind a blank. */
static const char *behind_plain(const char *at, const char *end)
{
    for (; at + 1 < end && *at != '\n'; at++)
        if ((*at == ' ' || *at == '\t') && at[1] == '#')
            return at;
    return NULL;
}

const char *line_comment(const struct origins *origins, const struct node *scalar, size_t *size, size_t *looked_at)
{
    size_t rest = 0;
    const char *at = node_is_scalar(scalar) && scalar->as_read ? origins_text(origins, scalar->origin, &rest) : NULL;
    const char *end = at ? at + rest : NULL;
    if (!rest || strchr("|>&*!#", *at))
        return NULL;
    const char *start = at;
    at = strchr("\"'", *at) ? behind_quotes(at, end) : behind_plain(at, end);
    const char *stop = at ? at : memchr(start, '\n', rest);
    *looked_at += stop ? (size_t)(stop - start) : rest;
    if (!at)
        return NULL;
    while (at < end && strchr(" \t", *at))
        at++;
    if (at == end || *at != '#')
        return NULL;
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    *size = (size_t)((line_end ? line_end : end) - at);
    return at;
}
