/* visible.c: writes text of others without its control characters. */
#include "base/visible.h"

#include <stdint.h>

#include "base/utf8.h"

/* Controls of ISO 6429, line ends of Unicode, and what turns the direction of text or shows nothing. */
static bool is_control(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},       {0x61c, 0x61c},   {0x180e, 0x180e},
        {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},   {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
        {0xfffe, 0xffff}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static uint32_t point_of(const char *bytes, size_t size)
{
    uint32_t point = (unsigned char)bytes[0] & (size == 1 ? 0x7fu : 0x7fu >> size);
    for (size_t i = 1; i < size; i++)
        point = point << 6 | ((unsigned char)bytes[i] & 0x3fu);
    return point;
}

static void write_hidden(struct text *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        text_format(out, "\\x%02x", (unsigned char)bytes[i]);
}

/* Of the characters that most texts have and nothing else. */
static size_t plain_size(const char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && bytes[at] >= ' ' && bytes[at] <= '~')
        at++;
    return at;
}

void visible_bytes(struct text *out, const char *bytes, size_t size, enum visible_lines lines)
{
    for (size_t at = 0, width; at < size; at += width) {
        width = plain_size(bytes + at, size - at);
        if (width) {
            text_bytes(out, bytes + at, width);
            continue;
        }
        size_t length = utf8_length(bytes + at, size - at);
        width = length ? length : 1;
        if (bytes[at] == '\n')
            text_string(out, lines == VISIBLE_LINE ? "\\n" : "\n");
        else if (!length || is_control(point_of(bytes + at, length)))
            write_hidden(out, bytes + at, width);
        else
            text_bytes(out, bytes + at, width);
    }
}
