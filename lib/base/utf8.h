/* What Go's standard library says of UTF-8 texts. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { UTF8_LONGEST = 4 };

/* Writes a code point, and returns the bytes that it took, UTF8_LONGEST at most. */
size_t utf8_write(char *out, uint32_t point);

/* The bytes of the character that the text begins with; 0 where they are none. The size is not 0. */
size_t utf8_length(const char *text, size_t size);

bool utf8_is_valid(const char *text, size_t size);

/* Appends the text with U+FFFD for each byte that is part of no character, as Go's decoders do. */
void utf8_add_valid(struct text *out, const char *text, size_t size);

/* How many bytes of white space the text begins with (unicode.IsSpace). The text is valid UTF-8. */
size_t utf8_leading_space(const char *text, size_t size);

#endif
