/* test_hash.c: keys that have one hash where it does not depend on a secret. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/hash.h"

enum { KEYS = 4096 };

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* How many of the hashes differ in their lower bits: of random ones, nearly all do. */
static size_t distinct(uint64_t *hashes)
{
    size_t count = 1;
    for (size_t i = 0; i < KEYS; i++)
        hashes[i] &= 0xFFFFFFFF;
    qsort(hashes, KEYS, sizeof *hashes, compare);
    for (size_t i = 1; i < KEYS; i++)
        count += hashes[i] != hashes[i - 1];
    return count;
}

static const uint64_t ratio = UINT64_C(0x9E3779B97F4A7C15);

static uint64_t mix(uint64_t hash, uint64_t bytes)
{
    hash = (hash ^ bytes) * ratio;
    return hash ^ (hash >> 29);
}

/* Second blocks that bring each first block to the same state, as they do where the factor is known. */
Test(hash, blocks_that_a_known_factor_brings_together)
{
    struct hash_key key = hash_key();
    uint64_t hashes[KEYS], blocks[2];
    for (uint64_t i = 0; i < KEYS; i++) {
        blocks[0] = i;
        blocks[1] = mix(mix(16, 0), i);
        hashes[i] = hash_bytes(&key, (const char *)blocks, sizeof blocks);
    }
    cr_expect_geq(distinct(hashes), KEYS - 2);
}

/* Differences that a multiplication by any odd number leaves as they are, and a second block that undoes them. */
Test(hash, differences_that_no_factor_hides)
{
    struct hash_key key = hash_key();
    uint64_t hashes[KEYS];
    for (uint64_t i = 0; i < KEYS; i++) {
        uint64_t blocks[24];
        for (size_t j = 0; j < 12; j++) {
            bool differs = i >> j & 1;
            blocks[2 * j] = differs ? UINT64_C(1) << 63 : 0;
            blocks[2 * j + 1] = differs ? UINT64_C(1) << 63 | UINT64_C(1) << 34 : 0;
        }
        hashes[i] = hash_bytes(&key, (const char *)blocks, sizeof blocks);
    }
    cr_expect_geq(distinct(hashes), KEYS - 2);
}

Test(hash, sizes)
{
    static const char zeros[KEYS];
    struct hash_key key = hash_key();
    uint64_t hashes[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        hashes[i] = hash_bytes(&key, zeros, i);
    cr_expect_geq(distinct(hashes), KEYS - 2);
}

/* The same keys in every run: of random ones, one in ten thousand would fail. */
Test(hash, pointers)
{
    struct hash_key key = {mix(1, 2), mix(3, 4) | 1};
    uint64_t hashes[KEYS];
    for (unsigned tried = 0; tried < 64; tried++) {
        for (uintptr_t i = 0; i < KEYS; i++)
            hashes[i] = hash_pointer(&key, (const void *)(i << 21));
        cr_expect_geq(distinct(hashes), KEYS - 2);
        key = (struct hash_key){mix(key.start, tried), mix(key.factor, key.start) | 1};
    }
}

Test(hash, is_the_same_throughout_a_process)
{
    struct hash_key first = hash_key(), second = hash_key();
    cr_expect_eq(hash_bytes(&first, "abcdefghij", 10), hash_bytes(&second, "abcdefghij", 10));
    cr_expect_neq(hash_bytes(&first, "abcdefghij", 10), hash_bytes(&first, "abcdefghik", 10));
    cr_expect_eq(first.factor & 1, 1);
}
