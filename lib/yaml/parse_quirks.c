/* parse_quirks.c: what libyaml 0.2.5 accepts and go-yaml (scannerc.go) does not. */
#include "yaml/parse_quirks.h"

#include <string.h>

enum { MOST_DIRECTIVES = 100 };

/* libyaml skips a byte order mark at the beginning of any line, go-yaml takes it for a letter. */
static const char *misplaced_mark(const struct part *part)
{
    const char *end = part->bytes + part->size;
    for (const char *at = part->bytes; at < end; at++) {
        at = find_bytes(at, (size_t)(end - at), "\xEF\xBB\xBF", 3);
        if (!at)
            return NULL;
        if (at > part->bytes && (at[-1] == '\n' || at[-1] == '\r'))
            return at;
    }
    return NULL;
}

const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

static const char *skip_line(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    return at;
}

/* libyaml compares each %TAG with all before it. */
static bool has_many_directives(const struct source *source)
{
    const char *end = source->bytes + source->size;
    size_t count = 0;
    for (const char *at = skip_space(source->bytes, end); at < end && (*at == '%' || *at == '#');) {
        count += *at == '%';
        at = skip_space(skip_line(at, end), end);
    }
    return count > MOST_DIRECTIVES;
}

bool source_of(const struct part *part, const struct origins *origins, struct source *out, struct error *error)
{
    *out = (struct source){.bytes = part->bytes, .size = part->size, .start = part->start};
    const char *misplaced = misplaced_mark(part);
    if (misplaced) {
        size_t character = count_characters(part->bytes, (size_t)(misplaced - part->bytes));
        return error_in(error, origins_place(origins, source_origin(out, character)),
                        "malformed YAML: a byte order mark (U+FEFF) in the middle of the text: remove it");
    }
    if (part->size >= 3 && memcmp(part->bytes, "\xEF\xBB\xBF", 3) == 0) {
        out->bytes += 3;
        out->size -= 3;
        out->start += out->start ? 1 : 0;
    }
    out->at = out->bytes;
    if (has_many_directives(out))
        return error_in(error, origins_place(origins, out->start), "malformed YAML: more than %d directives",
                        MOST_DIRECTIVES);
    out->slash_escapes = find_bytes(out->bytes, out->size, "\\/", 2) != NULL;
    return true;
}

const char *source_move(struct source *source, size_t character)
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
    const char *at = source_move(source, start), *stop = source_move(source, end);
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

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && !strchr(" \t\r\n,", *at))
        at++;
    return at;
}

const char *tag_quirk(struct source *source, size_t start)
{
    const char *at = source_move(source, start), *end = source->bytes + source->size;
    if (at < end && *at == '&')
        at = skip_space(skip_word(at, end), end);
    const char *tag_end = at < end && *at == '!' ? skip_word(at, end) : end;
    return tag_end < end && *tag_end == ',' ? "did not find expected whitespace: put a blank behind the tag" : NULL;
}
