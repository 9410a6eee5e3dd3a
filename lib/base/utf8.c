/* utf8.c: validity and white space of UTF-8 texts, as Go's unicode packages have them. */
#include "base/utf8.h"

#include <string.h>

/* The length of the sequence that the text begins with, and its code point; 0 where it is not valid. */
static size_t read_sequence(const unsigned char *text, size_t size, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = text[0];
    size_t length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
    if (!length || length > size)
        return 0;
    uint32_t value = length == 1 ? first : first & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3F);
    }
    *point = value;
    bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < least[length] || value > 0x10FFFF || is_surrogate ? 0 : length;
}

size_t utf8_write(char *out, uint32_t point)
{
    static const unsigned leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (point < 0x80) {
        *out = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)(leads[size] | point);
    return size;
}

size_t utf8_length(const char *text, size_t size)
{
    uint32_t point;
    return read_sequence((const unsigned char *)text, size, &point);
}

/* How many bytes of characters the text begins with. */
static size_t valid_run(const char *text, size_t size)
{
    size_t at = 0;
    for (size_t length; at < size && (length = utf8_length(text + at, size - at)); at += length)
        ;
    return at;
}

bool utf8_is_valid(const char *text, size_t size)
{
    return valid_run(text, size) == size;
}

void utf8_add_valid(struct text *out, const char *text, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        size_t run = valid_run(text + at, size - at);
        text_bytes(out, text + at, run);
        at += run;
        if (at < size)
            text_string(out, "\xEF\xBF\xBD");
    }
}

/* Source: Go's unicode.White_Space. */
static bool is_space(uint32_t point)
{
    static const uint32_t others[] = {' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (point == others[i])
            return true;
    return (point >= '\t' && point <= '\r') || (point >= 0x2000 && point <= 0x200A);
}

size_t utf8_leading_space(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t point;
        size_t length = read_sequence((const unsigned char *)text + at, size - at, &point);
        if (!length || !is_space(point))
            break;
        at += length;
    }
    return at;
}
