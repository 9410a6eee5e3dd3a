/* converted_files.c: asks git for the attributes of files. */
#include "plugin/run/converted_files.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"

/* Git LFS is told of by what it leaves in the files. */
static bool converts(const char *attribute, const char *value)
{
    bool set = strcmp(value, "unspecified") != 0 && strcmp(value, "unset") != 0;
    bool crlf = strcmp(attribute, "eol") != 0 || strcmp(value, "crlf") == 0;
    return set && crlf && !(strcmp(attribute, "filter") == 0 && strcmp(value, "lfs") == 0);
}

/* Records "PATH\0ATTRIBUTE\0VALUE\0"; counts files, names the first with its attribute. */
static size_t count_converted(const struct text *answer, const char **first, const char **attribute)
{
    const char *at = text_content(answer), *end = at + answer->size, *last = NULL;
    size_t count = 0;
    while (at < end) {
        const char *path = at, *name = path + strlen(path) + 1;
        if (name >= end)
            break;
        const char *value = name + strlen(name) + 1;
        if (value >= end)
            break;
        at = value + strlen(value) + 1;
        if (!converts(name, value) || (last && strcmp(last, path) == 0))
            continue;
        last = path;
        if (!count++) {
            *first = path;
            *attribute = name;
        }
    }
    return count;
}

const char *converted_files_note(struct history *history, const struct changed_paths *changed)
{
    const char *const words[] = {"-C",    history->root,           "check-attr", "-z", "--stdin", "eol", "filter",
                                 "ident", "working-tree-encoding", NULL};
    struct text paths = {0}, answer = {0};
    struct error ignored = {0};
    const char *first = NULL, *attribute = NULL, *note = NULL;
    if (!history->root || access(path_join(history->arena, history->root, ".gitattributes"), F_OK) != 0)
        return NULL;
    for (size_t i = 0; i < changed->count; i++)
        text_bytes(&paths, changed->items[i].path, strlen(changed->items[i].path) + 1);
    const struct git_call call = {
        .words = words, .environment = history->environment, .input = paths.bytes, .input_size = paths.size};
    size_t count = paths.size && history_call(history, &call, &answer, NULL, &ignored) == 0
                       ? count_converted(&answer, &first, &attribute)
                       : 0;
    if (count == 1)
        note = arena_format(history->arena,
                            "%s: .gitattributes lets git write it otherwise than it is stored (%s); it is compared as "
                            "it is stored",
                            first, attribute);
    else if (count)
        note = arena_format(history->arena,
                            "%s (%s) and %zu more: .gitattributes lets git write them otherwise than they are stored; "
                            "they are compared as they are stored",
                            first, attribute, count - 1);
    error_free(&ignored);
    text_free(&paths);
    text_free(&answer);
    return note;
}
