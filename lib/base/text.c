/* text.c: the growing text. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool string_begins(const char *string, const char *beginning)
{
    return strncmp(string, beginning, strlen(beginning)) == 0;
}

bool string_ends(const char *string, const char *end)
{
    size_t size = strlen(string), wanted = strlen(end);
    return size >= wanted && memcmp(string + size - wanted, end, wanted) == 0;
}

bool string_in(const char *const *list, const char *string)
{
    while (*list && strcmp(*list, string) != 0)
        list++;
    return *list;
}

int string_compare(const char *left, const char *right)
{
    return strcmp(string_or_empty(left), string_or_empty(right));
}

int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char lower = (char)(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char *text_grow(struct text *text, size_t size)
{
    if (text->failed)
        return NULL;
    if (size >= SIZE_MAX / 2 - text->size || (text->limit && size > text->limit - text->size)) {
        text->failed = true;
        return NULL;
    }
    size_t needed = text->size + size + 1;
    if (needed > text->room) {
        size_t room = text->room ? text->room * 2 : 256;
        text->room = room > needed ? room : needed;
        text->bytes = memory_resize(text->bytes, text->room);
    }
    return text->bytes + text->size;
}

void text_bytes(struct text *text, const void *bytes, size_t size)
{
    char *end = text_reserve(text, size);
    if (!end)
        return;
    if (size)
        memcpy(end, bytes, size);
    end[size] = '\0';
    text->size += size;
}

void text_string(struct text *text, const char *string)
{
    text_bytes(text, string, strlen(string));
}

void text_repeat(struct text *text, char byte, size_t count)
{
    char *end = text_reserve(text, count);
    if (!end)
        return;
    memset(end, byte, count);
    end[count] = '\0';
    text->size += count;
}

void text_format_list(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        memory_exhausted();
    char *end = text_reserve(text, (size_t)size);
    if (!end)
        return;
    vsnprintf(end, (size_t)size + 1, format, arguments);
    text->size += (size_t)size;
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_format_list(text, format, arguments);
    va_end(arguments);
}

void text_cut(struct text *text, size_t size)
{
    if (size >= text->size)
        return;
    text->size = size;
    text->bytes[size] = '\0';
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){.limit = text->limit};
}
