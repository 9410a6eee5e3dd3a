/* test_digest.c: known digests and encodings. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/digest.h"
#include "base/utf8.h"

Test(digest, sha256_of_a_known_text)
{
    static const unsigned char expected[DIGEST_SIZE] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
        0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
    };
    unsigned char digest[DIGEST_SIZE];
    struct error error = {0};
    cr_assert(digest_sha256("abc", 3, digest, &error));
    cr_expect_arr_eq(digest, expected, DIGEST_SIZE);
}

Test(digest, base64_with_every_padding)
{
    static const char *const cases[][2] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe", "//4="},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size;
        cr_expect_str_eq(digest_base64(arena, cases[i][0], strlen(cases[i][0]), &size), cases[i][1]);
        cr_expect_eq(size, strlen(cases[i][1]));
    }
    arena_free(arena);
}

Test(utf8, refuses_what_go_refuses)
{
    static const char *const bad[] = {"\xff",    "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xe2\x82"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(utf8_is_valid(bad[i], strlen(bad[i])), "case %zu", i);
    static const char good[] = "a\0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf";
    cr_expect(utf8_is_valid(good, sizeof good - 1));
    cr_expect(utf8_is_valid("", 0));
}

Test(utf8, leading_white_space)
{
    static const char text[] = " \t\xc2\x85\xc2\xa0\xe2\x80\x80\xe3\x80\x80x ";
    cr_expect_eq(utf8_leading_space(text, sizeof text - 1), sizeof text - 3);
    cr_expect_eq(utf8_leading_space("\xe2\x80\x8b", 3), 0, "a zero width space is none");
}
