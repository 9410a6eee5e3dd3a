/* scan_quoted.c: scalars in single and double quotes. */
#include <string.h>

#include "base/utf8.h"
#include "yaml/scan_parts.h"

static const char doing[] = "while scanning a quoted scalar";

/* What one character behind a backslash stands for. */
static const struct {
    char name;
    const char *text;
    uint8_t size;
} escapes[] = {
    {'0', "\0", 1},       {'a', "\a", 1},           {'b', "\b", 1},           {'t', "\t", 1},  {'\t', "\t", 1},
    {'n', "\n", 1},       {'v', "\v", 1},           {'f', "\f", 1},           {'r', "\r", 1},  {'e', "\x1B", 1},
    {' ', " ", 1},        {'"', "\"", 1},           {'\'', "'", 1},           {'\\', "\\", 1}, {'N', "\xC2\x85", 2},
    {'_', "\xC2\xA0", 2}, {'L', "\xE2\x80\xA8", 3}, {'P', "\xE2\x80\xA9", 3},
};

/* \xNN, \uNNNN or \UNNNNNNNN: the scanner stands behind the letter. */
static bool take_code(struct scanner *scanner, uint32_t start, size_t digits)
{
    uint32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        int digit = hex_value(byte_at(scanner, i));
        if (digit < 0)
            return scan_fail_in(scanner, doing, start, "did not find expected hexadecimal number");
        value = value << 4 | (uint32_t)digit;
    }
    if ((value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
        return scan_fail_in(scanner, doing, start, "found invalid Unicode character escape code");
    char bytes[UTF8_LONGEST];
    text_bytes(&scanner->made, bytes, utf8_write(bytes, value));
    scanner->at += digits;
    return true;
}

static bool take_escape(struct scanner *scanner, uint32_t start)
{
    char name = byte_at(scanner, 1);
    size_t digits = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
    if (digits) {
        scanner->at += 2;
        return take_code(scanner, start, digits);
    }
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (escapes[i].name != name)
            continue;
        text_bytes(&scanner->made, escapes[i].text, escapes[i].size);
        scanner->at += 2;
        return true;
    }
    return scan_fail_in(scanner, doing, start,
                        name == '/' ? "found unknown escape character: write '/' instead of '\\/'"
                                    : "found unknown escape character");
}

/* Where a run ends that stands for itself. */
static const char *run_end(const struct scanner *scanner, char quote)
{
    const char *at = scanner->at, *end = scanner->end;
    for (;; at++) {
        while (at < end && !is_class(*at, CHARACTER_QUOTE | CHARACTER_BREAK | CHARACTER_WIDE | CHARACTER_BLANK))
            at++;
        if (at == end || is_class(*at, CHARACTER_BREAK | CHARACTER_BLANK))
            return at;
        if (is_class(*at, CHARACTER_QUOTE) ? *at == quote || (*at == '\\' && quote == '"') : break_size(at, end))
            return at;
    }
}

/* The characters up to the next blank, break or closing quote. `*escaped`: a backslash before a line break ended them.
 */
static bool take_text(struct scanner *scanner, char quote, uint32_t start, bool *escaped)
{
    struct text *made = &scanner->made;
    *escaped = false;
    while (!is_gap(scanner->at, scanner->end)) {
        const char *end = run_end(scanner, quote);
        text_bytes(made, scanner->at, (size_t)(end - scanner->at));
        scanner->at = end;
        if (is_gap(end, scanner->end) || (*end == quote && !(quote == '\'' && byte_at(scanner, 1) == '\'')))
            return true;
        size_t line_break = *end == '\\' ? break_size(end + 1, scanner->end) : 0;
        if (line_break) {
            begin_line(scanner, 1 + line_break);
            *escaped = true;
            return true;
        }
        if (*end == '\'') {
            text_byte(made, '\'');
            scanner->at += 2;
        } else if (!take_escape(scanner, start)) {
            return false;
        }
    }
    return true;
}

/* Blanks and line breaks. Blanks around a break mean nothing; without a break they stand for themselves. */
static void take_gap(struct scanner *scanner, bool escaped)
{
    const char *blanks = scanner->at;
    bool broken = escaped;
    text_cut(&scanner->breaks, 0);
    for (;;) {
        skip_blanks(scanner);
        if (!break_size(scanner->at, scanner->end))
            break;
        take_break(scanner, &scanner->breaks);
        broken = true;
    }
    if (broken)
        fold_breaks(scanner, escaped, &scanner->made);
    else
        text_bytes(&scanner->made, blanks, (size_t)(scanner->at - blanks));
}

/* A scalar with something in it that does not stand for itself. */
static bool take_lines(struct scanner *scanner, char quote, struct token *token)
{
    token->made = true;
    token->text_at = scanner->made.size;
    scanner->at = scanner->bytes + token->start + 1;
    for (;;) {
        bool escaped;
        if (scan_column(scanner) == 0 && is_document_mark(scanner))
            return scan_fail_in(scanner, doing, token->start, "found unexpected document indicator");
        if (scanner->at == scanner->end)
            return scan_fail_in(scanner, doing, token->start, "found unexpected end of stream");
        if (!take_text(scanner, quote, token->start, &escaped))
            return false;
        if (byte_at(scanner, 0) == quote)
            break;
        take_gap(scanner, escaped);
    }
    token->size = (uint32_t)(scanner->made.size - token->text_at);
    return true;
}

/* Most are in one line and without escapes: their text is that of the input. */
static bool is_simple(struct scanner *scanner, char quote)
{
    for (;;) {
        scanner->at = run_end(scanner, quote);
        if (!is_blank_at(scanner->at, scanner->end))
            break;
        skip_blanks(scanner);
    }
    return byte_at(scanner, 0) == quote && !(quote == '\'' && byte_at(scanner, 1) == '\'');
}

bool scan_quoted(struct scanner *scanner, struct token *token)
{
    char quote = *scanner->at;
    *token = simple_token(scanner, TOKEN_SCALAR, 1);
    token->style = quote == '"' ? STYLE_DOUBLE_QUOTED : STYLE_SINGLE_QUOTED;
    token->text = scanner->at;
    if (is_simple(scanner, quote))
        token->size = (uint32_t)(scanner->at - token->text);
    else if (!take_lines(scanner, quote, token))
        return false;
    scanner->at++;
    token->end = scan_offset(scanner, scanner->at);
    token->end_line = scanner->line;
    return true;
}
