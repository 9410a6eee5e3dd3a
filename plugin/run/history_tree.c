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

/* git with an index and a work tree of its own. The repository's index and work tree stay as they are. */
static bool run_apart(struct history *history, const char *directory, const char *const *rest, struct error *error)
{
    const char *index = arena_format(history->arena, "GIT_INDEX_FILE=%s.index", directory);
    const char *words[8] = {arena_format(history->arena, "--git-dir=%s", history->common),
                            arena_format(history->arena, "--work-tree=%s", directory)};
    size_t count = 0;
    for (size_t i = 0; rest[i]; i++)
        words[i + 2] = rest[i];
    while (history->environment[count])
        count++;
    const char **environment = ARENA_ARRAY(history->arena, count + 2, const char *);
    memcpy(environment, history->environment, count * sizeof *environment);
    environment[count] = index;
    struct text said = {0};
    int status =
        history_call(history, &(struct git_call){.words = words, .environment = environment}, NULL, &said, error);
    if (status > 0) {
        struct text line = {0};
        history_said(&line, text_content(&said));
        error_set(error, "git %s: %s", rest[0], text_content(&line));
        text_free(&line);
    }
    text_free(&said);
    return status == 0;
}

bool history_check_out(struct history *history, const char *tree, const char **directory, struct error *error)
{
    if (!history_write_elsewhere(history, error))
        return false;
    *directory = path_join(history->arena, history->temporary, arena_format(history->arena, "files-%s", tree));
    return directory_make(*directory, error) &&
           run_apart(history, *directory, (const char *const[]){"read-tree", tree, NULL}, error) &&
           run_apart(history, *directory, (const char *const[]){"checkout-index", "--all", "--force", NULL}, error);
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
