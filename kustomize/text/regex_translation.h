/* A regular expression on its way from Go's syntax to PCRE2's: inner header of the translation. */
#ifndef KUSTOMIZE_REGEX_TRANSLATION_H
#define KUSTOMIZE_REGEX_TRANSLATION_H

#include <stdint.h>

#include "base/error.h"

enum {
    DEEPEST_GROUP = 250,
    REPEAT_MOST = 1000, /* of one repetition, and of nested ones multiplied */
};

enum { NO_ATOM = -1 };

/* What is known of a group while it is open. `atom` is the number of copies that the last thing in it stands for. */
struct group {
    int heaviest, atom;
};

struct translation {
    const char *at, *whole;
    struct text *out;
    struct group groups[DEEPEST_GROUP];
    size_t depth;
    const char *last_repeat; /* the repetition just taken */
    origin origin;
    struct error *error;
};

/* A class by letter, outside and inside of brackets. */
struct perl_class {
    char letter;
    const char *alone, *inside;
};

/* Errors, in Go's words: about what was taken since `start`, or about the whole expression. Return false. */
bool regex_refuse(struct translation *translation, const char *problem, const char *start);
bool regex_refuse_whole(struct translation *translation, const char *problem);

bool regex_is_word(uint32_t c);

/* One character, as it stands or escaped. PCRE2 checks what else makes UTF-8 valid. */
bool regex_take_rune(struct translation *translation, uint32_t *rune);
bool regex_take_escape(struct translation *translation, uint32_t *rune);
void regex_write_rune(struct translation *translation, uint32_t rune);

/* \d and the like; NULL where something else comes. \pL and \p{Greek}, which is written at once. One part of [...]. */
const struct perl_class *regex_take_perl_class(struct translation *translation);
bool regex_take_unicode_class(struct translation *translation);
bool regex_take_class_part(struct translation *translation, const char *whole);

#endif
