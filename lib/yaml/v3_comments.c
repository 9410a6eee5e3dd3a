/* v3_comments.c: finds comments above keys and items, behind values and at the end of a text.
 *
 * go-yaml v3 attaches comments by rules of its own (scannerc.go, parserc.go, decode.go). What is accepted here is what
 * it prints again where it was, but for indentation and blank lines. */
#include "yaml/v3_comments.h"

#include <string.h>

#include "base/text.h"
#include "yaml/emit_characters.h"

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_CONTENT, LINE_OF_SCALAR };

struct text_line {
    const char *start, *end;
    enum line_kind kind;
    size_t column; /* of the first character that is no blank, from 0 */
    /* The first and the last entry or item that begins in it. */
    struct element {
        const struct node *value;
        size_t column;
        bool item;
    } first, last;
};

struct comment_search {
    struct arena *arena;
    const struct origins *origins;
    struct text_line *lines;
    size_t count;
    struct v3_comments *out;
};

struct v3_comment *v3_comment_at(const struct v3_comments *comments, const struct node *node)
{
    return comments && comments->by_node ? map_get(comments->by_node, &node, sizeof node) : NULL;
}

static struct v3_comment *note_node(struct comment_search *search, const struct node *node)
{
    const struct node **key = ARENA_NEW(search->arena, const struct node *);
    *key = node;
    void **slot = map_slot(search->out->by_node, key, sizeof node);
    if (!*slot)
        *slot = ARENA_NEW(search->arena, struct v3_comment);
    return *slot;
}

/* Beginnings of anchors, aliases and merge keys. */
static size_t count_marks(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        bool begins = i == 0 || strchr(" \t\n\r[{,:\"'", text[i - 1]);
        count += begins && text[i] && strchr("&*", text[i]);
        count += text[i] == '<' && i + 1 < size && text[i + 1] == '<';
    }
    return count;
}

static size_t count_marks_below(const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return count_marks(node->text, node->count);
    size_t count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kind == NODE_MAP)
            count += count_marks(node->entries[i].key->text, node->entries[i].key->size);
        count += count_marks_below(node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
    }
    return count;
}

/* Lines. False: the text has carriage returns, directives or marks of documents. */
static bool split_lines(struct comment_search *search, const char *text, size_t size)
{
    const char *end = text + size;
    size_t room = 1;
    for (const char *at = text; at < end; at++)
        room += *at == '\n';
    search->lines = ARENA_ARRAY(search->arena, room, struct text_line);
    for (const char *at = text; at < end; search->count++) {
        struct text_line *line = &search->lines[search->count];
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        *line = (struct text_line){.start = at, .end = feed ? feed : end};
        while (at < line->end && *at == ' ')
            at++;
        line->column = (size_t)(at - line->start);
        line->kind = at == line->end ? LINE_BLANK : *at == '#' ? LINE_COMMENT : LINE_CONTENT;
        if (memchr(line->start, '\r', (size_t)(line->end - line->start)) || (at < line->end && *at == '\t') ||
            (!line->column && line->kind == LINE_CONTENT && (*at == '%' || strncmp(at, "---", 3) == 0 || *at == '.')))
            return false;
        at = line->end + (feed != NULL);
    }
    return true;
}

/* The line of a place, and the bytes before it. NULL: it has none here. */
static struct text_line *line_of(const struct comment_search *search, origin at, size_t *column)
{
    struct place place = origins_place(search->origins, at);
    if (!place.line || place.line > search->count)
        return NULL;
    struct text_line *line = &search->lines[place.line - 1];
    const char *byte = line->start;
    for (size_t characters = 1; characters < place.column && byte < line->end; characters++)
        byte += character_width(byte, (size_t)(line->end - byte), 0);
    *column = (size_t)(byte - line->start);
    return line;
}

/* The lines of a block scalar: those that are indented more than what holds it. */
static bool mark_scalar(struct comment_search *search, const struct node *scalar, size_t indent)
{
    size_t column;
    struct text_line *line = line_of(search, scalar->origin, &column), *end = search->lines + search->count;
    if (!line || (line->start[column] != '|' && line->start[column] != '>'))
        return false;
    while (++line < end && (line->kind == LINE_BLANK || line->column > indent))
        line->kind = LINE_OF_SCALAR;
    return true;
}

static bool note_elements(struct comment_search *search, const struct node *node);

static bool note_element(struct comment_search *search, const struct node *value, origin at, bool item)
{
    struct element element = {.value = value, .item = item};
    struct text_line *line = line_of(search, at, &element.column);
    if (!line)
        return false;
    if (!line->first.value || element.column < line->first.column)
        line->first = element;
    if (!line->last.value || element.column >= line->last.column)
        line->last = element;
    size_t indent = element.column;
    while (item && indent && line->start[indent] != '-')
        indent--;
    if (value->kind == NODE_SCALAR && (value->style == STYLE_LITERAL || value->style == STYLE_FOLDED))
        return mark_scalar(search, value, indent);
    return note_elements(search, value);
}

static bool is_block(const struct node *node)
{
    return node->kind != NODE_SCALAR && node->style != STYLE_FLOW && node->count;
}

static bool note_elements(struct comment_search *search, const struct node *node)
{
    for (uint32_t i = 0; is_block(node) && i < node->count; i++) {
        bool map = node->kind == NODE_MAP;
        const struct node *value = map ? node->entries[i].value : node->items[i];
        if (!note_element(search, value, map ? node->entries[i].origin : value->origin, !map))
            return false;
    }
    return true;
}

static const char *behind_quotes(const char *at, const char *end)
{
    char quote = *at++;
    for (; at < end; at++) {
        if (*at == '\\' && quote == '"')
            at++;
        else if (*at == quote && quote == '\'' && at + 1 < end && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return NULL;
}

/* Where the comment behind a value begins; the line's end: there is none. NULL: that is hard to say. */
static const char *find_behind(const struct comment_search *search, const struct text_line *line)
{
    const struct node *value = line->last.value;
    const char *at = line->start + line->last.column;
    size_t column;
    if (value && value->kind == NODE_SCALAR && value->count) {
        if (line_of(search, value->origin, &column) != line)
            return NULL;
        at = line->start + column;
    }
    if (value && value->kind == NODE_SCALAR && (*at == '"' || *at == '\''))
        at = behind_quotes(at, line->end);
    for (const char *c = at; at && c < line->end; c++) {
        bool begins = *c == '#' && c > line->start && (c[-1] == ' ' || c[-1] == '\t');
        if (begins)
            return value && value->style != STYLE_LITERAL && value->style != STYLE_FOLDED ? c : NULL;
        if (value && value->kind != NODE_SCALAR && value->style == STYLE_FLOW && (*c == '"' || *c == '\''))
            return memchr(c, '#', (size_t)(line->end - c)) ? NULL : line->end;
    }
    return at ? line->end : NULL;
}

/* Comments behind values go from the lines' ends, where they are noted. */
static bool note_behind(struct comment_search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        struct text_line *line = &search->lines[i];
        if (line->kind != LINE_CONTENT || !memchr(line->start, '#', (size_t)(line->end - line->start)))
            continue;
        const char *comment = find_behind(search, line);
        if (!comment)
            return false;
        if (comment == line->end)
            continue;
        note_node(search, line->last.value)->behind = arena_copy(search->arena, comment, (size_t)(line->end - comment));
        line->end = comment;
    }
    return true;
}

/* Lines of comments that follow each other, with blank lines between them. */
struct stretch {
    size_t start, end; /* lines; the last one is a comment */
    size_t groups;
    bool blank_before, blank_behind;
};

static bool line_is_comment(const struct comment_search *search, size_t line)
{
    return line < search->count && search->lines[line].kind == LINE_COMMENT;
}

static bool line_is_blank(const struct comment_search *search, size_t line)
{
    return line < search->count && search->lines[line].start + search->lines[line].column == search->lines[line].end;
}

static struct stretch stretch_from(const struct comment_search *search, size_t start)
{
    struct stretch stretch = {start, start + 1, 1, start && line_is_blank(search, start - 1), false};
    for (size_t i = start + 1; line_is_comment(search, i) || line_is_blank(search, i); i++) {
        if (line_is_comment(search, i)) {
            stretch.groups += line_is_blank(search, i - 1);
            stretch.end = i + 1;
        }
    }
    stretch.blank_behind = line_is_blank(search, stretch.end);
    return stretch;
}

/* The lines of comment, one blank line between groups. NULL: one does not begin in that column. */
static const char *join_comment(struct comment_search *search, const struct stretch *stretch, size_t column,
                                const char *first, const char *last)
{
    struct text joined = {0};
    const char *copy = NULL;
    bool aligned = true;
    text_string(&joined, first);
    for (size_t i = stretch->start; i < stretch->end; i++) {
        const struct text_line *line = &search->lines[i];
        if (line->kind == LINE_BLANK)
            continue;
        aligned = aligned && line->column == column;
        if (i > stretch->start)
            text_string(&joined, search->lines[i - 1].kind == LINE_BLANK ? "\n\n" : "\n");
        text_bytes(&joined, line->start + line->column, (size_t)(line->end - line->start) - line->column);
    }
    text_string(&joined, last);
    if (aligned)
        copy = arena_copy(search->arena, text_content(&joined), joined.size);
    text_free(&joined);
    return copy;
}

static bool begins_with_dashes(const struct text_line *line)
{
    for (size_t i = 0; i < line->first.column; i++)
        if (line->start[i] != ' ' && line->start[i] != '-')
            return false;
    return line->first.value != NULL;
}

/* Whether a comment directly below this line and before a blank one keeps that: not beneath a key without a value, nor
 * beneath the first line of a text where its value is not plain or has a comment. */
static bool keeps_blank(const struct comment_search *search, const struct text_line *line, size_t column)
{
    const struct node *value = line->last.value;
    if (line->kind != LINE_CONTENT || !value)
        return true;
    const struct v3_comment *comment = v3_comment_at(search->out, value);
    if (line == search->lines &&
        ((comment && comment->behind) || value->kind != NODE_SCALAR || value->style != STYLE_PLAIN))
        return false;
    return value->kind != NODE_SCALAR || value->count || line->last.column != column;
}

/* A comment that ends directly below a value and before a blank line belongs to that value, and moves where items
 * follow. */
static bool note_above(struct comment_search *search, const struct stretch *stretch, const struct text_line *previous,
                       const struct text_line *next)
{
    bool child = previous && previous->kind == LINE_CONTENT && previous->last.value && is_block(previous->last.value);
    bool item = next->column < next->first.column || next->first.item;
    bool below = previous && !child && !stretch->blank_before;
    if (!begins_with_dashes(next) || (below && item && (stretch->blank_behind || stretch->groups > 1)))
        return false;
    bool blank = stretch->blank_behind &&
                 (!previous || (below && stretch->groups == 1 && keeps_blank(search, previous, next->column)));
    const char *above = join_comment(search, stretch, next->column, "", blank ? "\n" : "");
    if (above)
        note_node(search, next->first.value)->above = above;
    return above;
}

/* Comments at the end of a text, which belong to its last value and may move with it. */
static bool note_end(struct comment_search *search, const struct stretch *stretch, const struct text_line *previous)
{
    const struct node *value = previous ? previous->last.value : NULL;
    bool nothing = value && value->kind == NODE_SCALAR && !value->count;
    if (!previous || nothing || (previous->column && stretch->groups > 1 && !stretch->blank_before))
        return false;
    search->out->end = join_comment(search, stretch, 0, stretch->blank_before ? "\n" : "", "");
    return search->out->end;
}

static bool note_stretches(struct comment_search *search)
{
    const struct text_line *previous = NULL;
    for (size_t i = 0; i < search->count; i++) {
        const struct text_line *line = &search->lines[i];
        if (line->kind != LINE_COMMENT) {
            previous = line_is_blank(search, i) ? previous : line;
            continue;
        }
        struct stretch stretch = stretch_from(search, i);
        size_t next = stretch.end;
        while (line_is_blank(search, next))
            next++;
        if (next < search->count ? !note_above(search, &stretch, previous, &search->lines[next])
                                 : !note_end(search, &stretch, previous))
            return false;
        i = stretch.end - 1;
    }
    return true;
}

/* Whether the text without its comments has no more marks than its values. */
static bool has_only_values(const struct comment_search *search, const struct node *root)
{
    struct text bare = {0};
    for (size_t i = 0; i < search->count; i++) {
        const struct text_line *line = &search->lines[i];
        if (line->kind != LINE_COMMENT)
            text_bytes(&bare, line->start, (size_t)(line->end - line->start));
        text_byte(&bare, '\n');
    }
    bool same = count_marks(text_content(&bare), bare.size) == count_marks_below(root);
    text_free(&bare);
    return same;
}

static bool find_comments(struct comment_search *search, const struct node *root, const char *text, size_t size)
{
    if (!memchr(text, '#', size))
        return count_marks(text, size) == count_marks_below(root);
    search->out->by_node = map_new(search->arena);
    return is_block(root) && split_lines(search, text, size) && note_elements(search, root) && note_behind(search) &&
           note_stretches(search) && has_only_values(search, root);
}

void v3_comments_find(struct arena *arena, const struct node *root, const char *text, size_t size,
                      const struct origins *origins, struct v3_comments *out)
{
    struct comment_search search = {.arena = arena, .origins = origins, .out = out};
    *out = (struct v3_comments){0};
    out->incomplete = !find_comments(&search, root, text, size);
}
