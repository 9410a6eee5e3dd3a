/* A writer: a step that gave a value what it says, and what each part of it was taken from. */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include <stddef.h>

#include "base/origin.h"

#define WHOLE_VALUE SIZE_MAX

/* Some bytes of the value, and where they come from. */
struct writer_part {
    size_t start, size;           /* in the value; WHOLE_VALUE: all of it */
    origin from;                  /* a scalar, its writer, or with `raw` a byte of a text; 0: it stands nowhere */
    size_t from_start, from_size; /* in that scalar's value; a size of WHOLE_VALUE: to its end */
    bool raw;                     /* `from` is the first byte itself: a line of an env file, say */
    const char *computed;         /* why it stands nowhere, or not as it is; NULL: it was copied */
};

struct writer {
    const char *step; /* "images": the field of the kustomization */
    origin before;    /* who wrote the value that this one replaced; 0: there was none */
    const char *old;  /* that value; NULL: there was none */
    size_t old_size;
    const struct writer_part *parts; /* in order; not empty */
    size_t part_count;
    origin place; /* for messages */
};

#endif
