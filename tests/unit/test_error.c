/* test_error.c: what a message looks like when it is shown. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

static const char word[] = "\xE2\x82\xAC"; /* three bytes */

/* As many characters of three bytes as do not fit, between so many of one byte. */
static struct text shown(size_t before, size_t after)
{
    struct error error = {0};
    struct text message = {0}, out = {0};
    text_repeat(&message, 'x', before);
    for (size_t i = 0; i < 5000; i++)
        text_string(&message, word);
    text_repeat(&message, 'x', after);
    error_set(&error, "%s", text_content(&message));
    error_write(&error, &out);
    error_free(&error);
    text_free(&message);
    return out;
}

static size_t whole_characters(const char *at, const char *end)
{
    size_t count = 0;
    while (end - at >= 3 && memcmp(at, word, 3) == 0) {
        count++;
        at += 3;
    }
    return at == end ? count : 0;
}

/* Wherever a long message is cut, no character is: neither at the end of its beginning nor at the beginning of its end.
 */
Test(error, a_long_message_is_cut_between_characters)
{
    for (size_t i = 0; i < 9; i++) {
        size_t before = i / 3, after = i % 3;
        struct text out = shown(before, after);
        const char *start = text_content(&out), *left_out = strstr(start, " ...("), *behind = strstr(start, ")... ");
        cr_assert(left_out && behind, "it was not cut: %zu bytes", out.size);
        cr_expect_gt(whole_characters(start + before, left_out), 0, "%zu before", before);
        cr_expect_gt(whole_characters(behind + 5, start + out.size - after), 0, "%zu after", after);
        text_free(&out);
    }
}
