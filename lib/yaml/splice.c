/* splice.c: replaces and removes values. */
#include "yaml/splice.h"

#include <string.h>

#include "yaml/splice_parts.h"

static bool refuse_edit(const struct layout *layout, uint32_t at, const char *reason, struct error *error)
{
    return error_in(error, layout_place(layout, at), "%s", reason);
}

static bool is_replaceable(const struct layout *layout, const struct layout_node *node, struct error *error)
{
    if (node->kind == LAYOUT_ALIAS)
        return refuse_edit(layout, node->start,
                           "is an alias: write the value itself here, or change it where it is anchored", error);
    if (node->kind == LAYOUT_SCALAR && (node->style == STYLE_LITERAL || node->style == STYLE_FOLDED))
        return refuse_edit(layout, node->start, "is a block of text (| or >): write it in one line", error);
    if (node->kind != LAYOUT_SCALAR && node->kind != LAYOUT_NOTHING)
        return refuse_edit(layout, node->start, "is a map or a list where a string is expected", error);
    return true;
}

/* What stands between a key and the value that it gets; in {key} the colon is missing, too. */
static bool put_missing_colon(const struct layout *layout, const struct layout_node *place,
                              const struct layout_item *item, struct text *out, struct error *error)
{
    bool missing = item && item->key && item->key->end == place->start;
    if (missing && layout->bytes[item->start] == '?')
        return refuse_edit(layout, item->start, "is a key with ? and without a value: write it as key: value", error);
    char before = place->start ? layout->bytes[place->start - 1] : ' ';
    text_string(out, missing ? ": " : strchr(" \t\n", before) ? "" : " ");
    return true;
}

bool splice_string(const struct layout *layout, const struct layout_node *scalar, const char *string, size_t size,
                   struct text *out, struct error *error)
{
    if (!is_replaceable(layout, scalar, error))
        return false;
    struct manner manner = manner_of(layout);
    struct surroundings around = surroundings_of(layout, scalar);
    put_range(layout, 0, scalar->start, out);
    if (scalar->kind == LAYOUT_NOTHING && !put_missing_colon(layout, scalar, around.item, out, error))
        return false;
    if (!put_string(&manner, string, size, quotes_of(scalar), around.flow, out, error))
        return false;
    char behind = scalar->end < layout->size ? layout->bytes[scalar->end] : '\n';
    if (scalar->kind == LAYOUT_NOTHING && !strchr(" \t\r\n,]}", behind))
        text_byte(out, ' ');
    put_range(layout, scalar->end, layout->size, out);
    struct node value = {.kind = NODE_SCALAR, .tag = TAG_STRING, .text = string, .count = (uint32_t)size};
    return reads_as_meant(layout, &(struct change){CHANGE_REPLACES, scalar, &value, NULL, 0}, out, error);
}

/* Removing. */

static bool is_blank_between(const struct layout *layout, uint32_t from, uint32_t to)
{
    while (from < to && strchr(" \t\r\n", layout->bytes[from]))
        from++;
    return from == to;
}

static void put_without(const struct layout *layout, uint32_t from, uint32_t to, struct text *out)
{
    put_range(layout, 0, from, out);
    put_range(layout, to, layout->size, out);
}

static bool ends_line(const struct layout *layout, uint32_t at)
{
    return at > layout->first && strchr("\r\n", layout->bytes[at - 1]);
}

/* Where the line break before a line begins. */
static uint32_t before_break(const struct layout *layout, uint32_t line)
{
    line -= line > layout->first;
    return line - (line > layout->first && layout->bytes[line] == '\n' && layout->bytes[line - 1] == '\r');
}

/* The lines of an item, with the blank line that sets the last one apart. */
static void remove_lines(const struct layout *layout, const struct layout_node *of, const struct layout_item *item,
                         struct text *out)
{
    uint32_t from = layout_line_start(layout, item->start);
    uint32_t to = ends_line(layout, item->end) ? item->end : layout_next_line(layout, item->end);
    uint32_t above = before_break(layout, from), start = layout_line_start(layout, above);
    bool last = item == &of->items[of->count - 1];
    if (last && from > layout->first && is_blank_between(layout, start, above) && items_are_apart(layout, of))
        from = start;
    if (!ends_line(layout, to))
        from = before_break(layout, from);
    put_without(layout, from, to, out);
}

/* The only item goes: the collection is written as an empty one. */
static bool remove_only(const struct layout *layout, const struct layout_node *of, struct text *out,
                        struct error *error)
{
    struct surroundings around = surroundings_of(layout, of);
    const char *empty = of->kind == LAYOUT_MAP ? "{}" : "[]";
    const struct layout_node *key = around.item ? around.item->key : NULL;
    const char *colon = key ? memchr(layout->bytes + key->end, ':', of->start - key->end) : NULL;
    uint32_t behind = colon ? (uint32_t)(colon + 1 - layout->bytes) : of->start;
    uint32_t line = layout_line_start(layout, of->start);
    if (of->anchored || of->tagged)
        return refuse_edit(layout, of->start, "has an anchor or a tag: remove its only item by hand", error);
    if (of->style == STYLE_FLOW || line <= behind) {
        put_range(layout, 0, of->start, out);
        text_string(out, empty);
        put_range(layout, ends_line(layout, of->end) ? before_break(layout, of->end) : of->end, layout->size, out);
        return true;
    }
    uint32_t to = ends_line(layout, of->end) ? of->end : layout_next_line(layout, of->end);
    if (!ends_line(layout, to))
        line = before_break(layout, line);
    put_range(layout, 0, behind, out);
    text_format(out, " %s", empty);
    put_range(layout, behind, line, out);
    put_range(layout, to, layout->size, out);
    return true;
}

static void remove_from_flow(const struct layout *layout, const struct layout_item *item, bool first, struct text *out)
{
    if (first)
        put_range(layout, 0, item->start, out);
    else
        put_flow_before(layout, item[-1].end, out);
    put_range(layout, first ? item[1].start : item->end, layout->size, out);
}

static bool remove_item(const struct layout *layout, const struct layout_node *of, uint32_t index, struct text *out,
                        struct error *error)
{
    const struct layout_item *item = &of->items[index];
    if (of->count == 1)
        return remove_only(layout, of, out, error);
    if (of->style == STYLE_FLOW)
        remove_from_flow(layout, item, !index, out);
    else if (is_blank_between(layout, layout_line_start(layout, item->start), item->start))
        remove_lines(layout, of, item, out);
    else if (index + 1 < of->count)
        put_without(layout, item->start, item[1].start, out);
    else
        return refuse_edit(layout, item->start, "begins behind a line break that is none to most: remove it by hand",
                           error);
    return true;
}

bool splice_remove(const struct layout *layout, const struct layout_node *of, uint32_t index, struct text *out,
                   struct error *error)
{
    return remove_item(layout, of, index, out, error) &&
           reads_as_meant(layout, &(struct change){CHANGE_REMOVES, of, NULL, NULL, index}, out, error);
}
