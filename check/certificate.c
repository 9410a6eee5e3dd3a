/* certificate.c: reads the validity and the key's size of X.509 certificates. */
#include "check/certificate.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "yaml/scalar.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* The tags of DER (X.690) that a certificate is made of. */
enum {
    INTEGER = 0x02,
    BIT_STRING = 0x03,
    OBJECT_IDENTIFIER = 0x06,
    UTC_TIME = 0x17,
    GENERALIZED_TIME = 0x18,
    SEQUENCE = 0x30,
    VERSION = 0xa0,
};

struct der {
    const unsigned char *at, *end;
};

/* Takes one value out of another; its content is `inside`. */
static bool take_value(struct der *from, unsigned tag, struct der *inside)
{
    if (from->end - from->at < 2 || from->at[0] != tag)
        return false;
    size_t size = from->at[1];
    const unsigned char *content = from->at + 2;
    if (size & 0x80) {
        size_t bytes = size & 0x7f;
        if (bytes < 1 || bytes > 3 || (size_t)(from->end - content) < bytes)
            return false;
        for (size = 0; bytes; bytes--)
            size = size << 8 | *content++;
    }
    if ((size_t)(from->end - content) < size)
        return false;
    *inside = (struct der){content, content + size};
    from->at = content + size;
    return true;
}

static bool skip_value(struct der *from, unsigned tag)
{
    struct der ignored;
    return take_value(from, tag, &ignored);
}

/* YYMMDDHHMMSSZ, of 1950 to 2049, or YYYYMMDDHHMMSSZ. Source: RFC 5280, 4.1.2.5 */
static bool read_time(struct der *validity, char out[CERTIFICATE_TIME + 1])
{
    struct der time;
    bool is_short = take_value(validity, UTC_TIME, &time);
    if (!is_short && !take_value(validity, GENERALIZED_TIME, &time))
        return false;
    size_t digits = is_short ? CERTIFICATE_TIME - 2 : CERTIFICATE_TIME;
    if ((size_t)(time.end - time.at) != digits + 1 || time.at[digits] != 'Z')
        return false;
    for (size_t i = 0; i < digits; i++)
        if (time.at[i] < '0' || time.at[i] > '9')
            return false;
    memcpy(out, time.at[0] < '5' ? "20" : "19", 2); /* overwritten by four digits */
    memcpy(out + CERTIFICATE_TIME - digits, time.at, digits);
    return true;
}

/* Source: RFC 3279, 2.3.1 */
static bool is_rsa(struct der *algorithm)
{
    static const unsigned char rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
    struct der identifier;
    return take_value(algorithm, OBJECT_IDENTIFIER, &identifier) && identifier.end - identifier.at == sizeof rsa &&
           memcmp(identifier.at, rsa, sizeof rsa) == 0;
}

static unsigned key_bits(struct der *key)
{
    struct der algorithm, bits, numbers, modulus;
    if (!take_value(key, SEQUENCE, &algorithm) || !is_rsa(&algorithm) || !take_value(key, BIT_STRING, &bits) ||
        bits.at == bits.end)
        return 0;
    bits.at++; /* how many bits of its last byte are unused */
    if (!take_value(&bits, SEQUENCE, &numbers) || !take_value(&numbers, INTEGER, &modulus))
        return 0;
    while (modulus.at < modulus.end && !*modulus.at)
        modulus.at++;
    unsigned count = 8 * (unsigned)(modulus.end - modulus.at);
    for (unsigned high = count ? *modulus.at : 0x80; !(high & 0x80); high <<= 1)
        count--;
    return count;
}

static bool read_fields(const struct text *bytes, struct certificate *out)
{
    const unsigned char *content = (const unsigned char *)text_content(bytes);
    struct der all = {content, content + bytes->size}, outer, fields, validity, key;
    char from[CERTIFICATE_TIME + 1] = "", until[CERTIFICATE_TIME + 1] = "";
    if (!take_value(&all, SEQUENCE, &outer) || !take_value(&outer, SEQUENCE, &fields))
        return false;
    skip_value(&fields, VERSION);
    bool good = skip_value(&fields, INTEGER) && skip_value(&fields, SEQUENCE) && skip_value(&fields, SEQUENCE) &&
                take_value(&fields, SEQUENCE, &validity) && read_time(&validity, from) && read_time(&validity, until) &&
                skip_value(&fields, SEQUENCE) && take_value(&fields, SEQUENCE, &key);
    if (!good)
        return false;
    memcpy(out->until, until, sizeof until);
    out->bits = key_bits(&key);
    return true;
}

bool certificate_next(const char **at, struct certificate *out)
{
    const char *begin = strstr(*at, BEGIN), *end = begin ? strstr(begin, END) : NULL;
    struct text bytes = {0};
    unsigned char digest[DIGEST_SIZE];
    *out = (struct certificate){0};
    if (!end)
        return false;
    *at = end + strlen(END);
    begin += strlen(BEGIN);
    bool decoded = scalar_base64(begin, (size_t)(end - begin), &bytes);
    digest_sha256(text_content(&bytes), bytes.size, digest);
    for (size_t i = 0; i < CERTIFICATE_PRINT / 2; i++)
        snprintf(out->fingerprint + 2 * i, 3, "%02x", digest[i]);
    if (decoded)
        read_fields(&bytes, out);
    text_free(&bytes);
    return true;
}
