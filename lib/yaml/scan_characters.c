/* scan_characters.c: classes of characters, and where a text has one that YAML does not allow. */
#include <string.h>

#include "yaml/scan_parts.h"

enum {
    BLANK = CHARACTER_BLANK,
    BREAK = CHARACTER_BREAK,
    WIDE = CHARACTER_WIDE,
    COLON = CHARACTER_COLON,
    FLOW = CHARACTER_FLOW,
    WORD = CHARACTER_WORD,
    URI = CHARACTER_URI,
    QUOTE = CHARACTER_QUOTE,
};

#define LETTERS(first)                                                                                      \
    [first] = WORD | URI, [first + 1] = WORD | URI, [first + 2] = WORD | URI, [first + 3] = WORD | URI,     \
    [first + 4] = WORD | URI, [first + 5] = WORD | URI, [first + 6] = WORD | URI, [first + 7] = WORD | URI, \
    [first + 8] = WORD | URI, [first + 9] = WORD | URI

const uint8_t scan_classes[256] = {
    LETTERS('0'),        LETTERS('A'),       LETTERS('K'),         ['U'] = WORD | URI, ['V'] = WORD | URI,
    ['W'] = WORD | URI,  ['X'] = WORD | URI, ['Y'] = WORD | URI,   ['Z'] = WORD | URI, LETTERS('a'),
    LETTERS('k'),        ['u'] = WORD | URI, ['v'] = WORD | URI,   ['w'] = WORD | URI, ['x'] = WORD | URI,
    ['y'] = WORD | URI,  ['z'] = WORD | URI, ['_'] = WORD | URI,   ['-'] = WORD | URI, [' '] = BLANK,
    ['\t'] = BLANK,      ['\n'] = BREAK,     ['\r'] = BREAK,       [0xC2] = WIDE,      [0xE2] = WIDE,
    [':'] = COLON | URI, [','] = FLOW | URI, ['?'] = FLOW | URI,   ['['] = FLOW | URI, [']'] = FLOW | URI,
    ['{'] = FLOW,        ['}'] = FLOW,       ['\''] = QUOTE | URI, ['"'] = QUOTE,      ['\\'] = QUOTE,
    [';'] = URI,         ['/'] = URI,        ['@'] = URI,          ['&'] = URI,        ['='] = URI,
    ['+'] = URI,         ['$'] = URI,        ['.'] = URI,          ['!'] = URI,        ['~'] = URI,
    ['*'] = URI,         ['('] = URI,        [')'] = URI,          ['%'] = URI,
};

/* Whether none of eight bytes needs a closer look: all are printable ASCII or LF. */
static bool are_plain(const char *at)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    uint64_t feeds = bytes ^ ones * '\n', deletes = bytes ^ ones * 0x7F;
    uint64_t below = ~((bytes | tops) - ones * ' ');      /* the top bit is set where a byte is less than a blank */
    uint64_t no_feed = ((feeds & ~tops) + ~tops) | feeds; /* where it is no LF */
    uint64_t no_delete = ((deletes & ~tops) + ~tops) | deletes;
    return ((bytes | (below & no_feed) | ~no_delete) & tops) == 0;
}

/* One character; the bytes it has, or 0 with the reason. */
static size_t check_wide(const unsigned char *at, size_t left, const char **reason)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = (*at & 0xE0) == 0xC0 ? 2 : (*at & 0xF0) == 0xE0 ? 3 : (*at & 0xF8) == 0xF0 ? 4 : 0;
    uint32_t value = size ? *at & (0x7Fu >> size) : 0;
    *reason = !size ? "invalid leading UTF-8 octet" : size > left ? "incomplete UTF-8 octet sequence" : NULL;
    for (size_t i = 1; !*reason && i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            *reason = "invalid trailing UTF-8 octet";
        value = value << 6 | (at[i] & 0x3Fu);
    }
    if (*reason)
        return 0;
    if (value < least[size])
        *reason = "invalid length of a UTF-8 sequence";
    else if ((value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
        *reason = "invalid Unicode character";
    else if ((value < 0xA0 && value != 0x85) || value == 0xFFFE || value == 0xFFFF)
        *reason = "control characters are not allowed";
    return *reason ? 0 : size;
}

static size_t check_character(const unsigned char *at, size_t left, const char **reason)
{
    if (*at >= 0x80)
        return check_wide(at, left, reason);
    if ((*at >= ' ' && *at != 0x7F) || *at == '\t' || *at == '\n' || *at == '\r')
        return 1;
    *reason = "control characters are not allowed";
    return 0;
}

const char *readable_end(const char *bytes, const char *end, const char **reason)
{
    const char *at = bytes;
    *reason = NULL;
    while (at < end) {
        if (end - at >= 8 && are_plain(at)) {
            at += 8;
            continue;
        }
        size_t size = check_character((const unsigned char *)at, (size_t)(end - at), reason);
        if (!size)
            return at;
        at += size;
    }
    return end;
}

void take_break(struct scanner *scanner, struct text *out)
{
    size_t size = break_size(scanner->at, scanner->end);
    if (size == 3)
        text_bytes(out, scanner->at, size);
    else
        text_byte(out, '\n');
    begin_line(scanner, size);
}

void fold_breaks(struct scanner *scanner, bool escaped, struct text *out)
{
    struct text *breaks = &scanner->breaks;
    if (escaped || *text_content(breaks) != '\n')
        text_bytes(out, text_content(breaks), breaks->size);
    else if (breaks->size == 1)
        text_byte(out, ' ');
    else
        text_bytes(out, breaks->bytes + 1, breaks->size - 1);
    text_cut(breaks, 0);
}
