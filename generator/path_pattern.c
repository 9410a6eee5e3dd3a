/* path_pattern.c: reads path patterns and matches paths against them. */
#include "generator/path_pattern.h"

#include <string.h>

#include "base/path.h"
#include "generator/glob.h"
#include "generator/name.h"

enum { LONGEST_SEGMENT = 255 };

int pattern_find(const struct path_pattern *pattern, const char *name)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->segments[i].kind == SEGMENT_NAME && strcmp(pattern->segments[i].text, name) == 0)
            return (int)i;
    return -1;
}

/* "{app}", maybe with fixed text before and after it, or NULL. */
static const char *read_name(struct arena *arena, const char *text, struct segment *out)
{
    const char *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close || strpbrk(open + 1, "{") || strpbrk(close + 1, "}") || strpbrk(text, "*?[]\\"))
        return NULL;
    const char *name = arena_copy(arena, open + 1, (size_t)(close - open - 1));
    *out = (struct segment){.kind = SEGMENT_NAME,
                            .text = name,
                            .prefix = open > text ? arena_copy(arena, text, (size_t)(open - text)) : NULL,
                            .suffix = close[1] ? close + 1 : NULL};
    return is_word(name) ? name : NULL;
}

static bool read_segment(struct arena *arena, const char *text, origin at, struct path_pattern *out,
                         struct error *error)
{
    struct segment *segment = &out->segments[out->count];
    *segment = (struct segment){.kind = SEGMENT_LITERAL, .text = text};
    struct segment named;
    const char *name = read_name(arena, text, &named);
    if (name && pattern_find(out, name) >= 0)
        return error_at(error, at, "{%s} stands twice in this path", name);
    if (name)
        *segment = named;
    else if (strpbrk(text, "{}"))
        return error_at(error, at,
                        "'%s': a segment has one name, alone or between fixed texts, like {app} or {app}-stage", text);
    else if (strcmp(text, "**") == 0)
        segment->kind = SEGMENT_ANY_DEPTH;
    else if (strstr(text, "**"))
        return error_at(error, at, "'%s': ** is a whole segment between two slashes", text);
    else if (strpbrk(text, "*?[\\"))
        segment->kind = SEGMENT_WILD;
    if (segment->kind == SEGMENT_WILD && !glob_is_valid(text))
        return error_at(error, at, "'%s': a class is [a-z], [abc] or [!abc]", text);
    out->count++;
    return true;
}

static bool check_path_text(const char *text, origin at, struct error *error)
{
    if (!*text || !is_one_line(text))
        return error_at(error, at, "the path is empty or has control characters");
    if (path_is_absolute(text))
        return error_at(error, at, "'%s': paths are relative to the repository's root; remove the leading slash", text);
    return true;
}

bool pattern_read(struct arena *arena, const char *text, origin at, struct path_pattern *out, struct error *error)
{
    *out = (struct path_pattern){0};
    if (!check_path_text(text, at, error))
        return false;
    for (const char *here = text; *here;) {
        size_t size = strcspn(here, "/");
        char *segment = arena_copy(arena, here, size);
        here += size + (here[size] == '/');
        if (!size || strcmp(segment, ".") == 0)
            continue;
        if (strcmp(segment, "..") == 0 || strcmp(segment, ".git") == 0)
            return error_at(error, at, "'%s': paths lead neither out of the repository nor into .git", text);
        if (size > LONGEST_SEGMENT || out->count == PATTERN_LONGEST)
            return error_at(error, at, "'%s': more than %d segments, or one of more than %d bytes", text,
                            PATTERN_LONGEST, LONGEST_SEGMENT);
        if (!read_segment(arena, segment, at, out, error))
            return false;
    }
    return out->count || error_at(error, at, "'%s' names no directory", text);
}

/* Whether something is left of a name between the fixed texts around {name}. */
static bool has_affixes(const struct segment *segment, const char *name)
{
    size_t size = strlen(name), before = segment->prefix ? strlen(segment->prefix) : 0,
           after = segment->suffix ? strlen(segment->suffix) : 0;
    return size > before + after && strncmp(name, segment->prefix ? segment->prefix : "", before) == 0 &&
           strcmp(name + size - after, segment->suffix ? segment->suffix : "") == 0;
}

bool segment_matches(const struct segment *segment, const char *name)
{
    switch (segment->kind) {
    case SEGMENT_LITERAL:
        return strcmp(segment->text, name) == 0;
    case SEGMENT_WILD:
        return glob_matches(segment->text, name, '/');
    case SEGMENT_NAME:
        return has_affixes(segment, name);
    default:
        return true;
    }
}

const char *segment_part(struct arena *arena, const struct segment *segment, const char *name)
{
    size_t before = segment->prefix ? strlen(segment->prefix) : 0,
           after = segment->suffix ? strlen(segment->suffix) : 0;
    return before + after ? arena_copy(arena, name + before, strlen(name) - before - after) : name;
}

/* Patterns are tried segment by segment: `live` holds the places in the pattern that the path so far can have reached.
 */
static void skip_any_depth(const struct path_pattern *pattern, bool *live)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (live[i] && pattern->segments[i].kind == SEGMENT_ANY_DEPTH)
            live[i + 1] = true;
}

static void step_segment(const struct path_pattern *pattern, bool *live, const char *name)
{
    bool next[PATTERN_LONGEST + 1] = {false};
    for (size_t i = 0; i < pattern->count; i++) {
        if (live[i] && pattern->segments[i].kind == SEGMENT_ANY_DEPTH)
            next[i] = true;
        else if (live[i] && segment_matches(&pattern->segments[i], name))
            next[i + 1] = true;
    }
    memcpy(live, next, sizeof next);
    skip_any_depth(pattern, live);
}

bool pattern_covers(const struct path_pattern *pattern, const char *path)
{
    bool live[PATTERN_LONGEST + 1] = {true};
    char name[LONGEST_SEGMENT + 1];
    skip_any_depth(pattern, live);
    while (*path && !live[pattern->count]) {
        size_t size = strcspn(path, "/");
        if (size > LONGEST_SEGMENT)
            return false;
        memcpy(name, path, size);
        name[size] = '\0';
        step_segment(pattern, live, name);
        path += size + (path[size] == '/');
    }
    return live[pattern->count];
}
