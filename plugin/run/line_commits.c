/* line_commits.c: asks git blame for the commits of lines, once for each file. */
#include "plugin/run/line_commits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/path.h"

enum { ID_LENGTH = 40, MOST_LINES = 2000 };

struct file_lines {
    const char *file;
    bool asked;
    unsigned *wanted;
    size_t count, room;
    struct line_commit **found; /* by place in `wanted` */
};

void line_commits_open(struct line_commits *commits, struct arena *arena, struct history *history, const char *revision)
{
    *commits = (struct line_commits){arena, history, revision, map_new(arena)};
}

static struct file_lines *lines_of(struct line_commits *commits, const char *file)
{
    struct file_lines **slot = (struct file_lines **)map_slot(commits->files, file, strlen(file));
    if (!*slot)
        *slot = ARENA_NEW(commits->arena, struct file_lines);
    (*slot)->file = file;
    return *slot;
}

static size_t place_of(const struct file_lines *lines, unsigned line)
{
    size_t i = 0;
    while (i < lines->count && lines->wanted[i] != line)
        i++;
    return i;
}

void line_commits_want(struct line_commits *commits, const char *file, unsigned line)
{
    struct file_lines *lines = lines_of(commits, file);
    if (lines->count >= MOST_LINES || place_of(lines, line) < lines->count)
        return;
    lines->wanted = arena_grow(commits->arena, lines->wanted, lines->count, &lines->room, sizeof *lines->wanted);
    lines->wanted[lines->count++] = line;
}

/* The value of a header line "NAME value"; NULL: it is another. */
static const char *header_value(const char *line, const char *name)
{
    size_t size = strlen(name);
    return strncmp(line, name, size) == 0 && (line[size] == ' ' || !line[size]) ? line + size + (line[size] == ' ')
                                                                                : NULL;
}

/* A commit's facts are told once, with the first of its lines. */
static struct line_commit *commit_of(struct line_commits *commits, struct map *known, const char *line)
{
    struct line_commit **slot = (struct line_commit **)map_slot(known, line, ID_LENGTH);
    if (!*slot)
        *slot = ARENA_NEW(commits->arena, struct line_commit);
    bool none = strspn(line, "0") >= ID_LENGTH;
    (*slot)->id = none ? NULL : arena_copy(commits->arena, line, ID_LENGTH);
    return *slot;
}

static void set_date(struct line_commit *commit, const char *seconds)
{
    time_t at = (time_t)strtoll(seconds, NULL, 10);
    struct tm parts;
    commit->seconds = at;
    if (gmtime_r(&at, &parts))
        strftime(commit->date, sizeof commit->date, "%Y-%m-%d", &parts);
}

static void read_header(struct line_commit *commit, const char *line)
{
    const char *value;
    if ((value = header_value(line, "author")))
        commit->author = value;
    else if ((value = header_value(line, "author-time")))
        set_date(commit, value);
    else if ((value = header_value(line, "summary")))
        commit->summary = value;
    else if (header_value(line, "boundary"))
        commit->boundary = true;
    else if ((value = header_value(line, "filename")))
        commit->file = value;
}

static void note_line(struct line_commits *commits, struct file_lines *lines, const struct line_commit *commit,
                      unsigned in_commit, unsigned line)
{
    size_t place = place_of(lines, line);
    if (place == lines->count)
        return;
    struct line_commit *copy = ARENA_NEW(commits->arena, struct line_commit);
    *copy = *commit;
    copy->line = in_commit;
    lines->found[place] = copy;
}

/* git blame --porcelain: "ID LINE-THEN LINE-NOW", headers, and the line behind a tab. */
static void read_porcelain(struct line_commits *commits, struct file_lines *lines, char *text)
{
    struct map *known = map_new(commits->arena);
    struct line_commit *commit = NULL;
    unsigned then = 0, now = 0;
    for (char *line = text, *next; *line; line = next) {
        char *end = strchr(line, '\n');
        next = end ? end + 1 : line + strlen(line);
        if (end)
            *end = '\0';
        if (*line == '\t' && commit)
            note_line(commits, lines, commit, then, now);
        else if (strspn(line, "0123456789abcdef") >= ID_LENGTH && line[ID_LENGTH] == ' ') {
            commit = commit_of(commits, known, line);
            sscanf(line + ID_LENGTH, "%u %u", &then, &now);
        } else if (commit)
            read_header(commit, line);
    }
}

static bool is_shallow(const struct history *history)
{
    return access(path_join(history->arena, history->common, "shallow"), F_OK) == 0;
}

static void ask_blame(struct line_commits *commits, struct file_lines *lines)
{
    struct arena *arena = commits->arena;
    const char **words = ARENA_ARRAY(arena, 2 * lines->count + 9, const char *);
    size_t count = 0;
    words[count++] = "blame";
    words[count++] = "--porcelain";
    if (!is_shallow(commits->history))
        words[count++] = "--root"; /* its first commit is no boundary */
    for (size_t i = 0; i < lines->count; i++) {
        words[count++] = "-L";
        words[count++] = arena_format(arena, "%u,%u", lines->wanted[i], lines->wanted[i]);
    }
    if (commits->revision)
        words[count++] = commits->revision;
    words[count++] = "--";
    words[count++] = lines->file;
    struct text out = {0}, said = {0};
    struct error ignored = {0};
    lines->found = ARENA_ARRAY(arena, lines->count, struct line_commit *);
    lines->asked = true;
    if (history_try(commits->history, words, &out, &said, &ignored) == 0)
        read_porcelain(commits, lines, arena_copy(arena, text_content(&out), out.size));
    text_free(&out);
    text_free(&said);
    error_free(&ignored);
}

const struct line_commit *line_commits_find(struct line_commits *commits, const char *file, unsigned line)
{
    struct file_lines *lines = lines_of(commits, file);
    size_t place = place_of(lines, line);
    if (!lines->asked && lines->count)
        ask_blame(commits, lines);
    return place < lines->count && lines->found ? lines->found[place] : NULL;
}
