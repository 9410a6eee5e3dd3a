/* parse_quirks.c: what libyaml 0.2.5 accepts and go-yaml does not (scannerc.go). */
#include "yaml/parse_quirks.h"

#include <string.h>

struct source source_of(const struct part *part)
{
    bool marked = part->size >= 3 && memcmp(part->bytes, "\xEF\xBB\xBF", 3) == 0;
    struct source source = {.bytes = part->bytes, .size = part->size, .start = part->start};
    if (marked) {
        source.bytes += 3;
        source.size -= 3;
        source.start += source.start ? 1 : 0;
    }
    source.at = source.bytes;
    source.slash_escapes = find_bytes(source.bytes, source.size, "\\/", 2) != NULL;
    return source;
}

/* Moves on to a character. Events come in the order of the text, so that all moves together read it once. */
static const char *move_to(struct source *source, size_t character)
{
    if (character < source->number) {
        source->at = source->bytes;
        source->number = 0;
    }
    const char *end = source->bytes + source->size;
    for (; source->number < character && source->at < end; source->number++) {
        source->at++;
        while (source->at < end && ((unsigned char)*source->at & 0xC0) == 0x80)
            source->at++;
    }
    return source->at;
}

static bool has_slash_escape(struct source *source, size_t start, size_t end)
{
    const char *at = move_to(source, start), *stop = move_to(source, end);
    for (; at + 1 < stop; at++) {
        if (*at != '\\')
            continue;
        if (at[1] == '/')
            return true;
        at++;
    }
    return false;
}

const char *scalar_quirk(struct source *source, const struct raw_scalar *raw, bool in_flow, size_t start, size_t end)
{
    if (in_flow && raw->style == STYLE_PLAIN && memchr(raw->text, '?', raw->size))
        return "did not find expected ',' or a closing bracket: put a text with '?' in quotes";
    if (source->slash_escapes && raw->style == STYLE_DOUBLE_QUOTED && has_slash_escape(source, start, end))
        return "found unknown escape character: write '/' instead of '\\/'";
    return NULL;
}
