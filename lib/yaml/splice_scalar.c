/* splice_scalar.c: strings as scalars, quoted exactly where they must be. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "yaml/emit_scalar.h"
#include "yaml/scalar.h"
#include "yaml/splice_parts.h"

static const char digits[] = "0123456789";

/* [0-9]+(:[0-9]{1,2})+(\.[0-9]*)?: base 60 in YAML 1.1. */
static bool is_base_60(const char *text)
{
    size_t size = strspn(text, digits);
    if (!size || text[size] != ':')
        return false;
    for (text += size; *text == ':'; text += 1 + size) {
        size = strspn(text + 1, digits);
        if (size < 1 || size > 2)
            return false;
    }
    return *text == '.' ? !text[1 + strspn(text + 1, digits)] : !*text;
}

/* ([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?, whatever its size: a reader may take it for infinity. */
static bool is_decimal(const char *text)
{
    size_t whole = strspn(text, digits);
    text += whole;
    size_t fraction = *text == '.' ? strspn(text + 1, digits) : 0;
    if (!whole && !fraction)
        return false;
    text += *text == '.' ? 1 + fraction : 0;
    if (*text != 'e' && *text != 'E')
        return !*text;
    text += text[1] == '-' || text[1] == '+' ? 2 : 1;
    return *text && !text[strspn(text, digits)];
}

static bool is_based(const char *text)
{
    if (text[0] != '0' || !text[1] || !strchr("xXoObB", text[1]))
        return false;
    const char *allowed = strchr("xX", text[1]) ? "0123456789abcdefABCDEF" : strchr("oO", text[1]) ? "01234567" : "01";
    return text[2] && !text[2 + strspn(text + 2, allowed)];
}

/* A number to some reader, of any size; underscores may stand anywhere behind its first character. */
static bool is_number(const char *text, size_t size)
{
    char buffer[128], *copy = size < sizeof buffer ? buffer : memory_resize(NULL, size + 1);
    size_t kept = 0;
    for (size_t i = 0; i < size; i++)
        if (text[i] != '_' || i == 0)
            copy[kept++] = text[i];
    copy[kept] = '\0';
    const char *unsigned_text = copy + (*copy == '-' || *copy == '+');
    bool number = is_decimal(unsigned_text) || is_based(unsigned_text) || is_base_60(unsigned_text);
    if (copy != buffer)
        free(copy);
    return number;
}

/* Readers that follow YAML 1.1 take 2001-1-1 for a date, and fail where there is no such day. */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-d?-d?";
    for (const char *at = form; *at; at++) {
        bool digit = *text >= '0' && *text <= '9';
        if (*at == '?' ? digit : *at == 'd' ? digit : *text == *at)
            text++;
        else if (*at != '?')
            return false;
    }
    return !*text || strchr("Tt \t", *text);
}

bool string_is_plain(const char *string, size_t size, bool in_flow)
{
    struct shape shape;
    shape_of(string, size, &shape);
    if (!size || !shape.plain || memchr(string, '\0', size) || strstr(string, "\xEF\xBB\xBF") ||
        strcmp(string, "=") == 0)
        return false;
    if (in_flow && (string[0] == ':' || strcspn(string, ",?[]{}") < size))
        return false;
    return node_resolve(string, size) == TAG_STRING && !scalar_needs_quotes(string, size) && !is_number(string, size) &&
           !is_date(string);
}

static void put_single_quoted(const char *string, size_t size, struct text *out)
{
    text_byte(out, '\'');
    for (size_t i = 0; i < size; i++)
        text_bytes(out, string[i] == '\'' ? "''" : string + i, string[i] == '\'' ? 2 : 1);
    text_byte(out, '\'');
}

/* Characters of several bytes that are line breaks to some reader, or no text: U+0085, U+2028, U+2029, U+FEFF, and the
 * other controls from U+0080 to U+009F. Returns their bytes. */
static size_t wide_escape(const char *at, struct text *out)
{
    const unsigned char *byte = (const unsigned char *)at;
    if (byte[0] == 0xC2 && byte[1] < 0xA0) {
        text_format(out, "\\u%04X", byte[1]);
        return 2;
    }
    bool separator = byte[0] == 0xE2 && byte[1] == 0x80 && (byte[2] == 0xA8 || byte[2] == 0xA9);
    bool mark = byte[0] == 0xEF && byte[1] == 0xBB && byte[2] == 0xBF;
    if (separator || mark)
        text_string(out, mark ? "\\uFEFF" : byte[2] == 0xA8 ? "\\u2028" : "\\u2029");
    return separator || mark ? 3 : 0;
}

/* With escapes that JSON has, too. */
static void put_double_quoted(const char *string, size_t size, struct text *out)
{
    static const char letters[] = "\"\\\n\t\r\b\f", escapes[] = "\"\\ntrbf";
    text_byte(out, '"');
    for (size_t i = 0; i < size;) {
        unsigned char byte = (unsigned char)string[i];
        const char *letter = byte ? strchr(letters, byte) : NULL;
        size_t wide = letter ? 0 : wide_escape(string + i, out);
        if (letter)
            text_format(out, "\\%c", escapes[letter - letters]);
        else if (!wide && (byte < ' ' || byte == 0x7F))
            text_format(out, "\\u%04X", byte);
        else if (!wide)
            text_byte(out, string[i]);
        i += wide ? wide : 1;
    }
    text_byte(out, '"');
}

bool put_string(const struct manner *manner, const char *string, size_t size, enum node_style style, bool flow,
                struct text *out, struct error *error)
{
    struct shape shape;
    if (!utf8_is_valid(string, size))
        return error_set(error, "the new value is not UTF-8");
    bool plain = style == STYLE_PLAIN && !manner->json;
    if (plain && string_is_plain(string, size, flow)) {
        text_bytes(out, string, size);
        return true;
    }
    shape_of(string, size, &shape);
    style = manner->json ? STYLE_DOUBLE_QUOTED : plain ? manner->quotes : style;
    if (style == STYLE_SINGLE_QUOTED && shape.single_quoted && !shape.multiline)
        put_single_quoted(string, size, out);
    else
        put_double_quoted(string, size, out);
    return true;
}

bool put_scalar(const struct manner *manner, const struct node *scalar, enum node_style style, bool flow,
                struct text *out, struct error *error)
{
    if (scalar->tag == TAG_STRING)
        return put_string(manner, scalar->text, scalar->count, style, flow, out, error);
    text_bytes(out, scalar->text, scalar->count);
    return true;
}
