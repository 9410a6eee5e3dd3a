/* verify_files.c: what `build -o DIRECTORY` writes, as one text: each file with a line before it that names it. */
#include <string.h>

#include "base/files.h"
#include "base/path.h"
#include "plugin/run/individual_files.h"
#include "plugin/verify.h"

static const char file_line[] = "# file: ";

static bool read_directory(struct arena *arena, const char *directory, struct text *out, struct error *error)
{
    struct source *source = source_directory(directory, error);
    struct name_list names = {0};
    bool good = source && source_list(source, arena, ".", &names, error);
    for (size_t i = 0; good && i < names.count; i++) {
        struct file_bytes file;
        good = source_read(source, arena, names.names[i], &file, error);
        if (!good)
            break;
        text_format(out, "%s%s\n", file_line, names.names[i]);
        text_bytes(out, file.bytes, file.size);
    }
    source_free(source);
    return good;
}

bool files_written(write_files_into *write, void *context, struct text *out, struct error *error)
{
    struct arena *arena = arena_new();
    const char *directory = temporary_directory(arena, NULL, error);
    bool good = directory && write(context, directory, error) && read_directory(arena, directory, out, error);
    if (directory)
        directory_remove(directory);
    arena_free(arena);
    return good;
}

static bool write_rendered(void *context, const char *directory, struct error *error)
{
    return individual_files_write(directory, context, error);
}

bool files_of_rendered(const struct rendered *rendered, struct text *out, struct error *error)
{
    return files_written(write_rendered, (void *)rendered, out, error);
}

/* The line that begins at or before a byte and names a file; NULL: none. */
static const char *name_before(const struct text *text, size_t byte)
{
    const char *found = NULL;
    for (const char *at = text_content(text); at && at <= text_content(text) + byte && *at;) {
        if (strncmp(at, file_line, strlen(file_line)) == 0)
            found = at;
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return found;
}

const char *file_of_difference(struct arena *arena, const struct text *text, size_t byte, size_t *line)
{
    const char *start = name_before(text, byte);
    if (!start)
        return NULL;
    *line = 0;
    for (const char *at = start; at < text_content(text) + byte; at++)
        *line += *at == '\n';
    start += strlen(file_line);
    return arena_copy(arena, start, strcspn(start, "\n"));
}
