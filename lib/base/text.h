/* A text that grows: bytes with a NUL behind them.
 *
 * The buffer is the text's own; text_free releases it. A limit makes failure sticky: what would pass it is not added,
 * `failed` is set, and all later additions do nothing, so that a writer checks once, at the end. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes; /* NULL while nothing was added */
    size_t size, room;
    size_t limit; /* 0: none */
    bool failed;
};

/* Adding. */
void text_bytes(struct text *text, const void *bytes, size_t size);
void text_string(struct text *text, const char *string);
void text_repeat(struct text *text, char byte, size_t count);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_format_list(struct text *text, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

void text_cut(struct text *text, size_t size); /* keeps the first `size` bytes */
void text_free(struct text *text);             /* leaves an empty text */

/* Room for `size` more bytes at the end, or NULL where the limit forbids it. The caller adds what it wrote to
 * text->size. */
static inline char *text_reserve(struct text *text, size_t size);
char *text_grow(struct text *text, size_t size); /* the same where there may be no room yet */

/* Strings that do not grow. */

/* Whether a string begins, or ends, with another one, which may be the whole of it. */
bool string_begins(const char *string, const char *beginning);
bool string_ends(const char *string, const char *end);

/* Whether a string is one of a list, which ends with NULL. */
bool string_in(const char *const *list, const char *string);

/* As strcmp; NULL is equal to "". */
int string_compare(const char *left, const char *right);

static inline bool string_is_given(const char *string)
{
    return string && *string;
}

/* The string itself, or "" if it is NULL; the string itself, or another one if it is empty. */
static inline const char *string_or_empty(const char *string)
{
    return string ? string : "";
}

static inline const char *string_or(const char *string, const char *otherwise)
{
    return *string ? string : otherwise;
}

/* The value of a hexadecimal digit; -1 for anything else. */
int hex_value(char digit);

static inline char *text_reserve(struct text *text, size_t size)
{
    bool fits = size < text->room && text->size + size < text->room &&
                (!text->limit || text->size + size <= text->limit) && !text->failed;
    return fits ? text->bytes + text->size : text_grow(text, size);
}

static inline void text_byte(struct text *text, char byte)
{
    char *end = text_reserve(text, 1);
    if (!end)
        return;
    end[0] = byte;
    end[1] = '\0';
    text->size++;
}

/* The content as a C string: "" where nothing was added. */
static inline const char *text_content(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

#endif
