/* digest.c: SHA-256 and base64, by mbedTLS. */
#include "base/digest.h"

#include <mbedtls/base64.h>
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define sha256 mbedtls_sha256_ret
#else
#define sha256 mbedtls_sha256
#endif

bool digest_sha256(const void *bytes, size_t size, unsigned char digest[DIGEST_SIZE], struct error *error)
{
    enum { NOT_SHA224 };
    if (sha256(bytes, size, digest, NOT_SHA224) != 0)
        return error_set(error, "SHA-256 is not available in this mbedTLS");
    return true;
}

char *digest_base64(struct arena *arena, const void *bytes, size_t size, size_t *out_size)
{
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size_t room = (size / 3 + 1) * 4 + 1, written = 0;
    char *text = arena_alloc(arena, room);
    if (mbedtls_base64_encode((unsigned char *)text, room, &written, bytes, size) != 0)
        memory_exhausted();
    text[written] = '\0';
    if (out_size)
        *out_size = written;
    return text;
}
