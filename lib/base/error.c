/* error.c: filling, wrapping and writing the error type. */
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/visible.h"

struct where {
    origin at;
    struct place place;
};

static void set_place(struct error *error, struct place place)
{
    error->file = place.file ? memory_string(place.file) : NULL;
    error->line = place.line;
    error->column = place.column;
}

__attribute__((format(printf, 4, 0))) static bool fill(struct error *error, enum error_kind kind, struct where where,
                                                       const char *format, va_list arguments)
{
    if (!error || error->message)
        return false;
    struct text text = {0};
    text_format_list(&text, format, arguments);
    error->message = memory_copy(text_content(&text), text.size);
    text_free(&text);
    error->kind = kind;
    error->at = where.at;
    set_place(error, where.place);
    return false;
}

bool error_set(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, ERROR_OTHER, (struct where){0}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_at(struct error *error, origin at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, ERROR_OTHER, (struct where){.at = at}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_in(struct error *error, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, ERROR_OTHER, (struct where){.place = place}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_kind(struct error *error, enum error_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, kind, (struct where){0}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_at_kind(struct error *error, enum error_kind kind, origin at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, kind, (struct where){.at = at}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_in_kind(struct error *error, enum error_kind kind, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, kind, (struct where){.place = place}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_resolve(struct error *error, const struct origins *origins)
{
    if (!error || !error->at)
        return false;
    set_place(error, origins_place(origins, error->at));
    error->at = 0;
    return false;
}

bool error_has_place(const struct error *error)
{
    return error->file || error->at;
}

void error_locate(struct error *error, struct place place)
{
    if (error->message && !error_has_place(error))
        set_place(error, place);
}

void error_locate_at(struct error *error, origin at)
{
    if (error->message && !error_has_place(error))
        error->at = at;
}

bool error_wrap(struct error *error, const char *format, ...)
{
    if (!error || !error->message)
        return false;
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_format_list(&text, format, arguments);
    va_end(arguments);
    text_format(&text, ": %s", error->message);
    free(error->message);
    error->message = memory_copy(text_content(&text), text.size);
    text_free(&text);
    return false;
}

enum { SHOWN_START = 1200, SHOWN_END = 600 };

void error_excerpt(struct error *error, const char *lines)
{
    if (error->message && !error->excerpt)
        error->excerpt = memory_copy(lines, strlen(lines));
}

bool error_append(struct error *error, const char *text)
{
    struct text whole = {0};
    if (!error || !error->message)
        return false;
    text_format(&whole, "%s%s", error->message, text);
    free(error->message);
    error->message = memory_copy(text_content(&whole), whole.size);
    text_free(&whole);
    return false;
}

/* Names of files and values may hold line breaks and terminal sequences, and be of any size: a message stays one
 * harmless line. Of a long one the ends are shown: where, and why. */
static void write_visible(struct text *out, const char *text)
{
    size_t size = strlen(text), end = size - SHOWN_END, start = SHOWN_START;
    if (size <= SHOWN_START + SHOWN_END) {
        visible_bytes(out, text, size, VISIBLE_LINE);
        return;
    }
    while (start && ((unsigned char)text[start] & 0xc0) == 0x80)
        start--;
    while (((unsigned char)text[end] & 0xc0) == 0x80)
        end++;
    visible_bytes(out, text, start, VISIBLE_LINE);
    text_format(out, " ...(%zu bytes left out)... ", end - start);
    visible_bytes(out, text + end, size - end, VISIBLE_LINE);
}

void error_write(const struct error *error, struct text *out)
{
    if (error->file)
        write_visible(out, error->file);
    if (error->file && error->line)
        text_format(out, ":%u:%u", error->line, error->column);
    if (error->file)
        text_string(out, ": ");
    write_visible(out, error->message ? error->message : "unknown error");
}

void error_free(struct error *error)
{
    free(error->file);
    free(error->message);
    free(error->excerpt);
    *error = (struct error){0};
}
