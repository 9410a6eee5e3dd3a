/* SHA-256 and base64. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#include "base/arena.h"

enum { DIGEST_SIZE = 32 };

void digest_sha256(const void *bytes, size_t size, unsigned char digest[DIGEST_SIZE]);

/* Standard base64 with padding, without line breaks. `out_size` may be NULL. */
char *digest_base64(struct arena *arena, const void *bytes, size_t size, size_t *out_size);

#endif
