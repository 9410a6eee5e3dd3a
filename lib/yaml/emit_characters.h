/* Characters as go-yaml's emitters and readers see them. Source: go-yaml v2 and v3, yamlprivateh.go. Inner header. */
#ifndef YAML_EMIT_CHARACTERS_H
#define YAML_EMIT_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline unsigned char byte_at(const char *text, size_t size, size_t at)
{
    return at < size ? (unsigned char)text[at] : 0;
}

/* Bytes of the character at `at`, which is inside of the text; never beyond its end. */
static inline size_t character_width(const char *text, size_t size, size_t at)
{
    unsigned char lead = (unsigned char)text[at];
    size_t width = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return width <= size - at ? width : size - at;
}

/* Where the last character of a text begins, which is not empty. */
static inline size_t last_character(const char *text, size_t size)
{
    size_t at = size - 1;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static inline bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static inline bool is_next_line(const char *text, size_t size, size_t at)
{
    return byte_at(text, size, at) == 0xC2 && byte_at(text, size, at + 1) == 0x85;
}

/* U+2028 and U+2029. */
static inline bool is_separator(const char *text, size_t size, size_t at)
{
    return byte_at(text, size, at) == 0xE2 && byte_at(text, size, at + 1) == 0x80 &&
           (byte_at(text, size, at + 2) | 1) == 0xA9;
}

static inline bool is_break(const char *text, size_t size, size_t at)
{
    unsigned char byte = byte_at(text, size, at);
    return byte == '\n' || byte == '\r' || is_next_line(text, size, at) || is_separator(text, size, at);
}

static inline bool is_byte_order_mark(const char *text, size_t size, size_t at)
{
    return byte_at(text, size, at) == 0xEF && byte_at(text, size, at + 1) == 0xBB &&
           byte_at(text, size, at + 2) == 0xBF;
}

/* U+FFFE and U+FFFF. */
static inline bool is_noncharacter(const char *text, size_t size, size_t at)
{
    return byte_at(text, size, at) == 0xEF && byte_at(text, size, at + 1) == 0xBF &&
           byte_at(text, size, at + 2) >= 0xBE;
}

/* Whether the emitters take a character for printable. Nothing of four bytes is. */
static inline bool is_printable(const char *text, size_t size, size_t at)
{
    unsigned char byte = byte_at(text, size, at);
    if (byte < 0x80)
        return byte == '\n' || (byte >= ' ' && byte <= '~');
    if (byte == 0xC2)
        return byte_at(text, size, at + 1) >= 0xA0;
    if (byte == 0xED)
        return byte_at(text, size, at + 1) < 0xA0;
    return byte > 0xC2 && byte <= 0xEF && !is_byte_order_mark(text, size, at) && !is_noncharacter(text, size, at);
}

#endif
