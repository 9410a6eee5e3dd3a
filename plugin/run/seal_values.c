/* seal_values.c: reads the values that are to be sealed: from a terminal, a pipe or files, or at random. */
#define _GNU_SOURCE
#include "plugin/run/seal_values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <termios.h>
#include <unistd.h>

#include "base/ending.h"
#include "plugin/run/seal_manifest.h"
#include "plugin/run/secrecy.h"

enum { LARGEST = 2 * 1024 * 1024, MOST_BYTES = 4096, LONGEST_KEY = 253 };

struct reading {
    struct arena *arena;
    struct seal_values *values;
    struct error *error;
};

/* What a key of a Secret may be. Source: kubernetes pkg/apis/core/validation, IsConfigMapKey */
static bool check_key(const char *key, struct error *error)
{
    size_t size = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    if (size && size <= LONGEST_KEY && !key[size] && strcmp(key, ".") != 0 && strncmp(key, "..", 2) != 0)
        return true;
    return error_set(error, "'%s': a key of a Secret has letters, digits, '-', '_' and '.' only", key);
}

struct seal_value *seal_values_add(struct arena *arena, struct seal_values *values, const char *key,
                                   struct error *error)
{
    if (!check_key(key, error))
        return NULL;
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->items[i].key, key) == 0) {
            error_set(error, "'%s' is given twice", key);
            return NULL;
        }
    values->items = arena_grow(arena, values->items, values->count, &values->room, sizeof *values->items);
    values->items[values->count] = (struct seal_value){.key = key};
    return &values->items[values->count++];
}

static struct seal_value *add_value(struct reading *reading, const char *key)
{
    return seal_values_add(reading->arena, reading->values, key, reading->error);
}

/* The halves of KEY=VALUE. */
static const char *split_pair(struct reading *reading, const char *text, const char *form, const char **value)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1]) {
        error_set(reading->error, "'%s': write %s", text, form);
        return NULL;
    }
    *value = equals + 1;
    return arena_copy(reading->arena, text, (size_t)(equals - text));
}

/* Files. */

static bool read_file(struct reading *reading, const char *path, struct text *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && secret_read(fd, LARGEST, false, out);
    if (fd >= 0)
        close(fd);
    return good || error_set(reading->error, "%s: cannot be read, or is larger than %d bytes", path, LARGEST);
}

static bool read_key_file(struct reading *reading, const char *text)
{
    const char *path, *key = split_pair(reading, text, "KEY=PATH", &path);
    struct seal_value *value = key ? add_value(reading, key) : NULL;
    return value && read_file(reading, path, &value->value);
}

static bool read_env_line(struct reading *reading, const char *path, const char *line, size_t size)
{
    const char *equals = memchr(line, '=', size);
    if (!size || *line == '#')
        return true;
    if (!equals)
        return error_set(reading->error, "%s: a line has no '='", path);
    struct seal_value *value = add_value(reading, arena_copy(reading->arena, line, (size_t)(equals - line)));
    if (value)
        secret_bytes(&value->value, equals + 1, size - (size_t)(equals + 1 - line));
    return value;
}

static bool read_env_file(struct reading *reading, const char *path)
{
    struct text file = {0};
    bool good = read_file(reading, path, &file);
    for (const char *at = text_content(&file); good && *at;) {
        size_t size = strcspn(at, "\n");
        bool has_return = size && at[size - 1] == '\r';
        good = read_env_line(reading, path, at, size - has_return);
        at += size + (at[size] == '\n');
    }
    secret_forget(&file);
    return good;
}

/* At random. */

static bool generate_value(struct reading *reading, const char *text)
{
    const char *number, *key = split_pair(reading, text, "KEY=BYTES, KEY=32 for example", &number);
    static const char digits[] = "0123456789abcdef";
    char *end = NULL;
    long size = key ? strtol(number, &end, 10) : 0;
    unsigned char bytes[MOST_BYTES];
    if (!key)
        return false;
    if (*end || size < 1 || size > MOST_BYTES)
        return error_set(reading->error, "'%s': write a number of bytes from 1 to %d", text, MOST_BYTES);
    for (ssize_t done = 0, got; done < size; done += got)
        if ((got = getrandom(bytes + done, (size_t)(size - done), 0)) < 0)
            return error_set(reading->error, "no random bytes: %s", strerror(errno));
    struct seal_value *value = add_value(reading, key);
    for (long i = 0; value && i < size; i++)
        secret_bytes(&value->value, (char[]){digits[bytes[i] >> 4], digits[bytes[i] & 15]}, 2);
    explicit_bzero(bytes, sizeof bytes);
    return value;
}

/* From standard input. */

/* Ctrl-Z could leave the shell with a silent terminal. */
static void make_silent(struct termios *terminal)
{
    terminal->c_lflag &= ~(tcflag_t)ECHO;
    terminal->c_cc[VSUSP] = _POSIX_VDISABLE;
}

static bool ask_value(struct reading *reading, struct seal_value *value)
{
    struct termios before, silent;
    struct text prompt = {0};
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return error_set(reading->error, "the terminal cannot be made silent: %s", strerror(errno));
    silent = before;
    make_silent(&silent);
    ending_restores_terminal(&before);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    text_format(&prompt, "%s: ", value->key);
    ssize_t ignored = write(STDERR_FILENO, text_content(&prompt), prompt.size);
    bool good = secret_read(STDIN_FILENO, LARGEST, true, &value->value);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    ending_restores_terminal(NULL);
    ignored = write(STDERR_FILENO, "\n", 1);
    (void)ignored;
    text_free(&prompt);
    return good || error_set(reading->error, "'%s' cannot be read", value->key);
}

static bool read_pipe(struct reading *reading, struct seal_value *value)
{
    if (!secret_read(STDIN_FILENO, LARGEST, false, &value->value))
        return error_set(reading->error, "standard input cannot be read, or is larger than %d bytes", LARGEST);
    if (value->value.size && value->value.bytes[value->value.size - 1] == '\n') {
        static const char note[] = "rootapp: one newline at the end was taken off\n";
        text_cut(&value->value, value->value.size - 1);
        ssize_t ignored = write(STDERR_FILENO, note, sizeof note - 1);
        (void)ignored;
    }
    return true;
}

static bool take_entry(void *context, const char *key, struct text *value)
{
    struct seal_value *added = add_value(context, key);
    if (added)
        added->value = *value;
    else
        secret_forget(value);
    return added;
}

static bool read_manifest(struct reading *reading, const struct seal_sources *sources)
{
    const char *path = sources->manifest;
    struct text file = {0};
    bool is_input = path && strcmp(path, "-") == 0;
    if (!path)
        return true;
    if (is_input && sources->key_count)
        return error_set(reading->error, "standard input is the Secret: give the other keys with --from-file");
    bool good = is_input ? secret_read(STDIN_FILENO, LARGEST, false, &file) ||
                               error_set(reading->error, "standard input cannot be read, or is too large")
                         : read_file(reading, path, &file);
    good = good && seal_manifest_read(reading->arena, is_input ? "standard input" : path, &file, take_entry, reading,
                                      reading->error);
    secret_forget(&file);
    return good;
}

static bool read_keys(struct reading *reading, const struct seal_sources *sources)
{
    bool terminal = isatty(STDIN_FILENO);
    if (sources->key_count > 1 && !terminal)
        return error_set(reading->error, "standard input has the value of one key: give the others with --from-file");
    for (size_t i = 0; i < sources->key_count; i++) {
        struct seal_value *value = add_value(reading, sources->keys[i]);
        if (!value || !(terminal ? ask_value(reading, value) : read_pipe(reading, value)))
            return false;
    }
    return true;
}

static bool add_removed(struct reading *reading, const char *key)
{
    struct seal_value *value = add_value(reading, key);
    if (value)
        value->removed = true;
    return value;
}

static bool each_item(struct reading *reading, const struct seal_list *list,
                      bool (*read_one)(struct reading *reading, const char *text))
{
    for (size_t i = 0; i < list->count; i++)
        if (!read_one(reading, list->items[i]))
            return false;
    return true;
}

bool seal_values_read(struct arena *arena, const struct seal_sources *sources, struct seal_values *out,
                      struct error *error)
{
    struct reading reading = {arena, out, error};
    return each_item(&reading, &sources->files, read_key_file) &&
           each_item(&reading, &sources->env_files, read_env_file) &&
           each_item(&reading, &sources->generated, generate_value) &&
           each_item(&reading, &sources->removed, add_removed) && read_manifest(&reading, sources) &&
           read_keys(&reading, sources);
}

void seal_values_forget(struct seal_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        secret_forget(&values->items[i].value);
}
