/* Key-value pairs, and the env files that hold them. */
#ifndef KUSTOMIZE_ENV_FILE_H
#define KUSTOMIZE_ENV_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* Borrowed bytes, not ended by NUL. */
struct key_value {
    const char *key, *value;
    size_t key_size, value_size;
    origin origin; /* of what named the pair, for messages */
    origin text;   /* of the text that holds the value, where writers are recorded: a literal, or a file's first byte */
    const char *text_start; /* its first byte */
};

struct key_values {
    struct key_value *items;
    size_t count, room;
};

void add_key_value(struct arena *arena, struct key_values *pairs, struct key_value pair);

/* What Go's bufio.Scanner takes for a line; kustomize does not ask it why it stopped. */
enum { LONGEST_ENV_LINE = 65535 };

/* The lines of an env file: KEY=VALUE, comments and empty lines left out. `file` serves messages. False with an error
 * for text that is not UTF-8. `cut` is set where a line is too long: kustomize ignores it and all that follows. */
bool parse_env_file(struct arena *arena, const char *file, const char *bytes, size_t size, struct key_values *out,
                    bool *cut, struct error *error);

#endif
