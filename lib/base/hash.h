/* Hashes for which nobody can choose collisions, although keys and names come from people who know this source.
 *
 * They depend on random bytes that the kernel gives to each process, and so differ from run to run: no output may
 * depend on them. Each step is a product of 128 bits, folded, with a secret factor: where two texts differ in one
 * block, only somebody who knows the factor could make the next block undo the difference. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
    uint64_t start, factor;
};

struct hash_key hash_key(void); /* the process's; costs some hundred instructions */

uint64_t hash_bytes(const struct hash_key *key, const char *bytes, size_t size);
/* One product only: of one key in ten thousand, some dozens of 4,096 pointers at equal distances share their lower
 * bits, which costs a few comparisons. */
uint64_t hash_pointer(const struct hash_key *key, const void *pointer);

#endif
