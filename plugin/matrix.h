/* The matrix of apps and environments: which version is where, and below it what is wrong. For people. */
#ifndef PLUGIN_MATRIX_H
#define PLUGIN_MATRIX_H

#include "generator/generator.h"

/* What was found in one directory. All texts are borrowed. */
struct found_target {
    const struct target *target;
    const char *images;  /* a line each; "" for none */
    const char *problem; /* NULL: none */
    bool uncommitted;    /* no commit has it as it is */
};

struct matrix {
    struct arena *arena;
    const struct found_target *rows; /* those of an app stand together */
    size_t count;
    const char *const *environments; /* in the order of columns */
    size_t environment_count;
    size_t width; /* of a line */
    bool color;
};

void matrix_write(const struct matrix *matrix, struct text *out);

#endif
