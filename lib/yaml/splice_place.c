/* splice_place.c: the lines beside the items of a block: blank ones, and comments that belong to an item. */
#include <string.h>

#include "yaml/splice_parts.h"

static bool is_blank_line(const struct layout *layout, uint32_t line)
{
    const char *at = layout->bytes + line, *end = layout->bytes + layout->size;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at == end || *at == '\n' || *at == '\r';
}

/* Whether a line holds nothing but a comment; its column. */
static bool is_comment_line(const struct layout *layout, uint32_t line, uint32_t *column)
{
    *column = (uint32_t)strspn(layout->bytes + line, " ");
    return line + *column < layout->size && layout->bytes[line + *column] == '#';
}

bool items_are_apart(const struct layout *layout, const struct layout_node *of)
{
    if (of->count < 2 || of->style == STYLE_FLOW)
        return false;
    uint32_t line = layout_line_start(layout, of->items[of->count - 1].start), column;
    while (line > layout->first) {
        line = layout_line_start(layout, line - 1);
        if (line < of->items[of->count - 2].end || !is_comment_line(layout, line, &column))
            break;
    }
    return line >= of->items[of->count - 2].end && is_blank_line(layout, line);
}

/* Comments directly below belong to the item where they stand further right, or as far left and before a blank line. */
uint32_t line_behind(const struct layout *layout, const struct layout_item *item)
{
    uint32_t own = layout_column(layout, item->start), column;
    bool at_line = item->end > layout->first && strchr("\r\n", layout->bytes[item->end - 1]);
    uint32_t line = at_line ? item->end : layout_next_line(layout, item->end);
    while (is_comment_line(layout, line, &column) && column > own)
        line = layout_next_line(layout, line);
    uint32_t further = line;
    while (is_comment_line(layout, further, &column) && column >= own)
        further = layout_next_line(layout, further);
    return further == layout->size || is_blank_line(layout, further) ? further : line;
}
