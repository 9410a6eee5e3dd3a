/* natural.c: orders of the keys of a map. Source of the natural order: go-yaml v2, sorter.go. */
#include "yaml/natural.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct range {
    uint32_t first, last;
};

static const struct range letters[] = {
#define LETTERS(first, last) {first, last},
#define DIGITS(first, last)
#include "yaml/letters.def"
#undef LETTERS
#undef DIGITS
};

static const struct range digits[] = {
#define LETTERS(first, last)
#define DIGITS(first, last) {first, last},
#include "yaml/letters.def"
#undef LETTERS
#undef DIGITS
};

static int compare_range(const void *wanted, const void *candidate)
{
    uint32_t rune = *(const uint32_t *)wanted;
    const struct range *range = candidate;
    return rune < range->first ? -1 : rune > range->last;
}

static bool is_letter(uint32_t rune)
{
    if (rune < 0x80)
        return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
    return bsearch(&rune, letters, sizeof letters / sizeof *letters, sizeof *letters, compare_range) != NULL;
}

static bool is_digit(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= '0' && rune <= '9';
    return bsearch(&rune, digits, sizeof digits / sizeof *digits, sizeof *digits, compare_range) != NULL;
}

static bool continues_number(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The character at `at`, which is inside of the text; `next` is set behind it. The text is valid UTF-8. */
static uint32_t rune_at(const char *text, size_t size, size_t at, size_t *next)
{
    unsigned char lead = (unsigned char)text[at++];
    uint32_t rune = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1Fu : lead < 0xF0 ? lead & 0x0Fu : lead & 0x07u;
    while (at < size && continues_number(text[at]))
        rune = rune << 6 | ((unsigned char)text[at++] & 0x3Fu);
    *next = at;
    return rune;
}

/* Whether the digits directly before `at` hold another one than zero, so that a zero at `at` is not a leading one. */
static bool digits_before(const char *text, size_t at)
{
    while (at > 0) {
        size_t end = at--;
        while (at > 0 && continues_number(text[at]))
            at--;
        size_t next;
        uint32_t rune = rune_at(text, end, at, &next);
        if (!is_digit(rune))
            return false;
        if (rune != '0')
            return true;
    }
    return false;
}

/* Go's 64-bit value of the digits at `at`, wrapping, with their number. */
static int64_t run_value(const char *text, size_t size, size_t at, uint64_t value, size_t *count)
{
    *count = 0;
    while (at < size) {
        uint32_t rune = rune_at(text, size, at, &at);
        if (!is_digit(rune))
            break;
        value = value * 10 + (rune - '0');
        ++*count;
    }
    return (int64_t)value;
}

/* Neither character at `at`, where the keys begin to differ, is a letter. */
static bool numbers_before(const char *left, size_t left_size, const char *right, size_t right_size, size_t at)
{
    size_t next;
    uint32_t left_rune = rune_at(left, left_size, at, &next), right_rune = rune_at(right, right_size, at, &next);
    uint64_t start = (left_rune == '0' || right_rune == '0') && digits_before(left, at);
    size_t left_count, right_count;
    int64_t left_value = run_value(left, left_size, at, start, &left_count);
    int64_t right_value = run_value(right, right_size, at, start, &right_count);
    if (left_value != right_value)
        return left_value < right_value;
    if (left_count != right_count)
        return left_count < right_count;
    return left_rune < right_rune;
}

bool natural_order(const char *left, size_t left_size, const char *right, size_t right_size)
{
    size_t shorter = left_size < right_size ? left_size : right_size, at = 0;
    while (at < shorter && left[at] == right[at])
        at++;
    if (at == shorter)
        return left_size < right_size;
    while (at > 0 && continues_number(left[at]))
        at--;
    size_t next;
    uint32_t left_rune = rune_at(left, left_size, at, &next), right_rune = rune_at(right, right_size, at, &next);
    bool left_letter = is_letter(left_rune), right_letter = is_letter(right_rune);
    if (left_letter && right_letter)
        return left_rune < right_rune;
    if (left_letter || right_letter)
        return right_letter;
    return numbers_before(left, left_size, right, right_size, at);
}

bool bytewise_order(const char *left, size_t left_size, const char *right, size_t right_size)
{
    int difference = memcmp(left, right, left_size < right_size ? left_size : right_size);
    return difference ? difference < 0 : left_size < right_size;
}

static bool stands_before(const struct sort_key *left, const struct sort_key *right, key_order *before)
{
    return before(left->text, left->size, right->text, right->size);
}

static void insertion_sort(struct sort_key *keys, size_t count, key_order *before)
{
    for (size_t i = 1; i < count; i++) {
        struct sort_key key = keys[i];
        size_t hole = i;
        for (; hole > 0 && stands_before(&key, &keys[hole - 1], before); hole--)
            keys[hole] = keys[hole - 1];
        keys[hole] = key;
    }
}

/* Merges two sorted runs, the first of which has been copied out of the way. */
static void merge_sorted(struct sort_key *out, const struct sort_key *left, size_t left_count,
                         const struct sort_key *right, size_t right_count, key_order *before)
{
    while (left_count && right_count) {
        bool take_right = stands_before(right, left, before);
        *out++ = take_right ? *right++ : *left++;
        *(take_right ? &right_count : &left_count) -= 1;
    }
    memcpy(out, left, left_count * sizeof *out);
}

enum { INSERTION_MOST = 16 };

static void merge_sort(struct sort_key *keys, size_t count, struct sort_key *spare, key_order *before)
{
    if (count <= INSERTION_MOST) {
        insertion_sort(keys, count, before);
        return;
    }
    size_t half = count / 2;
    merge_sort(keys, half, spare, before);
    merge_sort(keys + half, count - half, spare, before);
    memcpy(spare, keys, half * sizeof *keys);
    merge_sorted(keys, spare, half, keys + half, count - half, before);
}

void sort_keys(struct sort_key *keys, size_t count, key_order *before)
{
    if (count <= INSERTION_MOST) {
        insertion_sort(keys, count, before);
        return;
    }
    struct sort_key *spare = memory_new(memory_product(count / 2, sizeof *spare));
    merge_sort(keys, count, spare, before);
    free(spare);
}
