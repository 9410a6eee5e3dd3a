/* html.c: escapes. */
#include "plugin/report/html.h"

#include <string.h>

#include "base/visible.h"

static const char *escape_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_text(struct text *out, const char *string)
{
    struct text visible = {0};
    visible_bytes(&visible, string ? string : "", string ? strlen(string) : 0, VISIBLE_LINE);
    for (size_t at = 0, plain; at < visible.size; at += plain) {
        plain = strcspn(visible.bytes + at, "&<>\"'");
        text_bytes(out, visible.bytes + at, plain);
        if (at + plain < visible.size)
            text_string(out, escape_of(visible.bytes[at + plain++]));
    }
    text_free(&visible);
}

void html_name(struct text *out, const char *string)
{
    text_string(out, "<bdi>");
    html_text(out, string);
    text_string(out, "</bdi>");
}

void html_id(struct text *out, const char *string)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/";
    for (; *string; string++)
        if (strchr(plain, *string))
            text_byte(out, *string);
        else
            text_format(out, "_%02x", (unsigned char)*string);
}
