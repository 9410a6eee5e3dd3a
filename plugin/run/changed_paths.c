/* changed_paths.c: asks git in which paths two trees differ. */
#include "plugin/run/changed_paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"

enum { MODE_KIND = 0170000, MODE_REGULAR = 0100000, MODE_LINK = 0120000 };

static int compare_paths(const void *left, const void *right)
{
    const struct changed_path *a = left, *b = right;
    return strcmp(a->path, b->path);
}

/* ":100644 100755 OLD NEW M\0path\0". Returns the size of both; 0 at the end. */
static size_t take_path(struct history *history, const char *at, const char *end, struct changed_paths *out)
{
    char *rest;
    if (at >= end || *at != ':')
        return 0;
    struct changed_path path = {.old_mode = (unsigned)strtoul(at + 1, &rest, 8)};
    path.new_mode = (unsigned)strtoul(rest, NULL, 8);
    size_t size = strlen(at);
    path.status = *(strrchr(at, ' ') + 1);
    path.path = arena_string(history->arena, at + size + 1);
    out->items = arena_grow(history->arena, out->items, out->count, &out->room, sizeof *out->items);
    out->items[out->count++] = path;
    out->additions = out->additions || path.status == 'A';
    out->links = out->links || (path.old_mode & MODE_KIND) == MODE_LINK || (path.new_mode & MODE_KIND) == MODE_LINK;
    return size + 1 + strlen(path.path) + 1;
}

bool changed_paths_find(struct history *history, const char *base, const char *head, struct changed_paths *out,
                        struct error *error)
{
    struct text answer = {0};
    const char *const words[] = {"diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", base, head, NULL};
    *out = (struct changed_paths){0};
    if (strcmp(base, head) == 0)
        return true;
    bool good = history_run(history, words, &answer, error);
    for (size_t at = 0, size; good; at += size) {
        size = take_path(history, text_content(&answer) + at, text_content(&answer) + answer.size, out);
        if (!size)
            break;
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, compare_paths);
    text_free(&answer);
    return good;
}

/* The first one that does not stand before a text of this size, with a slash behind it. */
static size_t find_below(const struct changed_paths *changed, const char *path, size_t size)
{
    size_t low = 0, high = changed->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = changed->items[middle].path;
        int order = strncmp(other, path, size);
        if (order < 0 || (order == 0 && (unsigned char)other[size] < '/'))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The index of the first one that is this path, or lies below it; where there is none, the count. */
static size_t find_touched(const struct changed_paths *changed, const char *path)
{
    const struct changed_path wanted = {.path = path};
    const struct changed_path *same =
        changed->count ? bsearch(&wanted, changed->items, changed->count, sizeof *changed->items, compare_paths) : NULL;
    if (same)
        return (size_t)(same - changed->items);
    size_t at = strcmp(path, ".") == 0 ? 0 : find_below(changed, path, strlen(path));
    return at < changed->count && path_is_within(changed->items[at].path, path) ? at : changed->count;
}

bool changed_paths_touch(const struct changed_paths *changed, const char *path)
{
    return find_touched(changed, path) < changed->count;
}

const char *changed_paths_among(const struct changed_paths *changed, const struct name_list *paths, bool *others)
{
    size_t first = changed->count;
    *others = false;
    for (size_t i = 0; i < paths->count; i++) {
        size_t at = find_touched(changed, paths->names[i]), next = at + 1;
        if (at == changed->count)
            continue;
        *others = *others || (first < changed->count && first != at) ||
                  (next < changed->count && path_is_within(changed->items[next].path, paths->names[i]));
        first = at < first ? at : first;
    }
    return first < changed->count ? changed->items[first].path : NULL;
}

bool changed_paths_are_edits(const struct changed_paths *changed)
{
    for (size_t i = 0; i < changed->count; i++)
        if (changed->items[i].status != 'M' || (changed->items[i].new_mode & MODE_KIND) != MODE_REGULAR)
            return false;
    return true;
}
