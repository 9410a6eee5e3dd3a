/* secret_scan.c: reads every text file of a tree, or of the commits of a range, for what it gives away. */
#include "plugin/run/secret_scan.h"

#include <string.h>

#include "base/path.h"
#include "check/leaks.h"
#include "finding/write.h"
#include "plugin/run/changed_paths.h"

enum { DEEPEST = 64, LARGEST = 8 * 1024 * 1024, SHORT_ID = 10 };

static void scan_file(const struct source *source, const char *path, struct findings *findings)
{
    struct file_bytes file;
    struct error ignored = {0};
    if (source_read_small(source, findings->arena, path, LARGEST, &file, &ignored))
        leaks_find(path, &file, findings);
    error_free(&ignored);
}

static void scan_directory(const struct source *source, const char *directory, unsigned depth,
                           struct findings *findings)
{
    struct name_list names = {0};
    struct error ignored = {0};
    bool listed = depth < DEEPEST && source_list(source, findings->arena, directory, &names, &ignored);
    error_free(&ignored);
    for (size_t i = 0; listed && i < names.count; i++) {
        const char *path = path_join(findings->arena, directory, names.names[i]);
        char *real = source_resolve(source, findings->arena, path, &ignored);
        error_free(&ignored);
        if (!real || strcmp(real, path) != 0)
            continue; /* what a symbolic link leads to is looked at where it stands */
        enum file_kind kind = source_kind(source, path);
        if (kind == FILE_DIRECTORY)
            scan_directory(source, path, depth + 1, findings);
        else if (kind == FILE_REGULAR)
            scan_file(source, path, findings);
    }
}

static bool scan_tree(struct history *history, bool staged, struct repository *repository, struct findings *findings,
                      struct error *error)
{
    struct revision revision;
    bool found =
        staged ? history_find_index(history, &revision, error) : history_find_work_tree(history, &revision, error);
    if (!found || !history_open_tree(history, revision.tree, repository, error))
        return false;
    scan_directory(repository->source, ".", 0, findings);
    return true;
}

/* One commit. */

struct commit {
    struct history *history;
    const char *id, *tree, *parent_tree;
    struct findings *findings; /* of all commits */
};

static void scan_change(const struct commit *commit, const struct source *source, const struct source *parent,
                        const char *path)
{
    struct findings *found = findings_new(commit->history->arena), *before = findings_new(commit->history->arena);
    scan_file(source, path, found);
    if (found->count && source_kind(parent, path) == FILE_REGULAR)
        scan_file(parent, path, before);
    findings_take_away(found, before);
    findings_add_all(commit->findings, found, arena_copy(commit->history->arena, commit->id, SHORT_ID));
}

static bool scan_commit(const struct commit *commit, struct error *error)
{
    struct changed_paths changed;
    struct repository after = {0}, before = {0};
    bool good = changed_paths_find(commit->history, commit->parent_tree, commit->tree, &changed, error) &&
                history_open_tree(commit->history, commit->tree, &after, error) &&
                history_open_tree(commit->history, commit->parent_tree, &before, error);
    for (size_t i = 0; good && i < changed.count; i++)
        if (changed.items[i].status != 'D')
            scan_change(commit, after.source, before.source, changed.items[i].path);
    repository_close(&after);
    repository_close(&before);
    return good;
}

static bool find_parent(struct history *history, const char *parents, struct revision *out, struct error *error)
{
    size_t size = strcspn(parents, " \n");
    return size ? history_find(history, arena_copy(history->arena, parents, size), out, error)
                : history_find_nothing(history, out, error);
}

/* A line of `git rev-list --parents`: the commit and its parents. */
static bool scan_line(struct history *history, const char *line, struct findings *findings, struct error *error)
{
    size_t size = strcspn(line, " \n");
    struct commit commit = {.history = history, .id = arena_copy(history->arena, line, size), .findings = findings};
    struct revision revision, parent;
    if (!history_find(history, commit.id, &revision, error) ||
        !find_parent(history, line + size + strspn(line + size, " "), &parent, error))
        return false;
    commit.tree = revision.tree;
    commit.parent_tree = parent.tree;
    return scan_commit(&commit, error);
}

static bool scan_commits(struct history *history, const char *since, struct findings *findings, struct error *error)
{
    const char *words[] = {"rev-list", "--reverse", "--parents", "HEAD", "--not", since, "--", NULL};
    struct revision known;
    struct text lines = {0};
    bool good = history_find(history, since, &known, error);
    words[5] = good ? known.commit : since;
    good = good && history_run(history, words, &lines, error);
    for (const char *at = text_content(&lines); good && *at; at += strcspn(at, "\n") + 1)
        good = scan_line(history, at, findings, error);
    text_free(&lines);
    return good;
}

bool secret_scan(const struct secret_scan *scan, struct history *history, struct repository *repository,
                 struct error *error)
{
    struct arena *arena = scan->findings->arena;
    struct error problem = {0};
    bool has_git = history_open(history, arena, ".", &problem);
    if (!has_git && (scan->since || scan->staged))
        return error_set(error, "%s", problem.message);
    error_free(&problem);
    if (scan->since && !scan_commits(history, scan->since, scan->findings, error))
        return false;
    if (scan->staged || (has_git && history->root && !scan->since))
        return scan_tree(history, scan->staged, repository, scan->findings, error);
    if (!repository_find(arena, ".", WITHOUT_GIT_HERE, repository, error))
        return false;
    if (!scan->since)
        scan_directory(repository->source, ".", 0, scan->findings);
    return true;
}
