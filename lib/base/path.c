/* path.c: cleaning, joining and comparing paths as texts, by the rules of Go's path/filepath. */
#include "base/path.h"

#include <string.h>

#include "base/text.h"

bool path_has_extension(const char *path, const char *extension)
{
    const char *name = path_base(path);
    return string_ends(name, extension) && strcmp(name, extension) != 0;
}

bool path_is_absolute(const char *path)
{
    return path[0] == '/';
}

/* The next segment at or behind `at`; its length goes to `size`. NULL: no more. */
static const char *next_segment(const char *at, size_t *size)
{
    at += strspn(at, "/");
    *size = strcspn(at, "/");
    return *size ? at : NULL;
}

static bool is_segment(const char *segment, size_t size, const char *name)
{
    return size == strlen(name) && memcmp(segment, name, size) == 0;
}

/* Takes the last segment off again; false where there is none that ".." may remove. */
static bool remove_last(const char *out, size_t start, size_t *size)
{
    size_t from = *size;
    while (from > start && out[from - 1] != '/')
        from--;
    if (*size == start || is_segment(out + from, *size - from, ".."))
        return false;
    *size = from > start ? from - 1 : start;
    return true;
}

/* Cleans into `out`, which may be the path itself, and else has room for two bytes more than the path. */
static char *clean_into(char *out, const char *path)
{
    size_t start = path_is_absolute(path) ? 1 : 0, size = start, length;
    if (start)
        out[0] = '/';
    for (const char *segment = path; (segment = next_segment(segment, &length)); segment += length) {
        if (is_segment(segment, length, "."))
            continue;
        if (is_segment(segment, length, "..") && (remove_last(out, start, &size) || start))
            continue;
        if (size > start)
            out[size++] = '/';
        memmove(out + size, segment, length);
        size += length;
    }
    if (!size)
        out[size++] = '.';
    out[size] = '\0';
    return out;
}

char *path_clean(struct arena *arena, const char *path)
{
    return clean_into(arena_alloc(arena, strlen(path) + 2), path);
}

char *path_join(struct arena *arena, const char *directory, const char *name)
{
    if (!*directory && !*name)
        return arena_string(arena, "");
    if (!*directory)
        return path_clean(arena, name);
    size_t above = strlen(directory), size = strlen(name);
    char *joined = arena_alloc(arena, above + size + 2);
    memcpy(joined, directory, above);
    joined[above] = '/';
    memcpy(joined + above + 1, name, size + 1);
    return clean_into(joined, joined);
}

char *path_directory(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return path_clean(arena, slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : "");
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool leads_out(const char *path)
{
    return strncmp(path, "..", 2) == 0 && (path[2] == '/' || !path[2]);
}

bool path_is_within(const char *path, const char *directory)
{
    if (strcmp(directory, ".") == 0)
        return !path_is_absolute(path) && !leads_out(path);
    if (strcmp(directory, "/") == 0)
        return path_is_absolute(path);
    size_t size = strlen(directory);
    return strncmp(path, directory, size) == 0 && (path[size] == '/' || !path[size]);
}

/* The bytes of the leading segments that two cleaned paths share, the slash behind them included. */
static size_t common_size(const char *left, const char *right)
{
    size_t common = 0, at = 0;
    for (; left[at] && left[at] == right[at]; at++)
        if (left[at] == '/')
            common = at + 1;
    bool left_ends = !left[at] || left[at] == '/', right_ends = !right[at] || right[at] == '/';
    return left_ends && right_ends ? at : common;
}

char *path_relative(struct arena *arena, const char *from, const char *to)
{
    const char *base = strcmp(from, ".") ? from : "", *target = strcmp(to, ".") ? to : "";
    size_t common = common_size(base, target), ups = 0, length;
    for (const char *segment = base + common; (segment = next_segment(segment, &length)); segment += length)
        ups++;
    const char *rest = target + common;
    rest += strspn(rest, "/");
    char *out = arena_alloc(arena, ups * 3 + strlen(rest) + 2), *end = out;
    for (size_t i = 0; i < ups; i++, end += 3)
        memcpy(end, "../", 3);
    strcpy(end, rest);
    end += strlen(rest);
    if (end > out && end[-1] == '/')
        *--end = '\0';
    if (end == out)
        strcpy(out, ".");
    return out;
}
