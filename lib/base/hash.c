/* hash.c: keyed hashes. */
#include "base/hash.h"

#include <string.h>
#include <sys/auxv.h>

__extension__ typedef unsigned __int128 product;

static uint64_t fold_product(uint64_t value, uint64_t factor)
{
    product both = (product)value * factor;
    return (uint64_t)both ^ (uint64_t)(both >> 64);
}

/* AT_RANDOM: sixteen bytes in the process's memory, so that no call is needed. The C library makes its own guards of
 * them, so they are not kept as they are. */
struct hash_key hash_key(void)
{
    static const uint64_t ratio = UINT64_C(0x9E3779B97F4A7C15); /* 2^64 divided by the golden ratio */
    uint64_t random[2] = {1, 2};
    const void *bytes = (const void *)(uintptr_t)getauxval(AT_RANDOM);
    if (bytes)
        memcpy(random, bytes, sizeof random);
    return (struct hash_key){fold_product(random[0], ratio), fold_product(random[1] ^ ratio, random[0] | 1) | 1};
}

uint64_t hash_bytes(const struct hash_key *key, const char *bytes, size_t size)
{
    uint64_t hash = fold_product(key->start ^ size, key->factor), block;
    for (; size >= sizeof block; bytes += sizeof block, size -= sizeof block) {
        memcpy(&block, bytes, sizeof block);
        hash = fold_product(hash ^ block, key->factor);
    }
    block = 0;
    for (size_t i = 0; i < size; i++)
        block = block << 8 | (unsigned char)bytes[i];
    return fold_product(hash ^ block, key->factor);
}

uint64_t hash_pointer(const struct hash_key *key, const void *pointer)
{
    return fold_product(key->start ^ (uintptr_t)pointer, key->factor);
}
