/* wrap.c: breaks texts into lines. */
#include "base/wrap.h"

#include <string.h>

static void break_line(struct text *out, size_t column)
{
    while (out->size && out->bytes[out->size - 1] == ' ')
        text_cut(out, out->size - 1);
    text_byte(out, '\n');
    text_repeat(out, ' ', column);
}

void text_wrap_from(struct text *out, const char *string, size_t at, size_t column, size_t width)
{
    while (*string) {
        size_t word = strcspn(string, " \n");
        if (width && at > column && at + word > width) {
            break_line(out, column);
            at = column;
        }
        text_bytes(out, string, word);
        string += word;
        at += word + 1;
        if (*string == '\n') {
            break_line(out, column);
            at = column;
        } else if (*string == ' ') {
            text_byte(out, ' ');
        }
        string += *string != '\0';
    }
    text_byte(out, '\n');
}

void text_wrap(struct text *out, const char *string, size_t column, size_t width)
{
    text_wrap_from(out, string, column, column, width);
}
