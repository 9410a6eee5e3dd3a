/* app_template.c: reads a template and puts values for its placeholders. */
#define _GNU_SOURCE /* memmem */
#include "plugin/run/app_template.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/text.h"

struct reading {
    struct arena *arena;
    struct source *source;
    struct app_template *out;
    struct file_bytes ignored; /* the template's .gitignore */
    struct error *error;
};

/* Whether a line of .gitignore names this directory: `name/` at any depth, `/path/` from the template on. */
static bool line_names(const char *line, size_t size, const char *path)
{
    if (size < 2 || line[size - 1] != '/')
        return false;
    const char *name = *line == '/' ? path : path_base(path);
    line += *line == '/';
    size -= line[-1] == '/' ? 2 : 1;
    return strlen(name) == size && memcmp(line, name, size) == 0;
}

static bool is_ignored(const struct reading *reading, const char *path)
{
    const char *line = reading->ignored.bytes;
    for (; line && *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (line_names(line, strcspn(line, "\n"), path))
            return true;
    return false;
}

static bool is_program(const struct reading *reading, const char *path)
{
    struct stat status;
    return stat(path_join(reading->arena, reading->out->directory, path), &status) == 0 && (status.st_mode & S_IXUSR);
}

static bool add_file(struct reading *reading, const char *path)
{
    struct app_template *out = reading->out;
    struct template_file file = {.path = path, .program = is_program(reading, path)};
    if (!source_read(reading->source, reading->arena, path, &file.content, reading->error))
        return false;
    out->files = arena_grow(reading->arena, out->files, out->count, &out->room, sizeof *out->files);
    out->files[out->count++] = file;
    return true;
}

static bool add_directory(struct reading *reading, const char *directory)
{
    struct name_list names;
    if (!source_list(reading->source, reading->arena, directory, &names, reading->error))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *path = path_join(reading->arena, directory, names.names[i]);
        bool below = source_kind(reading->source, path) == FILE_DIRECTORY;
        if (below ? !is_ignored(reading, path) && !add_directory(reading, path) : !add_file(reading, path))
            return false;
    }
    return true;
}

bool template_read(struct arena *arena, const char *directory, struct app_template *out, struct error *error)
{
    *out = (struct app_template){.directory = directory};
    struct reading reading = {.arena = arena, .out = out, .error = error};
    struct error none = {0};
    reading.source = source_directory(directory, error);
    if (!reading.source)
        return false;
    if (!source_read(reading.source, arena, ".gitignore", &reading.ignored, &none))
        error_free(&none);
    source_limit(reading.source, TEMPLATE_MOST_FILES, TEMPLATE_MOST_BYTES);
    bool good = add_directory(&reading, ".") || error_wrap(error, "template %s", directory);
    source_free(reading.source);
    return good;
}

/* The value of the placeholder that a text begins with, and its size; NULL: none begins there. */
static const char *value_at(const char *text, const struct template_values *values, size_t *size)
{
    const struct {
        const char *name, *value;
    } all[] = {{"{APP_NAME}", values->app},
               {"{REGISTRY_IMAGE}", values->image},
               {"{NAMESPACE}", values->namespace},
               {"{GITHUB_REPO}", values->repository}};
    for (size_t i = 0; *text == '{' && i < sizeof all / sizeof *all; i++) {
        *size = strlen(all[i].name);
        if (strncmp(text, all[i].name, *size) == 0)
            return all[i].value;
    }
    return NULL;
}

static struct file_bytes filled_text(struct arena *arena, struct file_bytes content,
                                     const struct template_values *values)
{
    struct text out = {0};
    for (size_t at = 0, size; at < content.size; at += size) {
        const char *value = value_at(content.bytes + at, values, &size);
        if (value) {
            text_string(&out, value);
            continue;
        }
        const char *brace = memchr(content.bytes + at + 1, '{', content.size - at - 1);
        size = brace ? (size_t)(brace - content.bytes) - at : content.size - at;
        text_bytes(&out, content.bytes + at, size);
    }
    struct file_bytes result = {.bytes = arena_copy(arena, text_content(&out), out.size), .size = out.size};
    text_free(&out);
    return result;
}

void template_fill(struct arena *arena, struct app_template *template, const struct template_values *values)
{
    for (size_t i = 0; i < template->count; i++)
        template->files[i].content = filled_text(arena, template->files[i].content, values);
}

struct file_bytes template_replace(struct arena *arena, struct file_bytes content, const char *old, const char *new)
{
    struct text out = {0};
    size_t size = strlen(old), from = 0;
    const char *end = content.bytes + content.size;
    for (const char *at = content.bytes; (at = memmem(at, (size_t)(end - at), old, size)); at++) {
        bool begins = at == content.bytes || !isalnum((unsigned char)at[-1]) || !isalnum((unsigned char)*old);
        if (!begins || (at + size < end && isalnum((unsigned char)at[size])))
            continue;
        text_bytes(&out, content.bytes + from, (size_t)(at - content.bytes) - from);
        text_string(&out, new);
        from = (size_t)(at - content.bytes) + size;
    }
    if (!from)
        return content;
    text_bytes(&out, content.bytes + from, content.size - from);
    struct file_bytes copy = content;
    copy.bytes = arena_copy(arena, text_content(&out), out.size);
    copy.size = out.size;
    text_free(&out);
    return copy;
}
