/* test_digest.c: known digests and encodings. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/utf8.h"

static const char *digits_of(const void *bytes, size_t size)
{
    static char digits[2 * DIGEST_SIZE + 1];
    unsigned char digest[DIGEST_SIZE];
    digest_sha256(bytes, size, digest);
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        snprintf(digits + 2 * i, 3, "%02x", digest[i]);
    return digits;
}

/* Source: NIST, "Example Values" of SHA-256; the empty message and a million letters: FIPS 180-2 and its test vectors.
 */
Test(digest, sha256_of_known_texts)
{
    static const char *const known[][2] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqr"
         "stu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        cr_expect_str_eq(digits_of(known[i][0], strlen(known[i][0])), known[i][1]);
    static char million[1000000];
    memset(million, 'a', sizeof million);
    cr_expect_str_eq(digits_of(million, sizeof million),
                     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Each length around the end of a block, where the padding needs another one: the digests of 0 to 129 zero bytes,
 * digested once more. Computed with Python's hashlib. */
Test(digest, sha256_of_every_length)
{
    static const unsigned char zeros[130];
    unsigned char digests[130][DIGEST_SIZE];
    for (size_t size = 0; size < sizeof zeros; size++)
        digest_sha256(zeros, size, digests[size]);
    cr_expect_str_eq(digits_of(digests, sizeof digests),
                     "d26cf8eafa144521d64bdc66b8314175fd9e78310979a068c8b8b2ea18636450");
}

Test(digest, base64_with_every_padding)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xfe", "//4="},
        {"\xfb\xef\xbe\x01", "++++AQ=="},
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
