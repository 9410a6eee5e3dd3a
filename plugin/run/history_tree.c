/* history_tree.c: opens trees of a repository as repositories. */
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/path.h"
#include "plugin/run/history.h"

/* The objects as they are from now on: opened when the first one is needed. */
static struct git_objects *demand_objects(struct history *history)
{
    if (!history->objects)
        history->objects = git_objects_open(&history->place);
    return history->objects;
}

bool history_open_tree(struct history *history, const char *tree, struct repository *out, struct error *error)
{
    if (!history_fetch_missing(history, tree, error))
        return false;
    const char *root = history->root ? history->root : history->common;
    *out = (struct repository){.root = root, .directory = history->directory, .has_git = true};
    out->source = source_git(demand_objects(history), tree, history->root);
    return true;
}

bool history_ready(struct history *history, struct error *error)
{
    return git_objects_ready(demand_objects(history), error);
}

enum { MOST_DIRECTORIES = 32 };

/* The lines of info/alternates: paths from the directory of objects. */
static size_t add_alternates(struct history *history, const char *directory, const char **out, size_t count)
{
    struct text lines = {.limit = 64 * 1024};
    if (!file_read(path_join(history->arena, directory, "info/alternates"), &lines))
        return count;
    for (const char *at = text_content(&lines); *at && count < MOST_DIRECTORIES;) {
        size_t size = strcspn(at, "\n");
        const char *line = arena_copy(history->arena, at, size);
        at += size + (at[size] == '\n');
        const char *path = path_is_absolute(line) ? line : path_join(history->arena, directory, line);
        if (*line && *line != '#' && access(path, R_OK | X_OK) == 0)
            out[count++] = path;
    }
    text_free(&lines);
    return count;
}

const char *const *history_object_directories(struct history *history)
{
    const char **out = ARENA_ARRAY(history->arena, MOST_DIRECTORIES + 1, const char *);
    size_t count = 0;
    out[count++] = history->place.objects;
    if (history->place.more)
        out[count++] = history->place.more;
    for (size_t i = 0; i < count && count < MOST_DIRECTORIES; i++)
        count = add_alternates(history, out[i], out, count);
    return out;
}
