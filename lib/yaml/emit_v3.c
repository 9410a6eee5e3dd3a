/* emit_v3.c: trees as go-yaml v3 prints them. Source: go-yaml v3, encode.go, emitterc.go. */
#include "yaml/emit_v3.h"

#include <string.h>

#include "base/utf8.h"
#include "yaml/emit_v3_scalar.h"
#include "yaml/emit_value.h"

enum { DEEPEST = 1000, INDENT = 2 };

struct v3_emitter {
    struct v3_writer writer;
    const struct v3_comments *comments; /* NULL: none */
    struct error *error;
    unsigned depth;
};

static bool emit_node(struct v3_emitter *emitter, const struct node *node, bool in_map);

/* A tag is written where it was, or where the text alone would mean something else; a string is quoted instead. */
static struct v3_scalar scalar_of(const char *text, size_t size, const struct node *node)
{
    struct v3_scalar scalar = {text, size, (enum node_style)node->style, NULL};
    if (node->tag != TAG_NONE && (node->tagged || node->tag != TAG_STRING || node->style == STYLE_PLAIN)) {
        enum node_tag implied = node_resolve(text, size);
        bool other = implied != node->tag || implied == TAG_MERGE; /* go-yaml writes the tag of a plain << */
        if (node->tagged || (other && node->tag != TAG_STRING))
            scalar.tag = node_tag_name(node);
        else if (implied != node->tag)
            scalar.style = STYLE_DOUBLE_QUOTED;
    }
    if (node->style == STYLE_PLAIN && size && memchr(text, '\n', size))
        scalar.style = STYLE_LITERAL;
    return scalar;
}

static struct v3_scalar key_of(const struct entry *entry)
{
    struct node node = {.tag = entry->tag, .style = entry->style};
    return scalar_of(entry->key->text, entry->key->size, &node);
}

static bool check_text(const struct v3_emitter *emitter, const char *text, size_t size, origin at)
{
    return utf8_is_valid(text, size) || error_at(emitter->error, at, NOT_UTF8);
}

static bool emit_scalar(struct v3_emitter *emitter, const struct node *node)
{
    struct v3_scalar scalar = scalar_of(node->text, node->count, node);
    v3_scalar(&emitter->writer, &scalar, V3_VALUE);
    return check_text(emitter, node->text, node->count, node->origin) &&
           (!scalar.tag || check_text(emitter, scalar.tag, strlen(scalar.tag), node->origin));
}

static bool emit_key(struct v3_emitter *emitter, const struct entry *entry, const struct v3_scalar *key, bool simple)
{
    v3_scalar(&emitter->writer, key, simple ? V3_SIMPLE_KEY : V3_VALUE);
    return check_text(emitter, key->text, key->size, entry->origin);
}

static void emit_tag(struct v3_emitter *emitter, const struct node *node)
{
    bool usual = node->tag == TAG_NONE || node->tag == (node->kind == NODE_MAP ? TAG_MAP : TAG_LIST);
    if (!usual || node->tagged)
        v3_indicator(&emitter->writer, node_tag_name(node), true, false, false);
}

static void emit_comment(struct v3_writer *writer, const char *comment, size_t size)
{
    text_bytes(writer->out, comment, size);
    writer->column += size;
    writer->whitespace = writer->indention = false;
}

static void emit_lines(struct v3_writer *writer, const char *lines)
{
    while (lines) {
        size_t size = strcspn(lines, "\n");
        if (size) {
            v3_indent(writer, writer->indent);
            emit_comment(writer, lines, size);
        } else {
            if (writer->column)
                v3_break(writer);
            v3_break(writer);
            writer->whitespace = writer->indention = true;
        }
        lines = lines[size] ? lines + size + 1 : NULL;
    }
}

/* An item and its first key may share what is above them. */
static void emit_above(struct v3_emitter *emitter, const struct node *node)
{
    struct v3_comment *comment = v3_comment_at(emitter->comments, node);
    if (comment)
        emit_lines(&emitter->writer, comment->above);
}

static void emit_behind(struct v3_emitter *emitter, const struct node *node)
{
    struct v3_comment *comment = v3_comment_at(emitter->comments, node);
    if (!comment || !comment->behind)
        return;
    text_byte(emitter->writer.out, ' ');
    emit_comment(&emitter->writer, comment->behind, strlen(comment->behind));
}

static bool is_block(const struct node *node)
{
    return node->kind != NODE_SCALAR && node->style != STYLE_FLOW && node->count;
}

/* A value with the comment behind it, or behind its key where it goes on below. */
static bool emit_remarked(struct v3_emitter *emitter, const struct node *node, bool in_map)
{
    bool block = is_block(node);
    if (block && in_map)
        emit_behind(emitter, node);
    bool done = emit_node(emitter, node, in_map);
    if (!block)
        emit_behind(emitter, node);
    return done;
}

static bool emit_flow_list(struct v3_emitter *emitter, const struct node *list)
{
    struct v3_writer *writer = &emitter->writer;
    v3_indicator(writer, "[", true, true, false);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            v3_indicator(writer, ",", false, false, false);
        if (!emit_node(emitter, list->items[i], false))
            return false;
    }
    v3_indicator(writer, "]", false, false, false);
    return true;
}

static bool emit_flow_map(struct v3_emitter *emitter, const struct node *map)
{
    struct v3_writer *writer = &emitter->writer;
    v3_indicator(writer, "{", true, true, false);
    for (uint32_t i = 0; i < map->count; i++) {
        struct v3_scalar key = key_of(&map->entries[i]);
        bool simple = v3_is_simple_key(&key);
        if (i)
            v3_indicator(writer, ",", false, false, false);
        if (!simple)
            v3_indicator(writer, "?", true, false, false);
        if (!emit_key(emitter, &map->entries[i], &key, simple))
            return false;
        v3_indicator(writer, ":", !simple, false, false);
        if (!emit_node(emitter, map->entries[i].value, true))
            return false;
    }
    v3_indicator(writer, "}", false, false, false);
    return true;
}

static bool emit_flow(struct v3_emitter *emitter, const struct node *node)
{
    int outer = emitter->writer.indent;
    emitter->writer.indent = outer < 0 ? INDENT : outer + INDENT;
    emitter->writer.flow++;
    if (!(node->kind == NODE_MAP ? emit_flow_map(emitter, node) : emit_flow_list(emitter, node)))
        return false;
    emitter->writer.flow--;
    emitter->writer.indent = outer;
    return true;
}

static bool emit_block_list(struct v3_emitter *emitter, const struct node *list, bool in_map)
{
    struct v3_writer *writer = &emitter->writer;
    int outer = writer->indent;
    bool compact = in_map && (writer->column == 0 || !writer->indention);
    writer->indent = outer < 0 ? 0 : compact ? outer : outer + INDENT;
    for (uint32_t i = 0; i < list->count; i++) {
        emit_above(emitter, list->items[i]);
        v3_indent(writer, writer->indent);
        v3_indicator(writer, "-", true, false, true);
        if (!emit_remarked(emitter, list->items[i], false))
            return false;
    }
    writer->indent = outer;
    return true;
}

static bool emit_block_map(struct v3_emitter *emitter, const struct node *map)
{
    struct v3_writer *writer = &emitter->writer;
    int outer = writer->indent;
    writer->indent = outer < 0 ? 0 : outer + INDENT;
    for (uint32_t i = 0; i < map->count; i++) {
        struct v3_scalar key = key_of(&map->entries[i]);
        bool simple = v3_is_simple_key(&key);
        emit_above(emitter, map->entries[i].value);
        v3_indent(writer, writer->indent);
        if (!simple)
            v3_indicator(writer, "?", true, false, true);
        if (!emit_key(emitter, &map->entries[i], &key, simple))
            return false;
        if (!simple)
            v3_indent(writer, writer->indent);
        v3_indicator(writer, ":", !simple, false, !simple);
        if (!emit_remarked(emitter, map->entries[i].value, true))
            return false;
    }
    writer->indent = outer;
    return true;
}

static bool emit_node(struct v3_emitter *emitter, const struct node *node, bool in_map)
{
    if (node->kind == NODE_SCALAR)
        return emit_scalar(emitter, node);
    if (++emitter->depth > DEEPEST)
        return error_at(emitter->error, node->origin, "nested more than %d deep", DEEPEST);
    emit_tag(emitter, node);
    bool flow = emitter->writer.flow || !is_block(node);
    bool done = flow                     ? emit_flow(emitter, node)
                : node->kind == NODE_MAP ? emit_block_map(emitter, node)
                                         : emit_block_list(emitter, node, in_map);
    emitter->depth--;
    return done;
}

bool emit_v3_with(const struct node *node, const struct v3_comments *comments, struct text *out, struct error *error)
{
    struct v3_emitter emitter = {.writer = {.out = out, .indent = -1, .whitespace = true, .indention = true},
                                 .comments = comments,
                                 .error = error};
    if (!emit_node(&emitter, node, false))
        return false;
    if (comments)
        emit_lines(&emitter.writer, comments->end);
    v3_indent(&emitter.writer, -1);
    return true;
}

bool emit_v3(const struct node *node, struct text *out, struct error *error)
{
    return emit_v3_with(node, NULL, out, error);
}
