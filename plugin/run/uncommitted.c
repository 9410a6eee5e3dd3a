/* uncommitted.c: asks git which files differ from the last commit. */
#include "plugin/run/uncommitted.h"

#include <string.h>

#include "base/path.h"
#include "base/process.h"

enum { SECONDS = 30, MOST_OUTPUT = 16 * 1024 * 1024 };

/* "## BRANCH", then "XY PATH", each ended by NUL. Before the first commit, nothing could be as committed. */
static struct name_list read_status(struct arena *arena, const struct text *status)
{
    enum { MARKS = 3 };
    struct name_list files = {0};
    size_t room = 0;
    static const char no_commit[] = "## No commits yet";
    const char *bytes = text_content(status), *end = bytes + status->size;
    if (strncmp(bytes, no_commit, strlen(no_commit)) == 0)
        return files;
    for (const char *at = bytes + strlen(bytes) + (status->size > 0); at + MARKS < end; at += strlen(at) + 1) {
        files.names = arena_grow(arena, files.names, files.count, &room, sizeof *files.names);
        files.names[files.count++] = arena_string(arena, at + MARKS);
    }
    return files;
}

struct name_list uncommitted_files(struct arena *arena, const char *root)
{
    const char *const words[] = {"git",          "-C",
                                 root,           "--no-optional-locks",
                                 "status",       "--porcelain",
                                 "--branch",     "--no-ahead-behind",
                                 "-z",           "--untracked-files=all",
                                 "--no-renames", NULL};
    struct process process = {.arguments = words, .seconds = SECONDS, .output_limit = MOST_OUTPUT};
    struct process_end end;
    struct error ignored = {0};
    struct name_list files = {0};
    if (process_run(&process, &end, &ignored)) {
        if (end.status == 0 && !end.too_large)
            files = read_status(arena, &end.out);
        process_end_free(&end);
    }
    error_free(&ignored);
    return files;
}

static bool has_any(const char *path, const struct name_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (path_is_within(files->names[i], path))
            return true;
    return false;
}

bool is_uncommitted(const struct render_set *set, const struct target *target, const struct name_list *files)
{
    struct name_list read = {0};
    if (!files->count || !target->path)
        return false;
    bool found = has_any(target->path, files);
    if (!found && target->name && render_set_references(set, target->path, &read))
        for (size_t i = 0; i < read.count && !found; i++)
            found = has_any(read.names[i], files);
    return found;
}
