/* error.c: filling, wrapping and writing the error type. */
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

__attribute__((format(printf, 3, 0))) static bool fill(struct error *error, struct place place, const char *format,
                                                       va_list arguments)
{
    if (!error || error->message)
        return false;
    struct text text = {0};
    text_format_list(&text, format, arguments);
    error->message = memory_copy(text_content(&text), text.size);
    text_free(&text);
    error->file = place.file ? memory_copy(place.file, strlen(place.file)) : NULL;
    error->line = place.line;
    error->column = place.column;
    return false;
}

bool error_set(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, (struct place){0}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_at(struct error *error, origin at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, error ? origins_place(error->origins, at) : (struct place){0}, format, arguments);
    va_end(arguments);
    return false;
}

bool error_in(struct error *error, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, place, format, arguments);
    va_end(arguments);
    return false;
}

void error_locate(struct error *error, struct place place)
{
    if (!error->message || error->file || !place.file)
        return;
    error->file = memory_copy(place.file, strlen(place.file));
    error->line = place.line;
    error->column = place.column;
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

/* Names of files and values may hold line breaks and terminal sequences: a message stays one harmless line. */
static void write_visible(struct text *out, const char *text)
{
    for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
        bool c1_control = *byte == 0xc2 && byte[1] >= 0x80 && byte[1] < 0xa0;
        if (*byte == '\n')
            text_string(out, "\\n");
        else if (*byte < 0x20 || *byte == 0x7f || c1_control)
            text_format(out, "\\x%02x", *byte);
        else
            text_byte(out, (char)*byte);
    }
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
    *error = (struct error){.origins = error->origins};
}
