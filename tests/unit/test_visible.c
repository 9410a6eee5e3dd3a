/* test_visible.c: what is shown of others' text. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/visible.h"

static void expect(const char *text, const char *expected)
{
    struct text out = {0};
    visible_bytes(&out, text, strlen(text), VISIBLE_LINE);
    cr_expect_str_eq(text_content(&out), expected);
    text_free(&out);
}

Test(visible, characters_stay)
{
    expect("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 \\", "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 \\");
}

Test(visible, controls_are_written_out)
{
    expect("a\n\x1B[2J\x7F\xC2\x85\xC2\x9F", "a\\n\\x1b[2J\\x7f\\xc2\\x85\\xc2\\x9f");
}

Test(visible, so_is_what_turns_lines_or_hides)
{
    expect("\xE2\x80\xAEx", "\\xe2\\x80\\xaex");
    expect("\xE2\x80\x8E\xE2\x80\x8F", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f");
    expect("\xE2\x80\xA8\xE2\x80\xA9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9");
    expect("\xE2\x81\xA6\xEF\xBB\xBF", "\\xe2\\x81\\xa6\\xef\\xbb\\xbf");
}

/* Terminals that read Latin-1 take C1 controls as single bytes. */
Test(visible, so_are_bytes_that_are_no_characters)
{
    expect("\x9B"
           "2J\xFF\xC1\x93\xE2\x80",
           "\\x9b2J\\xff\\xc1\\x93\\xe2\\x80");
}
