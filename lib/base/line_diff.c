/* line_diff.c: finds the shortest edit between two texts (Myers 1986, "An O(ND) Difference Algorithm") and writes it.
 */
#include "base/line_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { CONTEXT = 3, MOST_EDITS = 1500 };

struct diff_line {
    const char *text;
    size_t size; /* without the line break */
    bool unfinished;
};

struct lines {
    struct diff_line *items;
    size_t count;
};

/* Which lines are gone, and which are new. */
struct edit {
    struct lines old, new;
    bool *removed, *added;
    size_t context; /* lines shown around a change */
};

static struct lines split_lines(struct arena *arena, const struct text *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->size; i++)
        count += text->bytes[i] == '\n';
    struct lines lines = {.items = ARENA_ARRAY(arena, count + 1, struct diff_line)};
    for (size_t at = 0; at < text->size;) {
        const char *start = text->bytes + at;
        const char *end = memchr(start, '\n', text->size - at);
        size_t size = end ? (size_t)(end - start) : text->size - at;
        lines.items[lines.count++] = (struct diff_line){.text = start, .size = size, .unfinished = !end};
        at += size + 1;
    }
    return lines;
}

static bool same_line(const struct diff_line *left, const struct diff_line *right)
{
    return left->size == right->size && left->unfinished == right->unfinished &&
           memcmp(left->text, right->text, left->size) == 0;
}

/* The part of both texts between their common beginning and end. */
struct middle {
    const struct diff_line *old, *new;
    long old_count, new_count;
};

static struct middle trim_common(const struct edit *edit, size_t *start)
{
    size_t old_end = edit->old.count, new_end = edit->new.count, first = 0;
    while (first < old_end && first < new_end && same_line(&edit->old.items[first], &edit->new.items[first]))
        first++;
    while (old_end > first && new_end > first &&
           same_line(&edit->old.items[old_end - 1], &edit->new.items[new_end - 1])) {
        old_end--;
        new_end--;
    }
    *start = first;
    return (struct middle){.old = edit->old.items + first,
                           .new = edit->new.items + first,
                           .old_count = (long)(old_end - first),
                           .new_count = (long)(new_end - first)};
}

/* Whether the furthest path on diagonal k after d edits comes from the diagonal above (an added line). */
static bool comes_from_above(const long *reach, long d, long k)
{
    return k == -d || (k != d && reach[k - 1] < reach[k + 1]);
}

/* The furthest reaching path on one diagonal, given those of one edit less. */
static long advance_reach(const struct middle *middle, const long *reach, long d, long k)
{
    long x = comes_from_above(reach, d, k) ? reach[k + 1] : reach[k - 1] + 1;
    while (x < middle->old_count && x - k < middle->new_count && same_line(&middle->old[x], &middle->new[x - k]))
        x++;
    return x;
}

/* Walks the traces back and marks what each edit did. */
static void mark_edits(const struct middle *middle, long *const *traces, long edits, bool *removed, bool *added)
{
    long x = middle->old_count, y = middle->new_count;
    for (long d = edits; d > 0; d--) {
        const long *reach = traces[d - 1] + d;
        long k = x - y;
        bool above = comes_from_above(reach, d, k);
        x = above ? reach[k + 1] : reach[k - 1];
        y = x - (above ? k + 1 : k - 1);
        if (above)
            added[y] = true;
        else
            removed[x] = true;
    }
}

/* Finds the edits; false: there are too many. traces[d] is what each diagonal reaches with d edits, from -d-1 to d+1.
 */
static bool find_edits(struct arena *arena, const struct middle *middle, bool *removed, bool *added)
{
    long **traces = ARENA_ARRAY(arena, MOST_EDITS + 1, long *);
    long start[3] = {0, 0, 0};
    const long *before = start + 1;
    for (long d = 0; d <= MOST_EDITS; d++) {
        traces[d] = ARENA_ARRAY(arena, (size_t)(2 * d + 3), long);
        long *reach = traces[d] + d + 1;
        for (long k = -d; k <= d; k += 2) {
            reach[k] = advance_reach(middle, before, d, k);
            if (reach[k] >= middle->old_count && reach[k] - k >= middle->new_count) {
                mark_edits(middle, traces, d, removed, added);
                return true;
            }
        }
        before = reach;
    }
    return false;
}

static void find_middle(struct arena *arena, struct edit *edit)
{
    size_t start;
    struct middle middle = trim_common(edit, &start);
    edit->removed = ARENA_ARRAY(arena, edit->old.count + 1, bool);
    edit->added = ARENA_ARRAY(arena, edit->new.count + 1, bool);
    if (find_edits(arena, &middle, edit->removed + start, edit->added + start))
        return;
    memset(edit->removed + start, true, (size_t)middle.old_count);
    memset(edit->added + start, true, (size_t)middle.new_count);
}

static void write_line(struct text *out, char sign, const struct diff_line *line)
{
    text_byte(out, sign);
    text_bytes(out, line->text, line->size);
    text_string(out, line->unfinished ? "\n\\ No newline at end of file\n" : "\n");
}

/* A place in both texts. */
struct position {
    size_t old, new;
};

static bool at_change(const struct edit *edit, struct position at)
{
    return (at.old < edit->old.count && edit->removed[at.old]) || (at.new < edit->new.count && edit->added[at.new]);
}

/* Writes the lines of one hunk, up to `context` unchanged lines behind its last change, and returns where it ends. */
static struct position write_hunk(const struct edit *edit, struct position at, struct text *out)
{
    size_t unchanged = 0, context = edit->context;
    struct text pending = {0};
    while (at.old < edit->old.count || at.new < edit->new.count) {
        if (at_change(edit, at)) {
            text_bytes(out, text_content(&pending), pending.size);
            text_cut(&pending, 0);
            unchanged = 0;
            while (at.old < edit->old.count && edit->removed[at.old])
                write_line(out, '-', &edit->old.items[at.old++]);
            while (at.new < edit->new.count && edit->added[at.new])
                write_line(out, '+', &edit->new.items[at.new ++]);
            continue;
        }
        if (unchanged++ == 2 * context)
            break;
        write_line(unchanged <= context ? out : &pending, ' ', &edit->old.items[at.old]);
        at.old++;
        at.new ++;
    }
    size_t surplus = unchanged > 2 * context ? context : unchanged > context ? unchanged - context : 0;
    text_free(&pending);
    return (struct position){at.old - surplus, at.new - surplus};
}

static void write_range(struct text *out, char sign, size_t start, size_t count)
{
    text_format(out, "%c%zu,%zu", sign, count ? start + 1 : start, count);
}

static void write_hunks(const struct edit *edit, struct text *out)
{
    struct position at = {0, 0}, last = {0, 0};
    while (at.old < edit->old.count || at.new < edit->new.count) {
        if (!at_change(edit, at)) {
            at.old++;
            at.new ++;
            continue;
        }
        size_t before = at.old - last.old < edit->context ? at.old - last.old : edit->context;
        struct position start = {at.old - before, at.new - before};
        struct text body = {0};
        for (size_t i = start.old; i < at.old; i++)
            write_line(&body, ' ', &edit->old.items[i]);
        last = at = write_hunk(edit, at, &body);
        text_string(out, "@@ ");
        write_range(out, '-', start.old, at.old - start.old);
        text_byte(out, ' ');
        write_range(out, '+', start.new, at.new - start.new);
        text_string(out, " @@\n");
        text_bytes(out, text_content(&body), body.size);
        text_free(&body);
    }
}

void line_diff_within(const char *old_name, const struct text *old, const char *new_name, const struct text *new,
                      unsigned context, struct text *out)
{
    if (old->size == new->size && memcmp(text_content(old), text_content(new), old->size) == 0)
        return;
    struct arena *arena = arena_new();
    struct edit edit = {.old = split_lines(arena, old), .new = split_lines(arena, new), .context = context};
    find_middle(arena, &edit);
    text_format(out, "--- %s\n+++ %s\n", old_name, new_name);
    write_hunks(&edit, out);
    arena_free(arena);
}

void line_diff(const char *old_name, const struct text *old, const char *new_name, const struct text *new,
               struct text *out)
{
    line_diff_within(old_name, old, new_name, new, CONTEXT, out);
}
