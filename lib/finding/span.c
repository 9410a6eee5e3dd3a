/* span.c: where the word ends that stands at a place. */
#include <string.h>

#include "finding/finding.h"

static size_t quoted_size(const char *text, size_t size)
{
    for (size_t i = 1; i < size && text[i] != '\n'; i++) {
        if (text[0] == '"' && text[i] == '\\')
            i++;
        else if (text[i] == text[0] && (text[0] == '"' || i + 1 >= size || text[i + 1] != text[0]))
            return i + 1;
        else if (text[i] == text[0])
            i++;
    }
    return 1;
}

static bool ends_plain(char character)
{
    return character == '\n' || character == '\r' || character == ',' || character == ']' || character == '}';
}

/* A plain scalar or key: to the end of its line, a comment, the colon behind a key, or what ends it in a flow. */
static size_t plain_size(const char *text, size_t size)
{
    size_t end = 0;
    for (; end < size && !ends_plain(text[end]); end++) {
        bool has_next = end + 1 < size;
        if (text[end] == ':' && (!has_next || strchr(" \n\r", text[end + 1])))
            break;
        if (text[end] == ' ' && has_next && text[end + 1] == '#')
            break;
    }
    while (end && text[end - 1] == ' ')
        end--;
    return end ? end : 1;
}

struct span span_of(struct place place)
{
    return (struct span){place.file, place.line, place.column, 0, 0};
}

struct span span_at(const struct origins *origins, origin at)
{
    struct span span = span_of(origins_place(origins, at));
    size_t size = 0;
    const char *text = origins_text(origins, at, &size);
    if (!span.line || !text || !size)
        return span;
    size_t length = text[0] == '"' || text[0] == '\'' ? quoted_size(text, size) : plain_size(text, size);
    span.end_line = span.line;
    span.end_column = span.column;
    for (size_t i = 0; i < length; i++)
        span.end_column += ((unsigned char)text[i] & 0xc0) != 0x80;
    return span;
}
