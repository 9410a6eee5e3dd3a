/* splice_manner.c: how a file writes, and what stands around a value. */
#include <string.h>

#include "yaml/splice_parts.h"

void put_range(const struct layout *layout, uint32_t from, uint32_t to, struct text *out)
{
    text_bytes(out, layout->bytes + from, to - from);
}

void put_flow_before(const struct layout *layout, uint32_t to, struct text *out)
{
    put_range(layout, 0, to, out);
    if (to && layout->bytes[to - 1] == ':')
        text_byte(out, ' ');
}

/* Looks for a node below another one. */
static bool look_below(const struct layout_node *in, const struct layout_node *node, struct surroundings *found)
{
    const struct surroundings above = *found;
    for (uint32_t i = 0; i < in->count; i++) {
        const struct layout_item *item = &in->items[i];
        if (node->start < item->start || node->start > item->end)
            continue;
        *found = (struct surroundings){in, above.parent, item, above.flow || in->style == STYLE_FLOW};
        if (item->value == node || look_below(item->value, node, found))
            return true;
    }
    *found = above;
    return false;
}

struct surroundings surroundings_of(const struct layout *layout, const struct layout_node *node)
{
    struct surroundings found = {0};
    for (size_t i = 0; i < layout->count; i++)
        if (layout->documents[i] != node && look_below(layout->documents[i], node, &found))
            break;
    return found;
}

/* How a file writes. */

struct census {
    size_t single, quoted;
    uint32_t step, list_step;
    bool has_step, has_list_step;
};

static bool is_quoted(const struct layout_node *node)
{
    return node->kind == LAYOUT_SCALAR && (node->style == STYLE_SINGLE_QUOTED || node->style == STYLE_DOUBLE_QUOTED);
}

static void count_quotes(const struct layout_node *node, struct census *census)
{
    census->quoted += is_quoted(node);
    census->single += node->kind == LAYOUT_SCALAR && node->style == STYLE_SINGLE_QUOTED;
}

/* The first block below a key tells its indentation. */
static void measure_item(const struct layout *layout, const struct layout_item *item, struct census *census)
{
    const struct layout_node *value = item->value;
    if (!item->key || !value->count || value->style == STYLE_FLOW)
        return;
    uint32_t outer = layout_column(layout, item->start), inner = layout_column(layout, value->start);
    bool list = value->kind == LAYOUT_LIST;
    if (inner < outer || (list ? census->has_list_step : census->has_step))
        return;
    *(list ? &census->list_step : &census->step) = inner - outer;
    *(list ? &census->has_list_step : &census->has_step) = true;
}

static void take_census(const struct layout *layout, const struct layout_node *node, struct census *census)
{
    count_quotes(node, census);
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->style != STYLE_FLOW)
            measure_item(layout, &node->items[i], census);
        take_census(layout, node->items[i].value, census);
    }
}

static const char *newline_of(const struct layout *layout)
{
    const char *at = layout->bytes + layout->first, *end = layout->bytes + layout->size;
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    if (at == end || *at == '\n')
        return "\n";
    return at + 1 < end && at[1] == '\n' ? "\r\n" : "\r";
}

static bool is_json(const struct layout *layout)
{
    const struct layout_node *root = layout->count ? layout->documents[0] : NULL;
    return root && root->style == STYLE_FLOW && root->kind == LAYOUT_MAP &&
           (!root->count || root->items[0].key->style == STYLE_DOUBLE_QUOTED);
}

struct manner manner_of(const struct layout *layout)
{
    struct census census = {0};
    for (size_t i = 0; i < layout->count; i++)
        take_census(layout, layout->documents[i], &census);
    uint32_t usual = census.has_step ? census.step : 2;
    return (struct manner){
        .newline = newline_of(layout),
        .json = is_json(layout),
        .quotes = census.single && census.single == census.quoted ? STYLE_SINGLE_QUOTED : STYLE_DOUBLE_QUOTED,
        .step = usual ? usual : 2,
        .list_step = census.has_list_step ? census.list_step : 0,
    };
}

/* Quotes of values alike. */

enum node_style quotes_of(const struct layout_node *node)
{
    return node && is_quoted(node) ? node->style : STYLE_PLAIN;
}

enum node_style model_style(const struct models *models, const char *key)
{
    const struct layout_node *list = models->list;
    for (uint32_t i = list && key ? list->count : 0; i > 0; i--) {
        const struct layout_node *value = layout_value(list->items[i - 1].value, key);
        if (value && value->kind == LAYOUT_SCALAR)
            return quotes_of(value);
    }
    for (uint32_t i = models->map ? models->map->count : 0; i > 0; i--)
        if (models->map->items[i - 1].value->kind == LAYOUT_SCALAR)
            return quotes_of(models->map->items[i - 1].value);
    return STYLE_PLAIN;
}

enum node_style model_key_style(const struct models *models)
{
    return models->map && models->map->count ? quotes_of(models->map->items[models->map->count - 1].key) : STYLE_PLAIN;
}
