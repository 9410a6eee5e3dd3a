/* env_file.c: the lines of env files, as kustomize's api/kv reads them. */
#include "kustomize/text/env_file.h"

#include <string.h>

#include "base/utf8.h"

void add_key_value(struct arena *arena, struct key_values *pairs, struct key_value pair)
{
    pairs->items = arena_grow(arena, pairs->items, pairs->count, &pairs->room, sizeof *pairs->items);
    pairs->items[pairs->count++] = pair;
}

static const char *find_byte(const char *text, size_t size, char byte)
{
    return size ? memchr(text, byte, size) : NULL;
}

static void add_env_line(struct arena *arena, const char *line, size_t size, struct key_values *out)
{
    size_t space = utf8_leading_space(line, size);
    line += space;
    size -= space;
    if (!size || *line == '#' || *line == '=') /* no key: skipped as well */
        return;
    const char *equals = find_byte(line, size, '=');
    size_t key_size = equals ? (size_t)(equals - line) : size;
    size_t value_at = equals ? key_size + 1 : size;
    add_key_value(
        arena, out,
        (struct key_value){.key = line, .value = line + value_at, .key_size = key_size, .value_size = size - value_at});
}

bool parse_env_file(struct arena *arena, const char *file, const char *bytes, size_t size, struct key_values *out,
                    bool *cut, struct error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    unsigned number = 1;
    for (size_t at = 0; at < size; number++) {
        const char *line = bytes + at, *end = find_byte(line, size - at, '\n');
        size_t length = end ? (size_t)(end - line) : size - at;
        at += length + 1;
        if (length > LONGEST_ENV_LINE) {
            *cut = true;
            return true;
        }
        if (length && line[length - 1] == '\r')
            length--;
        if (!utf8_is_valid(line, length))
            return error_in(error, (struct place){file, number, 1}, "line %u has invalid utf8 bytes", number);
        size_t skip = number == 1 && length >= 3 && memcmp(line, mark, 3) == 0 ? 3 : 0;
        add_env_line(arena, line + skip, length - skip, out);
    }
    return true;
}
