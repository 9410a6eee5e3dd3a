/* regex_class.c: the characters and character classes of Go's regular expressions.
 *
 * Source of all rules: Go's regexp/syntax, parse.go. Literals are written as \x{41}, so that nothing of PCRE2's own
 * syntax can slip through. */
#include <string.h>

#include "kustomize/text/regex_translation.h"

bool regex_refuse(struct translation *translation, const char *problem, const char *start)
{
    return error_at(translation->error, translation->origin, "error parsing regexp: %s: `%.*s`", problem,
                    (int)(translation->at - start), start);
}

bool regex_refuse_whole(struct translation *translation, const char *problem)
{
    return error_at(translation->error, translation->origin, "error parsing regexp: %s: `%s`", problem,
                    translation->whole);
}

bool regex_is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The length of the UTF-8 sequence that a byte begins; 0: none. */
static size_t sequence_length(unsigned char byte)
{
    if (byte < 0x80)
        return 1;
    if (byte >= 0xc2 && byte < 0xe0)
        return 2;
    if (byte >= 0xe0 && byte < 0xf0)
        return 3;
    return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

/* Reads one character. PCRE2 checks the rest of what makes UTF-8 valid. */
bool regex_take_rune(struct translation *translation, uint32_t *rune)
{
    size_t length = sequence_length((unsigned char)*translation->at);
    if (!length)
        return regex_refuse_whole(translation, "invalid UTF-8");
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *rune = (unsigned char)*translation->at++ & masks[length];
    while (--length) {
        if (((unsigned char)*translation->at & 0xc0) != 0x80)
            return regex_refuse_whole(translation, "invalid UTF-8");
        *rune = *rune << 6 | ((unsigned char)*translation->at++ & 0x3f);
    }
    return true;
}

void regex_write_rune(struct translation *translation, uint32_t rune)
{
    if (rune != '_' && regex_is_word(rune))
        text_byte(translation->out, (char)rune);
    else
        text_format(translation->out, "\\x{%x}", (unsigned)rune);
}

/* \x7f and \x{10ffff}, behind the x. */
static bool take_hex(struct translation *translation, uint32_t *rune)
{
    *rune = 0;
    if (*translation->at != '{') {
        for (int i = 0; i < 2; i++) {
            int digit = hex_value(*translation->at);
            if (digit < 0)
                return false;
            *rune = *rune << 4 | (uint32_t)digit;
            translation->at++;
        }
        return true;
    }
    const char *digits = ++translation->at;
    for (int digit; (digit = hex_value(*translation->at)) >= 0; translation->at++) {
        *rune = *rune << 4 | (uint32_t)digit;
        if (*rune > 0x10ffff)
            return false;
    }
    return translation->at != digits && *translation->at++ == '}';
}

/* \7 alone would be a back reference. */
static bool take_octal(struct translation *translation, char first, uint32_t *rune)
{
    *rune = (uint32_t)(first - '0');
    if (first != '0' && (*translation->at < '0' || *translation->at > '7'))
        return false;
    for (int i = 0; i < 2 && *translation->at >= '0' && *translation->at <= '7'; i++)
        *rune = *rune * 8 + (uint32_t)(*translation->at++ - '0');
    return true;
}

static bool named_escape(uint32_t c, uint32_t *rune)
{
    static const char names[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    const char *found = c < 0x80 ? strchr(names, (int)c) : NULL;
    if (!found || !c)
        return false;
    *rune = (uint32_t)values[found - names];
    return true;
}

/* The character that an escape stands for. */
bool regex_take_escape(struct translation *translation, uint32_t *rune)
{
    const char *start = translation->at++;
    if (!*translation->at)
        return error_at(translation->error, translation->origin,
                        "error parsing regexp: trailing backslash at end of expression: ``");
    uint32_t c;
    if (!regex_take_rune(translation, &c))
        return false;
    if (c < 0x80 && (!regex_is_word(c) || c == '_')) {
        *rune = c;
        return true;
    }
    bool known = c == 'x'               ? take_hex(translation, rune)
                 : c >= '0' && c <= '7' ? take_octal(translation, (char)c, rune)
                                        : named_escape(c, rune);
    if (!known)
        return regex_refuse(translation, "invalid escape sequence", start);
    if (*rune >= 0xd800 && *rune < 0xe000)
        return regex_refuse(translation, "no character has the code", start);
    return true;
}

/* Classes by letter, outside and inside of brackets. RE2's \s has no vertical tab. */
static const struct perl_class perl_classes[] = {
    {'d', "[0-9]", "0-9"},
    {'D', "[^0-9]", "\\D"},
    {'s', "[\\t\\n\\f\\r\\x20]", "\\t\\n\\f\\r\\x20"},
    {'S', "[^\\t\\n\\f\\r\\x20]", "\\x{0}-\\x{8}\\x{b}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"},
    {'w', "\\w", "\\w"},
    {'W', "\\W", "\\W"},
};

const struct perl_class *regex_take_perl_class(struct translation *translation)
{
    for (size_t i = 0; *translation->at == '\\' && i < sizeof perl_classes / sizeof *perl_classes; i++)
        if (translation->at[1] == perl_classes[i].letter) {
            translation->at += 2;
            return &perl_classes[i];
        }
    return NULL;
}

/* \pL, \p{Greek}, \P{^Greek}. Names of one or two letters are categories, longer ones scripts, which PCRE2 would
 * otherwise take for script extensions. */
bool regex_take_unicode_class(struct translation *translation)
{
    const char *start = translation->at;
    bool negative = translation->at[1] == 'P';
    translation->at += 2;
    const char *name = translation->at;
    size_t size = *name ? 1 : 0;
    translation->at += size;
    if (*name == '{') {
        size_t length = strcspn(++name, "}");
        translation->at = name + length + (name[length] ? 1 : 0);
        if (*name == '^') {
            negative = !negative;
            name++;
            length--;
        }
        size = length;
    }
    for (size_t i = 0; i < size; i++)
        if (!regex_is_word((unsigned char)name[i]))
            return regex_refuse(translation, "invalid character class range", start);
    if (!size || (start[2] == '{' && translation->at[-1] != '}'))
        return regex_refuse(translation, "invalid character class range", start);
    bool category = size <= 2 || (size == 3 && strncmp(name, "Any", 3) == 0);
    text_format(translation->out, "\\%c{%s%.*s}", negative ? 'P' : 'p', category ? "" : "sc:", (int)size, name);
    return true;
}

static bool is_unicode_class(const struct translation *translation)
{
    return translation->at[0] == '\\' && (translation->at[1] == 'p' || translation->at[1] == 'P');
}

/* The end of [:alpha:] within brackets; an unclosed one is a literal bracket: NULL. */
static const char *named_class_end(const char *at)
{
    const char *end = at[0] == '[' && at[1] == ':' ? strstr(at + 2, ":]") : NULL;
    return end ? end + 2 : NULL;
}

static bool take_named_class(struct translation *translation, const char *end)
{
    static const char *const names[] = {"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
                                        "lower", "print", "punct", "space", "upper", "word",  "xdigit"};
    const char *start = translation->at, *name = start + 2 + (start[2] == '^');
    translation->at = end;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);
        if (name + size + 2 == end && memcmp(names[i], name, size) == 0) {
            text_bytes(translation->out, start, (size_t)(end - start));
            return true;
        }
    }
    return regex_refuse(translation, "invalid character class range", start);
}

static bool take_class_rune(struct translation *translation, const char *whole, uint32_t *rune)
{
    if (!*translation->at)
        return error_at(translation->error, translation->origin, "error parsing regexp: missing closing ]: `%s`",
                        whole);
    return *translation->at == '\\' ? regex_take_escape(translation, rune) : regex_take_rune(translation, rune);
}

static bool take_range(struct translation *translation, const char *whole)
{
    const char *start = translation->at;
    uint32_t low, high;
    if (!take_class_rune(translation, whole, &low))
        return false;
    text_format(translation->out, "\\x{%x}", (unsigned)low);
    if (translation->at[0] != '-' || !translation->at[1] || translation->at[1] == ']')
        return true;
    translation->at++;
    if (!take_class_rune(translation, whole, &high))
        return false;
    if (high < low)
        return regex_refuse(translation, "invalid character class range", start);
    text_format(translation->out, "-\\x{%x}", (unsigned)high);
    return true;
}

bool regex_take_class_part(struct translation *translation, const char *whole)
{
    const char *end = named_class_end(translation->at);
    if (end)
        return take_named_class(translation, end);
    if (is_unicode_class(translation))
        return regex_take_unicode_class(translation);
    const struct perl_class *perl = regex_take_perl_class(translation);
    if (!perl)
        return take_range(translation, whole);
    text_string(translation->out, perl->inside);
    return true;
}
