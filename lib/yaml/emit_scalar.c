/* emit_scalar.c: writing scalars in go-yaml v2's styles. Source: go-yaml v2, emitterc.go and encode.go. */
#include "yaml/emit_scalar.h"

#include <stdint.h>
#include <string.h>

#include "yaml/emit_characters.h"
#include "yaml/scalar.h"

enum { BEST_WIDTH = 80, BEST_INDENT = 2 };

static void put_run(struct emitter *emitter, const char *text, size_t size, size_t columns)
{
    text_bytes(emitter->out, text, size);
    emitter->column += columns;
}

static void put_byte(struct emitter *emitter, char byte)
{
    text_byte(emitter->out, byte);
    emitter->column++;
}

static void put_line_end(struct emitter *emitter)
{
    text_byte(emitter->out, '\n');
    emitter->column = 0;
}

void emit_indent(struct emitter *emitter, int indent)
{
    size_t wanted = indent < 0 ? 0 : (size_t)indent;
    bool stays = emitter->indention && (emitter->column < wanted || (emitter->column == wanted && emitter->whitespace));
    if (!stays)
        put_line_end(emitter);
    text_repeat(emitter->out, ' ', wanted - emitter->column);
    emitter->column = wanted;
    emitter->whitespace = true;
    emitter->indention = true;
}

void emit_indicator(struct emitter *emitter, char indicator, bool needs_space, bool block)
{
    if (needs_space && !emitter->whitespace)
        put_byte(emitter, ' ');
    put_byte(emitter, indicator);
    emitter->whitespace = false;
    emitter->indention = emitter->indention && block;
}

void emit_word(struct emitter *emitter, const char *text, size_t size)
{
    if (!emitter->whitespace)
        put_byte(emitter, ' ');
    put_run(emitter, text, size, size);
    emitter->whitespace = false;
    emitter->indention = false;
}

void emit_simple_key(struct emitter *emitter, const char *text, size_t size)
{
    emit_indent(emitter, emitter->indent);
    char *end = text_reserve(emitter->out, size + 1);
    if (end) {
        memcpy(end, text, size);
        end[size] = ':';
        end[size + 1] = '\0';
        emitter->out->size += size + 1;
    }
    emitter->column += size + 1;
    emitter->whitespace = false;
    emitter->indention = false;
}

/* A folded line of a scalar begins one level deeper than the collection. */
static void fold_line(struct emitter *emitter)
{
    emit_indent(emitter, emitter->indent < 0 ? BEST_INDENT : emitter->indent + BEST_INDENT);
}

static size_t count_characters(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static bool is_past_width(const struct emitter *emitter)
{
    return emitter->column > BEST_WIDTH;
}

/* How many bytes from here on are visible ASCII other than the two. */
static size_t visible_run(const char *text, size_t size, size_t at, char first, char second)
{
    size_t end = at;
    while (end < size && text[end] > ' ' && text[end] < 0x7F && text[end] != first && text[end] != second)
        end++;
    return end - at;
}

static void write_folding_plain(struct emitter *emitter, const char *text, size_t size)
{
    bool spaces = false;
    for (size_t at = 0; at < size;) {
        if (text[at] == ' ') {
            if (!spaces && is_past_width(emitter) && text[at + 1] != ' ')
                fold_line(emitter);
            else
                put_byte(emitter, ' ');
            spaces = true;
            at++;
            continue;
        }
        const char *space = memchr(text + at, ' ', size - at);
        size_t run = space ? (size_t)(space - text) - at : size - at;
        put_run(emitter, text + at, run, count_characters(text + at, run));
        emitter->indention = false;
        spaces = false;
        at += run;
    }
}

static void write_plain(struct emitter *emitter, const char *text, size_t size, const struct shape *shape, bool folds)
{
    if (!emitter->whitespace)
        put_byte(emitter, ' ');
    if (folds)
        write_folding_plain(emitter, text, size);
    else
        put_run(emitter, text, size, shape->columns);
    emitter->whitespace = false;
    emitter->indention = false;
}

/* A space inside of quotes. Returns whether a line ends here instead. */
static bool put_quoted_space(struct emitter *emitter, bool may_fold, size_t at, size_t size)
{
    bool ends = may_fold && is_past_width(emitter) && at > 0 && at + 1 < size;
    if (ends)
        fold_line(emitter);
    else
        put_byte(emitter, ' ');
    return ends;
}

/* A separator, which is all that is left of breaks here: texts with a newline are literal or in double quotes. */
static size_t put_separator(struct emitter *emitter, const char *text, size_t size, size_t at)
{
    size_t width = character_width(text, size, at);
    put_run(emitter, text + at, width, 0);
    emitter->column = 0;
    emitter->indention = true;
    return width;
}

static void write_single_quoted(struct emitter *emitter, const char *text, size_t size, bool folds)
{
    bool spaces = false, breaks = false;
    emit_indicator(emitter, '\'', true, false);
    for (size_t at = 0; at < size;) {
        if (text[at] == ' ') {
            put_quoted_space(emitter, folds && !spaces && byte_at(text, size, at + 1) != ' ', at, size);
            spaces = true;
            at++;
            continue;
        }
        if (is_break(text, size, at)) {
            at += put_separator(emitter, text, size, at);
            breaks = true;
            continue;
        }
        if (breaks)
            fold_line(emitter);
        if (text[at] == '\'')
            put_byte(emitter, '\'');
        size_t run = visible_run(text, size, at, '\'', '\'');
        size_t width = run ? run : character_width(text, size, at);
        put_run(emitter, text + at, width, run ? run : 1);
        emitter->indention = false;
        spaces = breaks = false;
        at += width;
    }
    emit_indicator(emitter, '\'', false, false);
}

/* The letter of an escape that has one; NUL where there is none. */
static char escape_letter(uint32_t rune)
{
    static const char low[] = "0......abtnvfr";
    if (rune == 0 || (rune >= 7 && rune < sizeof low - 1))
        return low[rune];
    switch (rune) {
    case 0x1B:
        return 'e';
    case '"':
    case '\\':
        return (char)rune;
    case 0x85:
        return 'N';
    case 0xA0:
        return '_';
    case 0x2028:
        return 'L';
    case 0x2029:
        return 'P';
    default:
        return '\0';
    }
}

static void put_escape(struct emitter *emitter, const char *text, size_t width)
{
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    static const char hexadecimal[] = "0123456789ABCDEF";
    uint32_t rune = (unsigned char)text[0] & lead_bits[width];
    for (size_t i = 1; i < width; i++)
        rune = rune << 6 | ((unsigned char)text[i] & 0x3Fu);
    put_byte(emitter, '\\');
    char letter = escape_letter(rune);
    if (letter) {
        put_byte(emitter, letter);
        return;
    }
    put_byte(emitter, rune <= 0xFF ? 'x' : rune <= 0xFFFF ? 'u' : 'U');
    for (int shift = rune <= 0xFF ? 4 : rune <= 0xFFFF ? 12 : 28; shift >= 0; shift -= 4)
        put_byte(emitter, hexadecimal[rune >> shift & 0xF]);
}

static bool is_escaped(const char *text, size_t size, size_t at)
{
    return text[at] == '"' || text[at] == '\\' || is_break(text, size, at) || !is_printable(text, size, at);
}

/* A text that begins with a byte order mark is escaped throughout: go-yaml looks at its beginning each time. */
static void write_double_quoted(struct emitter *emitter, const char *text, size_t size, bool folds)
{
    bool spaces = false, escapes_all = is_byte_order_mark(text, size, 0);
    emit_indicator(emitter, '"', true, false);
    for (size_t at = 0; at < size;) {
        size_t run = escapes_all ? 0 : visible_run(text, size, at, '"', '\\');
        put_run(emitter, text + at, run, run);
        spaces = spaces && !run;
        at += run;
        if (at == size)
            break;
        size_t width = character_width(text, size, at);
        if (escapes_all || is_escaped(text, size, at)) {
            put_escape(emitter, text + at, width);
            spaces = false;
        } else if (text[at] != ' ') {
            put_run(emitter, text + at, width, 1);
            spaces = false;
        } else {
            if (put_quoted_space(emitter, folds && !spaces, at, size) && text[at + 1] == ' ')
                put_byte(emitter, '\\');
            spaces = true;
        }
        at += width;
    }
    emit_indicator(emitter, '"', false, false);
}

/* The number behind the bar where the text's own beginning would be taken for indentation, and how it ends: with no
 * newline "-", with several "+". */
static void write_hints(struct emitter *emitter, const char *text, size_t size)
{
    if (text[0] == ' ' || is_break(text, size, 0))
        put_byte(emitter, '0' + BEST_INDENT);
    size_t last = size - 1;
    while (last > 0 && ((unsigned char)text[last] & 0xC0) == 0x80)
        last--;
    if (!is_break(text, size, last)) {
        put_byte(emitter, '-');
        return;
    }
    size_t before = last ? last - 1 : 0;
    while (before > 0 && ((unsigned char)text[before] & 0xC0) == 0x80)
        before--;
    if (last == 0 || is_break(text, size, before))
        put_byte(emitter, '+');
}

/* The end of the line that begins at `at`. */
static size_t line_end(const char *text, size_t size, size_t at, bool separators)
{
    if (separators) {
        while (at < size && !is_break(text, size, at))
            at++;
        return at;
    }
    const char *newline = memchr(text + at, '\n', size - at);
    return newline ? (size_t)(newline - text) : size;
}

static void write_literal(struct emitter *emitter, const char *text, size_t size, bool separators)
{
    emit_indicator(emitter, '|', true, false);
    write_hints(emitter, text, size);
    put_line_end(emitter);
    emitter->whitespace = emitter->indention = true;
    for (size_t at = 0; at < size;) {
        size_t end = line_end(text, size, at, separators);
        if (end > at) {
            fold_line(emitter);
            put_run(emitter, text + at, end - at, count_characters(text + at, end - at));
            emitter->indention = false;
        }
        if (end == size)
            break;
        if (text[end] == '\n')
            put_line_end(emitter);
        else
            put_separator(emitter, text, size, end);
        emitter->indention = true;
        at = end + character_width(text, size, end);
    }
}

void emit_string(struct emitter *emitter, const char *text, size_t size, const struct shape *shape, bool simple_key)
{
    bool folds = !simple_key && shape->spaces && emitter->column + shape->columns >= BEST_WIDTH;
    if (shape->newline && !simple_key && shape->block)
        write_literal(emitter, text, size, shape->separators);
    else if (shape->newline || scalar_needs_quotes(text, size))
        write_double_quoted(emitter, text, size, !simple_key);
    else if (shape->plain)
        write_plain(emitter, text, size, shape, folds);
    else if (shape->single_quoted)
        write_single_quoted(emitter, text, size, !simple_key);
    else
        write_double_quoted(emitter, text, size, !simple_key);
}
