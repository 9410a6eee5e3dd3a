/* hints.c: looks at the text where a render failed, and says what may have been meant. */
#include "plugin/run/hints.h"

#include <string.h>

#include "base/path.h"
#include "plugin/run/directories.h"
#include "plugin/run/hint_parts.h"

enum { LARGEST = 1024 * 1024 };

static bool find_lines(struct looking *looking)
{
    struct file_bytes file;
    struct error ignored = {0};
    const struct error *error = looking->error;
    bool read = error->file && error->line &&
                source_read_small(looking->repository->source, looking->arena, error->file, LARGEST, &file, &ignored);
    error_free(&ignored);
    const char *above = "", *at = read ? file.bytes : NULL;
    for (unsigned number = 1; at && number < error->line; number++) {
        above = at;
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    }
    if (!at)
        return false;
    looking->text = file.bytes;
    looking->above = hint_copy_line(looking->arena, above);
    looking->line = hint_copy_line(looking->arena, at);
    return true;
}

/* {NAMESPACE} without quotes is a map to YAML. */

static size_t placeholder_size(const char *text)
{
    size_t size = *text == '{' ? strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") : 0;
    return size > 2 && text[size + 1] == '}' ? size + 2 : 0;
}

static bool hint_placeholder(const struct looking *looking)
{
    unsigned column = looking->error->column;
    const char *at = column && column <= strlen(looking->line) ? looking->line + column - 1 : "";
    size_t size = placeholder_size(at);
    if (size)
        error_append(
            looking->error,
            arena_format(looking->arena,
                         ": %.*s looks like a placeholder, and is a map to YAML: write the value, or put it in "
                         "quotes",
                         (int)size, at));
    return size;
}

/* Indentation. */

static bool hint_tab(const struct looking *looking)
{
    size_t tab = strspn(looking->line, " ");
    if (looking->line[tab] != '\t')
        return false;
    error_append(
        looking->error,
        arena_format(looking->arena, ": line %u is indented with a tab; YAML takes spaces only", looking->error->line));
    hint_show(looking, (unsigned)tab + 1);
    return true;
}

/* Where the key of a line begins, behind the dashes of a list. */
static size_t key_column(const char *line)
{
    return strspn(line, " -");
}

/* The size of a key that has a value in its own line, which the next line cannot go on with; 0: it is none. */
static size_t valued_key(const char *key)
{
    size_t size = strcspn(key, ": #'\"{[");
    const char *value = key[size] == ':' ? key + size + 1 + strspn(key + size + 1, " ") : "";
    return size && *value && !strchr("|>#&!{['\"", *value) ? size : 0;
}

static bool hint_indentation(const struct looking *looking)
{
    size_t above = key_column(looking->above), here = key_column(looking->line);
    size_t size = valued_key(looking->above + above), key = strcspn(looking->line + here, ": ");
    if (!size || here <= above || looking->line[here + key] != ':' || looking->line[strspn(looking->line, " ")] == '-')
        return false;
    error_append(looking->error,
                 arena_format(looking->arena, ": '%.*s' in line %u is deeper than '%.*s' above it, which has a value",
                              (int)key, looking->line + here, looking->error->line, (int)size, looking->above + above));
    hint_show(looking, (unsigned)here + 1);
    return true;
}

/* Paths: one directory too few, or too many. */

static const char *entry_at(const struct looking *looking)
{
    unsigned column = looking->error->column;
    const char *at = column && column <= strlen(looking->line) ? looking->line + column - 1 : "";
    at += *at == '"' || *at == '\'';
    return arena_copy(looking->arena, at, strcspn(at, " \"',]#"));
}

static bool is_there(const struct looking *looking, const char *entry)
{
    const char *directory = path_directory(looking->arena, looking->error->file);
    enum file_kind kind = source_kind(looking->repository->source, path_join(looking->arena, directory, entry));
    return kind == FILE_DIRECTORY || kind == FILE_REGULAR;
}

static bool hint_path(const struct looking *looking)
{
    enum { MOST_LEVELS = 3 };
    const char *entry = entry_at(looking), *longer = entry, *shorter = entry, *meant = NULL;
    if (!*entry || is_there(looking, entry))
        return false;
    for (int i = 0; i < MOST_LEVELS && !meant; i++) {
        longer = arena_format(looking->arena, "../%s", longer);
        shorter = strncmp(shorter, "../", 3) == 0 ? shorter + 3 : "";
        meant = is_there(looking, longer) ? longer : *shorter && is_there(looking, shorter) ? shorter : NULL;
    }
    if (meant)
        error_append(looking->error, arena_format(looking->arena, " (did you mean '%s'?)", meant));
    return meant;
}

/* Directories below one that has no kustomization. */
static void hint_below(const struct looking *looking, const char *directory)
{
    enum { MOST_NAMED = 5 };
    struct name_list found = {0};
    struct error ignored = {0};
    struct text names = {0};
    bool listed = directories_find(looking->repository->source, looking->arena, directory, &found, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < found.count && i < MOST_NAMED; i++)
        text_format(&names, "%s%s", i ? ", " : "; below are ",
                    repository_local_path(looking->repository, looking->arena, found.names[i]));
    if (found.count && strcmp(found.names[0], directory) != 0)
        error_append(looking->error, text_content(&names));
    text_free(&names);
}

void error_hint(const struct repository *repository, const char *directory, bool person, struct error *error)
{
    struct looking looking = {.repository = repository, .arena = arena_new(), .error = error, .person = person};
    if (person && !error->file && source_kind(repository->source, directory) == FILE_DIRECTORY)
        hint_below(&looking, directory);
    if (find_lines(&looking) && !hint_placeholder(&looking) && !hint_tab(&looking) && !hint_indentation(&looking) &&
        !hint_yaml(&looking) && error->kind == ERROR_NOT_FOUND)
        hint_path(&looking);
    arena_free(looking.arena);
}
