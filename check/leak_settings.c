/* leak_settings.c: secret values in lines NAME=value: env files, properties, and ENV and ARG of Dockerfiles. */
#include <string.h>

#include "check/leaks.h"

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

static const char *skip_word(const char *at, const char *end, const char *word)
{
    size_t size = strlen(word);
    bool there = (size_t)(end - at) > size && strncmp(at, word, size) == 0 && (at[size] == ' ' || at[size] == '\t');
    return there ? skip_blanks(at + size, end) : at;
}

/* The size of a value without its quotes, which `at` is moved behind. */
static size_t value_size(const char **at, const char *end)
{
    if (*at < end && (**at == '"' || **at == '\'')) {
        const char *closing = memchr(*at + 1, **at, (size_t)(end - *at - 1));
        *at += 1;
        return (size_t)((closing ? closing : end) - *at);
    }
    const char *from = *at;
    while (from < end && *from != ' ' && *from != '\t' && *from != '\r')
        from++;
    return (size_t)(from - *at);
}

static void look_at_line(const char *file, unsigned line, const char *start, const char *end, struct findings *findings)
{
    const char *name = skip_blanks(start, end);
    static const char *const words[] = {"export", "ENV", "ARG"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        name = skip_word(name, end, words[i]);
    size_t size = 0;
    while (name + size < end && !strchr("= \t:#", name[size]))
        size++;
    const char *value = skip_blanks(name + size, end);
    if (!size || *name == '#' || value >= end || (*value != '=' && *value != ':'))
        return;
    value = skip_blanks(value + 1, end);
    size_t length = value_size(&value, end);
    if (is_secret_setting(name, size, value, length))
        leak_add(findings, RA503, (struct place){file, line, (unsigned)(name - start) + 1}, size,
                 arena_format(findings->arena, "'%.*s' looks like a secret, and its value is here in plain text",
                              (int)size, name));
}

void leaks_in_settings(const char *file, const struct file_bytes *text, struct findings *findings)
{
    const char *at = text->bytes, *end = text->bytes + text->size;
    for (unsigned line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        look_at_line(file, line, at, stop ? stop : end, findings);
        at = stop ? stop + 1 : end;
    }
}
