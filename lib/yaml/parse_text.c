/* parse_text.c: what happens to a text before it is scanned. */
#include "yaml/parse_text.h"

#include <string.h>

#include "base/utf8.h"

/* The first place of some bytes in others, or NULL. */
static const char *find_bytes(const char *bytes, size_t size, const char *wanted, size_t wanted_size)
{
    const char *end = bytes + size;
    for (const char *at = bytes; (size_t)(end - at) >= wanted_size; at++) {
        at = memchr(at, wanted[0], (size_t)(end - at) - wanted_size + 1);
        if (!at)
            return NULL;
        if (memcmp(at, wanted, wanted_size) == 0)
            return at;
    }
    return NULL;
}

/* UTF-16 with a byte order mark, as Windows writes it. */
struct utf16 {
    const unsigned char *bytes;
    size_t size, at;
    bool big_endian;
};

static unsigned take_unit(struct utf16 *from)
{
    unsigned first = from->bytes[from->at], second = from->bytes[from->at + 1];
    from->at += 2;
    return from->big_endian ? first << 8 | second : second << 8 | first;
}

/* The next character, or 0 with `problem` set in the words of go-yaml. */
static unsigned take_character(struct utf16 *from, const char **problem)
{
    if (from->size - from->at < 2) {
        *problem = "incomplete UTF-16 character";
        return 0;
    }
    unsigned unit = take_unit(from);
    if ((unit & 0xFC00) == 0xDC00)
        *problem = "unexpected low surrogate area";
    if ((unit & 0xFC00) != 0xD800)
        return unit;
    if (from->size - from->at < 2) {
        *problem = "incomplete UTF-16 surrogate pair";
        return 0;
    }
    unsigned low = take_unit(from);
    if ((low & 0xFC00) != 0xDC00)
        *problem = "expected low surrogate area";
    return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
}

static bool from_utf16(struct tree *tree, const struct yaml_text *text, struct part *out, struct error *error)
{
    struct utf16 from = {(const unsigned char *)text->bytes, text->size, 2, text->bytes[0] == '\xFE'};
    char *copy = arena_alloc(tree->arena, memory_product(text->size / 2 + 1, 3));
    const char *problem = NULL;
    size_t size = 0;
    unsigned line = 1;
    while (from.at < from.size) {
        unsigned character = take_character(&from, &problem);
        if (problem)
            return error_in(error, (struct place){text->file, line, 1}, "malformed YAML: %s", problem);
        line += character == '\n';
        size += utf8_write(copy + size, character);
    }
    *out = (struct part){copy, size, 0};
    return true;
}

/* kustomize turns each CR LF into LF before it parses. To the scanner both are one line break, so that only a CR before
 * them makes a difference. */
static void without_carriage_returns(struct tree *tree, struct part *part)
{
    char *copy = arena_alloc(tree->arena, part->size);
    size_t size = 0;
    for (size_t i = 0; i < part->size; i++)
        if (part->bytes[i] != '\r' || i + 1 == part->size || part->bytes[i + 1] != '\n')
            copy[size++] = part->bytes[i];
    *part = (struct part){copy, size, 0};
}

static bool is_utf16(const struct yaml_text *text)
{
    return text->size >= 2 && (memcmp(text->bytes, "\xFF\xFE", 2) == 0 || memcmp(text->bytes, "\xFE\xFF", 2) == 0);
}

bool text_prepare(struct tree *tree, const struct yaml_text *text, bool split, struct part *out, struct error *error)
{
    *out = (struct part){text->bytes, text->size, 0};
    if (is_utf16(text) && !from_utf16(tree, text, out, error))
        return false;
    if (split && find_bytes(out->bytes, out->size, "\r\r\n", 3))
        without_carriage_returns(tree, out);
    out->start = origins_add_within(text->origins, text->within, text->file, out->bytes, out->size);
    return true;
}

struct splitter split_text(const struct yaml_text *text, const struct part *prepared)
{
    return (struct splitter){
        .origins = text->origins,
        .rest = *prepared,
        .undivided = is_utf16(text), /* kustomize looks for separators byte by byte */
        .done = prepared->size == 0,
    };
}

static origin origin_after(const struct part *part, size_t size)
{
    return part->start ? part->start + (origin)size : 0;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || (*at >= '\t' && *at <= '\r')))
        at++;
    return at;
}

bool split_next(struct splitter *splitter, struct part *out, struct error *error)
{
    struct part *rest = &splitter->rest;
    if (splitter->done)
        return false;
    *out = *rest;
    splitter->found++;
    const char *end = rest->bytes + rest->size;
    const char *separator = splitter->undivided ? NULL : find_bytes(rest->bytes, rest->size, "\n---", 4);
    const char *line_end = separator ? memchr(separator + 4, '\n', (size_t)(end - separator) - 4) : NULL;
    splitter->done = line_end == NULL;
    if (!line_end)
        return true;
    const char *content = skip_blanks(separator + 4, line_end);
    out->size = (size_t)(separator + 1 - rest->bytes);
    if (content < line_end && *content != '#') {
        splitter->failed = true;
        return error_in(error, origins_place(splitter->origins, origin_after(rest, out->size)),
                        "invalid document separator: put what stands behind '---' in the next line");
    }
    size_t taken = (size_t)(line_end + 1 - rest->bytes);
    *rest = (struct part){line_end + 1, rest->size - taken, origin_after(rest, taken)};
    return true;
}
