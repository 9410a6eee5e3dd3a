/* visible.c: writes text of others without its control characters. */
#include "base/visible.h"

/* Controls of ISO 6429, and what turns the direction of text: U+202A to U+202E, U+2066 to U+2069. */
static bool is_control(const unsigned char *byte, size_t left)
{
    if (*byte < 0x20 || *byte == 0x7f)
        return true;
    if (*byte == 0xc2)
        return left > 1 && byte[1] >= 0x80 && byte[1] < 0xa0;
    if (*byte != 0xe2 || left < 3)
        return false;
    return (byte[1] == 0x80 && byte[2] >= 0xaa && byte[2] <= 0xae) ||
           (byte[1] == 0x81 && byte[2] >= 0xa6 && byte[2] <= 0xa9);
}

void visible_bytes(struct text *out, const char *bytes, size_t size, enum visible_lines lines)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    for (size_t i = 0; i < size; i++) {
        if (byte[i] == '\n' && lines == VISIBLE_LINE)
            text_string(out, "\\n");
        else if (byte[i] != '\n' && is_control(byte + i, size - i))
            text_format(out, "\\x%02x", byte[i]);
        else
            text_byte(out, (char)byte[i]);
    }
}
