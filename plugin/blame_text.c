/* blame_text.c: prints what blame has found: fields with their parts, resources line by line, and for programs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/visible.h"
#include "kustomize/engine.h"
#include "plugin/blame.h"
#include "plugin/run/terminal.h"
#include "yaml/emit.h"
#include "yaml/parse.h"

enum { ID_SHOWN = 7, LONGEST_PLACE = 48, LONGEST_VALUE = 60 };

static const char *place_text(const struct blame *blame, const struct written_part *part, bool column)
{
    if (!part->place.file)
        return "";
    const char *file = blame_file(blame, part);
    return column ? arena_format(blame->arena, "%s:%u:%u", file, part->place.line, part->place.column)
                  : arena_format(blame->arena, "%s:%u", file, part->place.line);
}

/* One line of what others wrote. */
static const char *shown_value(const struct blame *blame, const char *text, size_t size, size_t longest)
{
    struct text out = {0};
    visible_bytes(&out, text, size < longest ? size : longest, VISIBLE_LINE);
    text_string(&out, size > longest ? "..." : "");
    const char *copy = arena_copy(blame->arena, text_content(&out), out.size);
    text_free(&out);
    return copy;
}

static void write_commit(const struct blame *blame, const struct written_part *part, struct text *out)
{
    const struct line_commit *commit = blame_commit(blame, part);
    if (!blame->commits || !part->place.file)
        return;
    if (!commit || !commit->id) {
        text_string(out, "  not committed");
        return;
    }
    text_format(out, "  %s%.*s %s ", commit->boundary ? "^" : "", ID_SHOWN, commit->id, commit->date);
    visible_bytes(out, commit->author ? commit->author : "", strlen(commit->author ? commit->author : ""),
                  VISIBLE_LINE);
    text_string(out, "  ");
    visible_bytes(out, commit->summary ? commit->summary : "", strlen(commit->summary ? commit->summary : ""),
                  VISIBLE_LINE);
}

/* The columns of one part. */
struct row {
    const char *text, *place, *source;
};

static size_t wider_of(size_t width, const char *text)
{
    size_t size = strlen(text);
    return size > width ? size : width;
}

static struct row row_of(const struct blame *blame, const char *value, const struct written_part *part, bool hidden)
{
    const char *text = hidden ? "(hidden)" : shown_value(blame, value + part->start, part->size, LONGEST_VALUE);
    if (!part->place.file || (part->step && strcmp(part->step, "hash") == 0))
        return (struct row){text, arena_format(blame->arena, "computed: %s", blame_reason(blame, value, part)), ""};
    return (struct row){text, place_text(blame, part, true),
                        part->computed
                            ? arena_format(blame->arena, "%s, computed: %s", blame_source(blame, part), part->computed)
                            : blame_source(blame, part)};
}

/* Whether a terminal would break one of the rows, of which the columns before the commit take so much. */
static bool is_too_wide(const struct blame *blame, const struct written *written, size_t columns)
{
    size_t width = isatty(STDOUT_FILENO) ? terminal_width() : 0;
    struct text commit = {0};
    bool wide = width && columns > width;
    for (size_t i = 0; width && !wide && i < written->count; i++) {
        text_cut(&commit, 0);
        write_commit(blame, &written->parts[i], &commit);
        wide = columns + commit.size > width;
    }
    text_free(&commit);
    return wide;
}

/* A row of its own for each column. */
static void write_stacked(const struct blame *blame, const struct row *row, const struct written_part *part,
                          struct text *out)
{
    text_format(out, "  %s\n      %s\n", row->text, row->place);
    if (!*row->source)
        return;
    text_format(out, "      %s\n", row->source);
    struct text commit = {0};
    write_commit(blame, part, &commit);
    if (commit.size)
        text_format(out, "    %s\n", text_content(&commit));
    text_free(&commit);
}

static void write_parts(const struct blame *blame, const struct written *written, const char *value, bool hidden,
                        struct text *out)
{
    struct row *rows = ARENA_ARRAY(blame->arena, written->count + 1, struct row);
    size_t text = 0, place = 0, source = 0;
    for (size_t i = 0; i < written->count; i++) {
        rows[i] = row_of(blame, value, &written->parts[i], hidden);
        text = wider_of(text, rows[i].text);
        place = *rows[i].source ? wider_of(place, rows[i].place) : place;
        source = wider_of(source, rows[i].source);
    }
    if (is_too_wide(blame, written, 2 + text + 2 + place + 2 + source)) {
        for (size_t i = 0; i < written->count; i++)
            write_stacked(blame, &rows[i], &written->parts[i], out);
        return;
    }
    for (size_t i = 0; i < written->count; i++) {
        text_format(out, "  %-*s  %-*s", (int)text, rows[i].text, *rows[i].source ? (int)place : 0, rows[i].place);
        if (*rows[i].source)
            text_format(out, "  %-*s", blame->commits ? (int)source : 0, rows[i].source);
        if (*rows[i].source)
            write_commit(blame, &written->parts[i], out);
        text_byte(out, '\n');
    }
}

/* What the last writer, or all of them, replaced. */
static void write_before(const struct blame *blame, struct written written, bool hidden, struct text *out)
{
    while (written.old) {
        struct written old = written_at(blame->origins, blame->arena, written.before, written.old, written.old_size);
        const struct written_part *part = old.count ? &old.parts[old.count - 1] : NULL;
        text_format(out, "  instead of %s",
                    hidden ? "(hidden)" : shown_value(blame, written.old, written.old_size, LONGEST_VALUE));
        if (part && part->place.file)
            text_format(out, ", which %s says", place_text(blame, part, true));
        text_byte(out, '\n');
        if (!blame->chain)
            return;
        written = old;
    }
}

void blame_write_text(const struct blame *blame, const struct blamed *blamed, struct text *out)
{
    for (size_t i = 0; i < blamed->leaves.count; i++) {
        const struct leaf *leaf = &blamed->leaves.items[i];
        struct written written = blame_leaf(blame, leaf);
        size_t size;
        const char *value = blame_value(blamed, leaf, &size);
        bool hidden = blame_hides(blamed, leaf);
        if (blamed->leaves.count > 1)
            text_format(out, "%s: ", leaf->path);
        text_format(out, "%s\n", shown_value(blame, value, size, 10 * LONGEST_VALUE));
        write_parts(blame, &written, leaf->node->kind == NODE_SCALAR ? leaf->node->text : value, hidden, out);
        write_before(blame, written, hidden, out);
    }
}

static const char *or_dash(const char *text)
{
    return text && *text ? text : "-";
}

void blame_write_porcelain(const struct blame *blame, const struct blamed *blamed, struct text *out)
{
    const char *kind = node_text(node_get(blamed->resource, &key_kind));
    const char *name = node_text(node_get(node_get(blamed->resource, &key_metadata), &key_name));
    for (size_t i = 0; i < blamed->leaves.count; i++) {
        const struct leaf *leaf = &blamed->leaves.items[i];
        struct written written = blame_leaf(blame, leaf);
        for (size_t j = 0; j < written.count; j++) {
            const struct written_part *part = &written.parts[j];
            const struct line_commit *commit = blame_commit(blame, part);
            text_format(out, "%s/%s\t%s\t%zu\t%zu\t%s\t%u\t%u\t%u\t%u\t%s\t%s\t%s\t%s\n", or_dash(kind), or_dash(name),
                        shown_value(blame, leaf->path, strlen(leaf->path), SIZE_MAX), part->start, part->size,
                        or_dash(blame_file(blame, part)), part->place.line, part->place.column, part->end.line,
                        part->end.column, part->exact ? "exact" : "-", or_dash(part->step),
                        or_dash(commit ? commit->id : NULL), or_dash(part->computed));
        }
    }
}

/* A resource line by line: what is printed is read again, to learn which line each value is in. */

struct blame_line {
    const struct node *node; /* the first value of the line, or NULL */
    origin key;              /* of the key of a line that has no value */
};

struct liner {
    const struct origins *printed; /* places in the output */
    struct blame_line *lines;      /* by number, from 1 */
    size_t count;
};

static struct blame_line *line_at(struct liner *liner, origin at)
{
    unsigned line = origins_place(liner->printed, at).line;
    return line && line < liner->count ? &liner->lines[line] : NULL;
}

static void note_value(struct liner *liner, const struct node *printed, const struct node *node, origin key,
                       origin printed_key)
{
    struct blame_line *line = line_at(liner, printed->origin), *key_line = line_at(liner, printed_key);
    bool leaf = node->kind == NODE_SCALAR || !node->count;
    if (leaf && printed_key && key_line && !key_line->node)
        key_line->node = node;
    else if (leaf && line && !line->node)
        line->node = node;
    else if (!leaf && key_line && !key_line->key)
        key_line->key = key;
}

static void match_lines(struct liner *liner, const struct node *printed, const struct node *node)
{
    if (printed->kind != node->kind)
        return;
    for (uint32_t i = 0; printed->kind == NODE_LIST && i < printed->count && i < node->count; i++) {
        note_value(liner, printed->items[i], node->items[i], 0, 0);
        match_lines(liner, printed->items[i], node->items[i]);
    }
    for (uint32_t i = 0; printed->kind == NODE_MAP && i < printed->count; i++) {
        const struct entry *entry = &printed->entries[i];
        for (uint32_t j = 0; j < node->count; j++)
            if (strcmp(node->entries[j].key->text, entry->key->text) == 0) {
                note_value(liner, entry->value, node->entries[j].value, node->entries[j].origin, entry->origin);
                match_lines(liner, entry->value, node->entries[j].value);
            }
    }
}

/* The part that the last step wrote. */
static const struct written_part *last_part(const struct written *written)
{
    const struct written_part *last = &written->parts[0];
    for (size_t i = 0; i < written->count; i++)
        if (written->step && written->parts[i].step && strcmp(written->step, written->parts[i].step) == 0)
            last = &written->parts[i];
    return last;
}

static struct written_part part_of(const struct blame *blame, const struct blame_line *line)
{
    struct written_part part = {0};
    if (line->node) {
        const struct leaf leaf = {.node = line->node};
        struct written written = blame_leaf(blame, &leaf);
        return written.count ? *last_part(&written) : part;
    }
    part.place = origins_place(blame->origins, line->key);
    return part;
}

static void write_line(const struct blame *blame, const struct written_part *part, const char *text, size_t size,
                       struct text *out)
{
    const struct line_commit *commit = blame_commit(blame, part);
    const char *place = place_text(blame, part, false);
    size_t length = strlen(place);
    if (blame->commits && part->place.file)
        text_format(out, "%s%.*s ", commit && commit->boundary ? "^" : " ", ID_SHOWN,
                    commit && commit->id ? commit->id : "0000000");
    else if (blame->commits)
        text_string(out, "         ");
    if (part->computed && !part->place.file)
        place = arena_format(blame->arena, "(%s)", part->computed);
    text_format(out, "%s%-*s  ", length > LONGEST_PLACE ? "..." : "",
                length > LONGEST_PLACE ? LONGEST_PLACE - 3 : LONGEST_PLACE,
                length > LONGEST_PLACE ? place + length - (LONGEST_PLACE - 3) : place);
    visible_bytes(out, text, size, VISIBLE_LINE);
    text_byte(out, '\n');
}

static bool is_hidden(const struct blamed *blamed, const struct node *node)
{
    for (size_t i = 0; node && i < blamed->leaves.count; i++)
        if (blamed->leaves.items[i].node == node)
            return blame_hides(blamed, &blamed->leaves.items[i]);
    return false;
}

static void write_lines(const struct blame *blame, const struct blamed *blamed, const struct liner *liner,
                        const struct text *printed, struct text *out)
{
    const char *at = text_content(printed);
    bool hidden = false;
    for (size_t i = 1; *at && i < liner->count; i++) {
        size_t size = strcspn(at, "\n");
        const struct blame_line *line = &liner->lines[i];
        bool begins = line->node || line->key;
        bool was_hidden = hidden && !begins;
        hidden = begins ? is_hidden(blamed, line->node) : hidden;
        const struct written_part part = part_of(blame, line);
        size_t colon = strcspn(at, ":");
        if (hidden && !was_hidden)
            write_line(blame, &part, arena_format(blame->arena, "%.*s: (hidden)", (int)(colon < size ? colon : 0), at),
                       (colon < size ? colon : 0) + strlen(": (hidden)"), out);
        else if (!hidden)
            write_line(blame, &part, at, size, out);
        at += size + (at[size] == '\n');
    }
}

static void want_lines(const struct blame *blame, const struct liner *liner)
{
    for (size_t i = 1; blame->commits && i < liner->count; i++) {
        const struct written_part part = part_of(blame, &liner->lines[i]);
        if (part.place.file && part.place.line)
            line_commits_want(blame->commits, part.place.file, part.place.line);
    }
}

bool blame_write_lines(const struct blame *blame, const struct blamed *blamed, struct text *out, struct error *error)
{
    struct text printed = {0};
    struct origins *origins = origins_new();
    struct tree tree = {.arena = blame->arena, .keys = intern_new(blame->arena), .owner = 1};
    struct node *root = NULL;
    bool good = emit_yaml(blamed->resource, &printed, error);
    struct liner liner = {.printed = origins, .count = 2};
    for (size_t i = 0; i < printed.size; i++)
        liner.count += printed.bytes[i] == '\n';
    liner.lines = ARENA_ARRAY(blame->arena, liner.count, struct blame_line);
    const struct yaml_text text = {"", text_content(&printed), printed.size, origins, 0};
    good = good && parse_first(&tree, &text, &root, error);
    if (good && root) {
        match_lines(&liner, root, blamed->resource);
        want_lines(blame, &liner);
        text_string(out, out->size ? "---\n" : "");
        write_lines(blame, blamed, &liner, &printed, out);
    }
    origins_free(origins);
    text_free(&printed);
    return good;
}
