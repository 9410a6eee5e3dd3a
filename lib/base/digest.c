/* digest.c: SHA-256 (FIPS 180-4) and base64 (RFC 4648). */
#include "base/digest.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64, WORDS = 8, LENGTH_AT = BLOCK - 8 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The same of the square roots of the first 8 primes. */
static const uint32_t first_state[WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static uint32_t rotated_right(uint32_t word, unsigned bits)
{
    return word >> bits | word << (32 - bits);
}

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put_big_endian(unsigned char *bytes, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(word >> (24 - 8 * i));
}

/* The message schedule: 16 words of the block, and 48 that follow from them. */
static void schedule_words(uint32_t words[ROUNDS], const unsigned char *block)
{
    for (size_t i = 0; i < 16; i++)
        words[i] = big_endian(block + 4 * i);
    for (size_t i = 16; i < ROUNDS; i++) {
        uint32_t early = words[i - 15], late = words[i - 2];
        words[i] = words[i - 16] + words[i - 7] + (rotated_right(early, 7) ^ rotated_right(early, 18) ^ early >> 3) +
                   (rotated_right(late, 17) ^ rotated_right(late, 19) ^ late >> 10);
    }
}

static uint32_t add_to(uint32_t h, uint32_t e, uint32_t f, uint32_t g, uint32_t word)
{
    return h + (rotated_right(e, 6) ^ rotated_right(e, 11) ^ rotated_right(e, 25)) + (g ^ (e & (f ^ g))) + word;
}

static uint32_t mix_of(uint32_t a, uint32_t b, uint32_t c)
{
    return (rotated_right(a, 2) ^ rotated_right(a, 13) ^ rotated_right(a, 22)) + ((a & b) | (c & (a | b)));
}

/* Instead of moving each word on to the next, the next round takes them by other names. */
#define ROUND(a, b, c, d, e, f, g, h, i)                       \
    do {                                                       \
        h = add_to(h, e, f, g, round_constants[i] + words[i]); \
        d += h;                                                \
        h += mix_of(a, b, c);                                  \
    } while (0)

static void add_block(uint32_t state[WORDS], const unsigned char *block)
{
    uint32_t words[ROUNDS];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6],
             h = state[7];
    schedule_words(words, block);
    for (size_t i = 0; i < ROUNDS; i += WORDS) {
        ROUND(a, b, c, d, e, f, g, h, i);
        ROUND(h, a, b, c, d, e, f, g, i + 1);
        ROUND(g, h, a, b, c, d, e, f, i + 2);
        ROUND(f, g, h, a, b, c, d, e, i + 3);
        ROUND(e, f, g, h, a, b, c, d, i + 4);
        ROUND(d, e, f, g, h, a, b, c, i + 5);
        ROUND(c, d, e, f, g, h, a, b, i + 6);
        ROUND(b, c, d, e, f, g, h, a, i + 7);
    }
    const uint32_t added[WORDS] = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < WORDS; i++)
        state[i] += added[i];
}
#undef ROUND

/* What is left of the message, a bit that is one, zeros, and the length in bits at the end of a block. */
static void add_end(uint32_t state[WORDS], const unsigned char *rest, size_t left, uint64_t size)
{
    unsigned char block[BLOCK] = {0};
    if (left)
        memcpy(block, rest, left);
    block[left] = 0x80;
    if (left >= LENGTH_AT) {
        add_block(state, block);
        memset(block, 0, sizeof block);
    }
    put_big_endian(block + LENGTH_AT, (uint32_t)(size >> 29));
    put_big_endian(block + LENGTH_AT + 4, (uint32_t)(size << 3));
    add_block(state, block);
}

void digest_sha256(const void *bytes, size_t size, unsigned char digest[DIGEST_SIZE])
{
    uint32_t state[WORDS];
    const unsigned char *at = bytes;
    size_t left = size;
    memcpy(state, first_state, sizeof state);
    for (; left >= BLOCK; at += BLOCK, left -= BLOCK)
        add_block(state, at);
    add_end(state, at, left, size);
    for (size_t i = 0; i < WORDS; i++)
        put_big_endian(digest + 4 * i, state[i]);
}

char *digest_base64(struct arena *arena, const void *bytes, size_t size, size_t *out_size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = bytes;
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    char *text = arena_alloc(arena, (size + 2) / 3 * 4 + 1), *end = text;
    for (size_t left = size; left; at += left < 3 ? left : 3, left -= left < 3 ? left : 3) {
        uint32_t three = (uint32_t)at[0] << 16 | (left > 1 ? (uint32_t)at[1] << 8 : 0) | (left > 2 ? at[2] : 0);
        *end++ = letters[three >> 18];
        *end++ = letters[three >> 12 & 63];
        *end++ = left > 1 ? letters[three >> 6 & 63] : '=';
        *end++ = left > 2 ? letters[three & 63] : '=';
    }
    *end = '\0';
    if (out_size)
        *out_size = (size_t)(end - text);
    return text;
}
