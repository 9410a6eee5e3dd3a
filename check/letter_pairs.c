/* letter_pairs.c: notes the pairs of letters of a text. */
#include "check/letter_pairs.h"

#include <stdint.h>
#include <string.h>

/* The place of two letters, small or capital. Others may have the same: then a word is looked for in vain. */
static size_t place_of_pair(const char *letters)
{
    uint16_t pair;
    memcpy(&pair, letters, sizeof pair);
    return (uint32_t)(pair & 0xdfdfU) * 0x9e3779b1U >> 20;
}

void letter_pairs_note(struct letter_pairs *pairs, const char *text, size_t size)
{
    memset(pairs->seen, 0, sizeof pairs->seen);
    for (size_t i = 0; i + 1 < size; i++)
        pairs->seen[place_of_pair(text + i)] = true;
}

bool letter_pairs_may_make(const struct letter_pairs *pairs, const char *word)
{
    for (; word[1]; word++)
        if (!pairs->seen[place_of_pair(word)])
            return false;
    return true;
}
