/* Letter pairs: which letters stand beside which in a text, capital or not. Most words that are looked for in it need
 * not be, since it has not all of their pairs. */
#ifndef CHECK_LETTER_PAIRS_H
#define CHECK_LETTER_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

enum { LETTER_PAIRS = 1 << 12 };
struct letter_pairs {
    bool seen[LETTER_PAIRS];
};

void letter_pairs_note(struct letter_pairs *pairs, const char *text, size_t size); /* of a text that may hold NUL */

/* Whether the text may hold a word of two letters or more. */
bool letter_pairs_may_make(const struct letter_pairs *pairs, const char *word);

#endif
