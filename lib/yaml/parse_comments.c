/* parse_comments.c: finds schema comments, and the values that they are about. */
#include "yaml/parse_comments.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* The brace of # {"... or NULL. A JSON object begins so; `{}` says nothing. */
static const char *object_behind(const char *at, const char *end)
{
    while (at < end && *at == '#')
        at++;
    while (at < end && is_blank(*at))
        at++;
    const char *inner = at + 1;
    while (inner < end && is_blank(*inner))
        inner++;
    return inner < end && *at == '{' && *inner == '"' ? at : NULL;
}

/* The line that a search is in. */
struct line {
    const char *start, *stop; /* its first byte and its line feed, or the end */
};

static void find_line(struct line *line, const char *at, const char *end)
{
    while (at > line->stop || !line->stop) {
        line->start = line->stop ? line->stop + 1 : line->start;
        const char *found = memchr(line->start, '\n', (size_t)(end - line->start));
        line->stop = found ? found : end;
    }
}

/* Whether the line that begins here has nothing but a comment. */
static bool is_comment_line(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at < end && *at == '#';
}

static bool has_neighbours(const struct line *line, const struct part *part)
{
    const char *end = part->bytes + part->size, *above = line->start;
    if (above > part->bytes)
        above--;
    while (above > part->bytes && above[-1] != '\n')
        above--;
    return (above < line->start && is_comment_line(above, line->start)) ||
           (line->stop < end && is_comment_line(line->stop + 1, end));
}

static void add_comment(struct comments *comments, const struct part *part, const struct line *line, const char *brace,
                        bool own_line)
{
    if (comments->count == comments->room) {
        comments->room = comments->room ? comments->room * 2 : 16;
        comments->items = memory_resize(comments->items, memory_product(comments->room, sizeof *comments->items));
    }
    const char *text_end = line->stop;
    while (text_end > brace && (is_blank(text_end[-1]) || text_end[-1] == '\r'))
        text_end--;
    comments->items[comments->count++] = (struct comment){
        .text = brace,
        .size = (size_t)(text_end - brace),
        .own_line = own_line,
        .alone = own_line && !has_neighbours(line, part),
    };
}

/* Counts lines up to the comments that were found. */
static void number_comments(struct comments *comments, const struct part *part)
{
    size_t line = 0;
    const char *at = part->bytes;
    for (size_t i = 0; i < comments->count; i++) {
        struct comment *comment = &comments->items[i];
        for (; at < comment->text; at++)
            line += *at == '\n';
        comment->at = (size_t)(at - part->bytes);
        comment->line = line;
    }
}

/* Each byte is looked at a bounded number of times, whatever the text is. */
void comments_find(struct comments *comments, const struct part *part)
{
    const char *end = part->bytes + part->size;
    struct line line = {part->bytes, NULL};
    comments->part = part;
    comments->count = comments->next = 0;
    comments->last_line = comments->taken_line = SIZE_MAX;
    for (const char *at = part->bytes; at < end;) {
        at = memchr(at, '#', (size_t)(end - at));
        if (!at)
            break;
        bool begins = at == part->bytes || is_blank(at[-1]) || at[-1] == '\n';
        const char *brace = begins ? object_behind(at, end) : NULL;
        if (brace) {
            find_line(&line, at, end);
            bool own_line = is_comment_line(line.start, at + 1);
            add_comment(comments, part, &line, brace, own_line);
            at = own_line ? line.stop : brace;
        }
        while (at < end && *at == '#')
            at++;
    }
    number_comments(comments, part);
}

void comments_free(struct comments *comments)
{
    free(comments->items);
}

/* Reads a comment and returns its number for node->schema. Most comments that are no JSON are none of ours: 0. */
static uint32_t keep_comment(struct tree *tree, const struct comment *comment, const struct part *part)
{
    struct schema_comments *kept = tree->schema_comments;
    struct tree own = {.arena = kept->arena, .keys = tree->keys};
    struct yaml_text text = {0};
    origin start = part->start ? part->start + (origin)comment->at : 0;
    struct part object = {comment->text, comment->size, start};
    struct loader *loader = loader_new(&own, &text, DIALECT_STRICT);
    struct node *node = NULL;
    bool good = load_document(loader, &object, &node, NULL);
    loader_free(loader);
    if (!good || !node_is_map(node))
        return 0;
    kept->items = arena_grow(kept->arena, kept->items, kept->count, &kept->room, sizeof(const struct node *));
    kept->items[kept->count++] = node;
    return (uint32_t)kept->count;
}

void comments_before(struct comments *comments, const struct stretch *event, struct tree *tree, struct builder *builder)
{
    for (; comments->next < comments->count; comments->next++) {
        const struct comment *comment = &comments->items[comments->next];
        if (comment->at >= event->start)
            return;
        if (comment->line == comments->taken_line)
            continue;
        comments->taken_line = comment->line;
        if (!comment->own_line && comment->line == comments->last_line)
            builder_schema_behind(builder, keep_comment(tree, comment, comments->part));
        else if (event->start_line == comment->line + 1 && (comment->alone || !comment->own_line))
            builder_schema_ahead(builder, keep_comment(tree, comment, comments->part), comment->own_line);
    }
}

void comments_after(struct comments *comments, const struct stretch *event, struct tree *tree, struct builder *builder)
{
    if (event->value)
        comments->last_line = event->end_line;
    for (; event->scalar && comments->next < comments->count; comments->next++) {
        const struct comment *comment = &comments->items[comments->next];
        if (comment->at >= event->end)
            return;
        if (event->block && comment->line == event->start_line)
            builder_schema_behind(builder, keep_comment(tree, comment, comments->part));
    }
}
