/* test_certificate.c: certificates as sealing reads them, and texts that are none. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/files.h"
#include "check/certificate.h"

static struct certificate read_one(const char *path)
{
    struct text file = {0};
    struct certificate found;
    cr_assert(file_read(path, &file));
    const char *at = text_content(&file);
    cr_assert(certificate_next(&at, &found));
    cr_assert_not(certificate_next(&at, &(struct certificate){0}));
    text_free(&file);
    return found;
}

Test(certificate, fields)
{
    struct certificate good = read_one("tests/seal/certificates/good.pem");
    cr_assert_str_eq(good.fingerprint, "f99f82bf9fc7");
    cr_assert_str_eq(good.until, "21261105084845");
    cr_assert_eq(good.bits, 2048);
    cr_assert_str_eq(read_one("tests/seal/certificates/expired.pem").until, "20210203040506");
    cr_assert_eq(read_one("tests/seal/certificates/short.pem").bits, 1024);
    cr_assert_eq(read_one("tests/seal/certificates/other-key.pem").bits, 0);
}

/* Whatever is cut off or changed, what is read stays within the text. */
Test(certificate, broken_ones)
{
    struct text file = {0};
    cr_assert(file_read("tests/seal/certificates/good.pem", &file));
    for (size_t i = 28; i + 27 < file.size; i++) {
        char *text = strdup(text_content(&file)), old = text[i];
        struct certificate found;
        for (const char *bytes = "A/+8="; *bytes; bytes++) {
            const char *at = text;
            text[i] = *bytes;
            certificate_next(&at, &found);
        }
        text[i] = old;
        memmove(text + i, text + file.size - 26, 27);
        const char *at = text;
        certificate_next(&at, &found);
        free(text);
    }
    text_free(&file);
    cr_assert_not(certificate_next(&(const char *){"-----BEGIN CERTIFICATE-----\nAAAA"}, &(struct certificate){0}));
    struct certificate empty;
    cr_assert(certificate_next(&(const char *){"-----BEGIN CERTIFICATE----------END CERTIFICATE-----"}, &empty));
    cr_assert_str_eq(empty.until, "");
}
