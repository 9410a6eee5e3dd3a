/* The values that `seal` is to seal: asked for, read from files, or made. */
#ifndef PLUGIN_SEAL_VALUES_H
#define PLUGIN_SEAL_VALUES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct seal_value {
    const char *key;
    struct text value;
    const char *sealed; /* it is sealed already; NULL: not yet */
    bool removed;
};

struct seal_values {
    struct seal_value *items;
    size_t count, room;
};

struct seal_list {
    const char *const *items;
    size_t count;
};

/* Where they come from. Lists hold KEY=PATH, paths of env files, KEY=BYTES, and keys to be removed. */
struct seal_sources {
    const char *const *keys; /* asked for without echo; one alone is read from a pipe */
    size_t key_count;
    struct seal_list files, env_files, generated, removed;
    const char *manifest; /* a Secret's: a file, or "-" for standard input; NULL: none */
};

/* Adds one without a value; NULL with an error: it is no key of a Secret, or there. */
struct seal_value *seal_values_add(struct arena *arena, struct seal_values *values, const char *key,
                                   struct error *error);

/* The values are to be forgotten in any case. */
bool seal_values_read(struct arena *arena, const struct seal_sources *sources, struct seal_values *out,
                      struct error *error);
void seal_values_forget(struct seal_values *values);

#endif
