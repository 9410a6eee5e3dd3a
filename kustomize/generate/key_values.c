/* key_values.c: the key-value pairs that a generator's arguments name (kustomize's api/kv). */
#define _GNU_SOURCE /* memmem */
#include "kustomize/generate/key_values.h"

#include "kustomize/kustomization/notice.h"

#include <string.h>

#include "base/map.h"
#include "yaml/emit_value.h"

static const char *item_text(const struct list *list, size_t index)
{
    const char *text = ((const char *const *)list->items)[index];
    return text ? text : "";
}

static bool read_named(struct kust_target *target, const char *path, origin at, struct file_bytes *out,
                       struct error *error)
{
    if (kust_target_read(target, path, out, error))
        return true;
    error_locate_at(error, at);
    return false;
}

/* Quotes, a comment behind the value, and `export` are a shell's: here they are part of the text. */
static void notice_shell(struct render *render, struct span place, const struct key_value *pair)
{
    size_t size = pair->value_size;
    const char *value = pair->value;
    bool quoted = size > 1 && (*value == '"' || *value == '\'') && value[size - 1] == *value;
    bool comment = size > 2 && memmem(value, size, " #", 2);
    bool spaced = (size && (strchr(" \t", *value) || strchr(" \t", value[size - 1]))) ||
                  (pair->key_size && strchr(" \t", pair->key[pair->key_size - 1]));
    bool exported = pair->key_size > 7 && memcmp(pair->key, "export ", 7) == 0;
    if (quoted || comment || spaced || exported)
        render_notice_in(render, RA749, place, "%s of '%.*s' belong%s: env files are not read as a shell reads them",
                         quoted    ? "the quotes around the value"
                         : comment ? "the comment behind the value"
                         : spaced  ? "spaces around the name or the value"
                                   : "the word 'export'",
                         (int)(pair->key_size < 100 ? pair->key_size : 100), pair->key,
                         quoted     ? " to it"
                         : spaced   ? " to it"
                         : exported ? "s to the key"
                                    : "s to it");
}

/* ${NAME} of a line of the same file: a shell would replace it. */
static void notice_variable(struct render *render, struct span place, const struct key_values *pairs,
                            const struct key_value *pair)
{
    const char *value = pair->value, *end = value + pair->value_size;
    for (const char *at = value; (at = memchr(at, '$', (size_t)(end - at))) && at + 1 < end; at++) {
        const char *name = at + 1 + (at[1] == '{');
        for (size_t i = 0; i < pairs->count; i++) {
            const struct key_value *other = &pairs->items[i];
            size_t size = other->key_size;
            bool fits = size && (size_t)(end - name) >= size + (at[1] == '{') && memcmp(name, other->key, size) == 0;
            if (fits && at[1] == '{' && name[size] == '}') {
                render_notice_in(render, RA749, place,
                                 "'${%.*s}' in the value of '%.*s' stays as it is: env files are not "
                                 "read as a shell reads them",
                                 (int)size, other->key, (int)(pair->key_size < 100 ? pair->key_size : 100), pair->key);
                return;
            }
        }
    }
}

/* A line without = is a key with an empty value. */
static void notice_env_lines(struct render *render, const char *path, const struct file_bytes *file,
                             const struct key_values *pairs)
{
    unsigned line = 1;
    const char *at = file->bytes;
    for (size_t i = 0; wants_notices(render) && i < pairs->count; i++) {
        const struct key_value *pair = &pairs->items[i];
        for (; at < pair->key; at++)
            line += *at == '\n';
        if (pair->value == pair->key + pair->key_size)
            render_notice_in(render, RA744, span_of((struct place){path, line, 1}),
                             "no '=' in this line: '%.*s' gets an empty value",
                             (int)(pair->key_size < 100 ? pair->key_size : 100), pair->key);
        else
            notice_shell(render, span_of((struct place){path, line, 1}), pair);
        if (notice_may(render, 1, pairs->count))
            notice_variable(render, span_of((struct place){path, line, 1}), pairs, pair);
    }
}

/* A file's first byte, where writers are recorded. */
static origin text_origin(const struct kust_target *target, const char *path, const struct file_bytes *file)
{
    struct render *render = target->render;
    return render->tree->writers ? origins_add(render->origins, path, file->bytes, file->size) : 0;
}

static bool load_env_files(struct kust_target *target, const struct list *files, struct key_values *out,
                           struct error *error)
{
    for (size_t i = 0; i < files->count; i++) {
        struct file_bytes file;
        bool cut = false;
        const char *path = kust_target_name(target, item_text(files, i));
        size_t before = out->count;
        if (!read_named(target, item_text(files, i), list_origin(files, i), &file, error) ||
            !parse_env_file(target->render->arena, path, file.bytes, file.size, out, &cut, error))
            return false;
        if (out->count > before)
            notice_env_lines(target->render, path, &file,
                             &(struct key_values){out->items + before, out->count - before, 0});
        origin start = text_origin(target, path, &file);
        for (size_t j = before; j < out->count; j++) {
            out->items[j].origin = list_origin(files, i);
            out->items[j].text = start;
            out->items[j].text_start = file.bytes;
        }
        if (cut)
            render_warn(target->render,
                        "# Warning: %s has a line of more than %d bytes: it and all lines behind it are ignored", path,
                        LONGEST_ENV_LINE);
    }
    return true;
}

/* Takes one pair of quotes away. */
static void unquote_value(struct key_value *pair)
{
    const char *value = pair->value;
    size_t size = pair->value_size;
    if (size < 2 || value[0] != value[size - 1] || (value[0] != '"' && value[0] != '\''))
        return;
    pair->value++;
    pair->value_size -= 2;
}

/* A quote at one end only belongs to the value, and is seldom meant. */
static void notice_quote(struct render *render, origin at, const struct key_value *pair)
{
    size_t size = pair->value_size;
    const char *value = pair->value;
    bool first = size && strchr("\"'", *value), last = size && strchr("\"'", value[size - 1]);
    if (size && first != last && !memchr(value + 1, first ? *value : value[size - 1], size > 2 ? size - 2 : 0))
        render_notice(render, RA749, at,
                      "the quote %s the value of '%.*s' belongs to it: there is none at its other end",
                      first ? "before" : "behind", (int)(pair->key_size < 100 ? pair->key_size : 100), pair->key);
}

/* A literal may hold NUL; the list's node has its size. */
static size_t item_size(const struct list *list, size_t index)
{
    const struct node *node = node_is_list(list->node) && index < list->node->count ? list->node->items[index] : NULL;
    return node_is_scalar(node) && node->text == item_text(list, index) ? node->count : strlen(item_text(list, index));
}

/* kustomize writes the arguments as JSON and reads that as YAML, which folds next lines and refuses some characters. */
static bool reread_text(struct arena *arena, origin at, const char **text, size_t *size, struct error *error)
{
    struct value value = {.kind = VALUE_STRING, .text = *text, .size = *size};
    struct text scratch = {0};
    bool done = value_reread_json(&value, false, at, &scratch, error);
    if (done && value.text != *text) {
        *text = arena_copy(arena, value.text, value.size);
        *size = value.size;
    }
    text_free(&scratch);
    return done;
}

static bool load_literals(struct kust_target *target, const struct list *literals, struct key_values *out,
                          struct error *error)
{
    struct arena *arena = target->render->arena;
    for (size_t i = 0; i < literals->count; i++) {
        const char *text = item_text(literals, i);
        size_t size = item_size(literals, i);
        if (!reread_text(arena, list_origin(literals, i), &text, &size, error))
            return false;
        const char *equals = size ? memchr(text, '=', size) : NULL;
        if (!equals || equals == text)
            return error_at(error, list_origin(literals, i), "invalid literal source %s, expected key=value", text);
        size_t key_size = (size_t)(equals - text);
        struct key_value pair = {
            text, equals + 1, key_size, size - key_size - 1, list_origin(literals, i), list_origin(literals, i), text};
        if (wants_notices(target->render))
            notice_quote(target->render, pair.origin, &pair);
        unquote_value(&pair);
        add_key_value(arena, out, pair);
    }
    return true;
}

/* The last segment of a path, trailing slashes aside (Go's path.Base). */
static struct key_value key_from_path(const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    size_t start = size;
    while (start && path[start - 1] != '/')
        start--;
    if (start == size)
        return (struct key_value){.key = size ? "/" : ".", .key_size = 1};
    return (struct key_value){.key = path + start, .key_size = size - start};
}

/* [KEY=]PATH; without a key it is the path's last segment. */
static bool split_file_source(const char *source, origin at, struct key_value *pair, const char **path,
                              struct error *error)
{
    const char *equals = strchr(source, '=');
    if (!equals) {
        *path = source;
        *pair = key_from_path(source);
        return true;
    }
    if (strchr(equals + 1, '='))
        return error_at(error, at, "source \"%s\" key name or file path contains '='", source);
    if (equals == source)
        return error_at(error, at, "missing key name for file path \"%s\" in source \"%s\"", equals + 1, source);
    if (!equals[1])
        return error_at(error, at, "missing file path for key name \"%.*s\" in source \"%s\"", (int)(equals - source),
                        source, source);
    *path = equals + 1;
    *pair = (struct key_value){.key = source, .key_size = (size_t)(equals - source)};
    return true;
}

static bool load_files(struct kust_target *target, const struct list *files, struct key_values *out,
                       struct error *error)
{
    for (size_t i = 0; i < files->count; i++) {
        struct key_value pair = {0};
        struct file_bytes file;
        const char *path = "";
        if (!split_file_source(item_text(files, i), list_origin(files, i), &pair, &path, error) ||
            !read_named(target, path, list_origin(files, i), &file, error))
            return false;
        pair.value = file.bytes;
        pair.value_size = file.size;
        pair.origin = list_origin(files, i);
        pair.text = text_origin(target, kust_target_name(target, path), &file);
        pair.text_start = file.bytes;
        add_key_value(target->render->arena, out, pair);
    }
    return true;
}

static bool check_keys(struct arena *arena, const struct generator_arguments *arguments, const struct key_values *pairs,
                       struct error *error)
{
    struct map *known = map_new(arena);
    for (size_t i = 0; i < pairs->count; i++) {
        const struct key_value *pair = &pairs->items[i];
        void **slot = map_slot(known, pair->key, pair->key_size);
        if (*slot)
            return error_at(error, field_origin(arguments->node, "name"),
                            "configmap %s illegally repeats the key `%.*s`", arguments->name, (int)pair->key_size,
                            pair->key);
        *slot = (void *)pair;
    }
    return true;
}

/* "loading KV pairs: file sources: [a b]" before the reason, as kustomize says it. */
static bool fail_source(const char *kind, const struct list *sources, struct error *error)
{
    struct text all = {0};
    for (size_t i = 0; i < sources->count; i++)
        text_format(&all, "%s%s", i ? " " : "", item_text(sources, i));
    error_wrap(error, "loading KV pairs: %s [%s]", kind, text_content(&all));
    text_free(&all);
    return false;
}

bool load_key_values(struct kust_target *target, const struct generator_arguments *arguments, struct key_values *out,
                     struct error *error)
{
    if (!load_env_files(target, &arguments->envs, out, error))
        return fail_source("env source files:", &arguments->envs, error);
    if (!load_literals(target, &arguments->literals, out, error))
        return fail_source("literal sources", &arguments->literals, error);
    if (!load_files(target, &arguments->files, out, error))
        return fail_source("file sources:", &arguments->files, error);
    return check_keys(target->render->arena, arguments, out, error);
}
