/* What somebody wants an image to be: NAME:TAG, NAME@DIGEST, NAME:TAG@DIGEST, NAME=NEWNAME:TAG@DIGEST.
 *
 * The texts live in the arena. What was not given is NULL and stays as it is, but tag and digest are one pair: where
 * one of them is given, the other one goes. `*` in place of a part keeps it. */
#ifndef PLUGIN_IMAGE_WISH_H
#define PLUGIN_IMAGE_WISH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

enum { WISH_LINES = 2 };

struct image_wish {
    const char *text; /* as it was given */
    const char *name, *new_name, *tag, *digest;
    bool keeps_tag, keeps_digest;

    /* Of one that was read from a file: the lines of its tag and digest there, 0: it has none; and since when they are
     * what they are, for people; NULL: not known. */
    const char *file, *since;
    unsigned lines[WISH_LINES];
};

/* Whether an operand is an image; otherwise it is a target. */
bool is_image_operand(const char *operand);

bool image_wish_read(struct arena *arena, const char *text, struct image_wish *out, struct error *error);

/* ":TAG@DIGEST", without what is not there. */
const char *image_pair_text(struct arena *arena, const char *tag, const char *digest);

#endif
