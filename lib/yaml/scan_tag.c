/* scan_tag.c: anchors, aliases, tags and directives. */
#include <string.h>

#include "yaml/scan_parts.h"

static const char in_directive[] = "while scanning a directive", in_version[] = "while scanning a %YAML directive";

static size_t word_size(const struct scanner *scanner)
{
    const char *at = scanner->at;
    while (at < scanner->end && is_class(*at, CHARACTER_WORD))
        at++;
    return (size_t)(at - scanner->at);
}

bool scan_name(struct scanner *scanner, struct token *token)
{
    bool anchor = *scanner->at == '&';
    *token = simple_token(scanner, anchor ? TOKEN_ANCHOR : TOKEN_ALIAS, 1);
    token->text = scanner->at;
    token->size = (uint32_t)word_size(scanner);
    scanner->at += token->size;
    token->end = scan_offset(scanner, scanner->at);
    if (token->size && (is_gap(scanner->at, scanner->end) || strchr("?:,]}%@`", *scanner->at)))
        return true;
    return scan_fail_in(scanner, anchor ? "while scanning an anchor" : "while scanning an alias", token->start,
                        "did not find expected alphabetic or numeric character");
}

/* What is being read, for messages. */
struct context {
    const char *doing;
    uint32_t start;
};

static bool fail_tag(struct scanner *scanner, const struct context *context, const char *problem)
{
    return scan_fail_in(scanner, context->doing, context->start, problem);
}

/* %NN for each byte of one character. */
static bool take_escaped_character(struct scanner *scanner, const struct context *context)
{
    size_t left = 1;
    for (bool first = true; left > 0; left--, first = false) {
        int high = hex_value(byte_at(scanner, 1)), low = hex_value(byte_at(scanner, 2));
        if (byte_at(scanner, 0) != '%' || high < 0 || low < 0)
            return fail_tag(scanner, context, "did not find URI escaped octet");
        unsigned octet = (unsigned)(high << 4 | low);
        if (first)
            left = octet < 0x80             ? 1
                   : (octet & 0xE0) == 0xC0 ? 2
                   : (octet & 0xF0) == 0xE0 ? 3
                   : (octet & 0xF8) == 0xF0 ? 4
                                            : 0;
        if (!left)
            return fail_tag(scanner, context, "found an incorrect leading UTF-8 octet");
        if (!first && (octet & 0xC0) != 0x80)
            return fail_tag(scanner, context, "found an incorrect trailing UTF-8 octet");
        text_byte(&scanner->made, (char)octet);
        scanner->at += 3;
    }
    return true;
}

/* The characters of a URI; `found`: some of it was read already. */
static bool take_uri(struct scanner *scanner, const struct context *context, bool found)
{
    while (scanner->at < scanner->end && is_class(*scanner->at, CHARACTER_URI)) {
        found = true;
        if (*scanner->at == '%') {
            if (!take_escaped_character(scanner, context))
                return false;
            continue;
        }
        text_byte(&scanner->made, *scanner->at++);
    }
    return found || fail_tag(scanner, context, "did not find expected tag URI");
}

/* !word! or ! or !word, which is then no handle; returns its size, which is skipped. */
static size_t take_handle(struct scanner *scanner)
{
    const char *start = scanner->at;
    scanner->at++;
    scanner->at += word_size(scanner);
    if (byte_at(scanner, 0) == '!')
        scanner->at++;
    return (size_t)(scanner->at - start);
}

static bool take_verbatim(struct scanner *scanner, const struct context *context)
{
    scanner->at += 2;
    if (!take_uri(scanner, context, false))
        return false;
    if (byte_at(scanner, 0) != '>')
        return fail_tag(scanner, context, "did not find the expected '>'");
    scanner->at++;
    return true;
}

/* The handle and the suffix, which stand one behind the other: "!!" and "str", "!" and "mine"; "" and "!". */
static bool take_tag(struct scanner *scanner, const struct context *context, struct token *token)
{
    struct text *made = &scanner->made;
    if (byte_at(scanner, 1) == '<')
        return take_verbatim(scanner, context);
    const char *start = scanner->at;
    size_t size = take_handle(scanner);
    text_bytes(made, start, size);
    bool handle = size > 1 && start[size - 1] == '!';
    if (!take_uri(scanner, context, !handle))
        return false;
    token->handle_size = handle ? (uint32_t)size : made->size - token->text_at > 1;
    return true;
}

bool scan_tag(struct scanner *scanner, struct token *token)
{
    *token = simple_token(scanner, TOKEN_TAG, 0);
    token->made = true;
    token->text_at = scanner->made.size;
    struct context context = {"while parsing a tag", token->start};
    if (!take_tag(scanner, &context, token))
        return false;
    if (!is_gap(scanner->at, scanner->end))
        return scan_fail_in(scanner, "while scanning a tag", token->start,
                            "did not find expected whitespace or line break");
    token->size = (uint32_t)(scanner->made.size - token->text_at);
    token->end = scan_offset(scanner, scanner->at);
    return true;
}

static bool take_number(struct scanner *scanner, uint32_t start, unsigned *number)
{
    size_t digits = 0;
    *number = 0;
    for (; byte_at(scanner, 0) >= '0' && byte_at(scanner, 0) <= '9'; scanner->at++) {
        if (++digits > 2)
            return scan_fail_in(scanner, in_version, start, "found extremely long version number");
        *number = *number * 10 + (unsigned)(*scanner->at - '0');
    }
    return digits || scan_fail_in(scanner, in_version, start, "did not find expected version number");
}

/* %YAML 1.1: of interest is only whether it is that. */
static bool take_version(struct scanner *scanner, struct token *token)
{
    unsigned major, minor;
    token->kind = TOKEN_VERSION_DIRECTIVE;
    skip_blanks(scanner);
    if (!take_number(scanner, token->start, &major))
        return false;
    if (byte_at(scanner, 0) != '.')
        return scan_fail_in(scanner, in_version, token->start, "did not find expected digit or '.' character");
    scanner->at++;
    if (!take_number(scanner, token->start, &minor))
        return false;
    token->size = major == 1 && minor == 1;
    return true;
}

/* %TAG !handle! prefix */
static bool take_tag_directive(struct scanner *scanner, struct token *token)
{
    struct context context = {"while parsing a %TAG directive", token->start};
    token->kind = TOKEN_TAG_DIRECTIVE;
    token->made = true;
    token->text_at = scanner->made.size;
    skip_blanks(scanner);
    const char *handle = scanner->at;
    if (byte_at(scanner, 0) != '!')
        return fail_tag(scanner, &context, "did not find expected '!'");
    size_t size = take_handle(scanner);
    if (size > 1 && handle[size - 1] != '!')
        return fail_tag(scanner, &context, "did not find expected '!'");
    text_bytes(&scanner->made, handle, size);
    token->handle_size = (uint32_t)size;
    if (!is_blank_at(scanner->at, scanner->end))
        return fail_tag(scanner, &context, "did not find expected whitespace");
    skip_blanks(scanner);
    if (!take_uri(scanner, &context, false))
        return false;
    if (!is_gap(scanner->at, scanner->end))
        return fail_tag(scanner, &context, "did not find expected whitespace or line break");
    token->size = (uint32_t)(scanner->made.size - token->text_at);
    return true;
}

static bool take_directive(struct scanner *scanner, struct token *token)
{
    const char *name = scanner->at;
    size_t size = word_size(scanner);
    if (!size)
        return scan_fail_in(scanner, in_directive, token->start, "could not find expected directive name");
    scanner->at += size;
    if (!is_gap(scanner->at, scanner->end))
        return scan_fail_in(scanner, in_directive, token->start, "found unexpected non-alphabetical character");
    if (size == 4 && memcmp(name, "YAML", 4) == 0)
        return take_version(scanner, token);
    if (size == 3 && memcmp(name, "TAG", 3) == 0)
        return take_tag_directive(scanner, token);
    return scan_fail_in(scanner, in_directive, token->start, "found unknown directive name");
}

bool scan_directive(struct scanner *scanner, struct token *token)
{
    *token = simple_token(scanner, TOKEN_VERSION_DIRECTIVE, 1);
    if (!take_directive(scanner, token))
        return false;
    token->end = scan_offset(scanner, scanner->at);
    skip_blanks(scanner);
    if (byte_at(scanner, 0) == '#')
        skip_to_break(scanner);
    size_t size = break_size(scanner->at, scanner->end);
    if (!size && scanner->at < scanner->end)
        return scan_fail_in(scanner, in_directive, token->start, "did not find expected comment or line break");
    if (size)
        begin_line(scanner, size);
    return true;
}
