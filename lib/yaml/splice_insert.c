/* splice_insert.c: adds items and entries as the file writes those beside them. */
#include <string.h>

#include "yaml/splice_parts.h"

/* Blocks. */

static bool put_key(const struct manner *manner, const struct key *key, const struct models *models, bool flow,
                    struct text *out, struct error *error)
{
    return put_string(manner, key->text, key->size, model_key_style(models), flow, out, error);
}

static void put_line(const struct manner *manner, uint32_t column, struct text *out)
{
    text_string(out, manner->newline);
    text_repeat(out, ' ', column);
}

static bool put_block_item(const struct manner *manner, const struct node *value, uint32_t column,
                           const struct models *models, struct text *out, struct error *error);

static bool put_block_list(const struct manner *manner, const struct node *list, uint32_t column,
                           const struct models *models, struct text *out, struct error *error)
{
    for (uint32_t i = 0; i < list->count; i++) {
        put_line(manner, column, out);
        text_string(out, "- ");
        if (!put_block_item(manner, list->items[i], column + 2, models, out, error))
            return false;
    }
    return true;
}

static bool put_block_value(const struct manner *manner, const struct node *value, uint32_t key_column,
                            const struct models *models, const char *key, struct text *out, struct error *error);

static bool put_flow_value(const struct manner *manner, const struct node *value, const struct gaps *gaps,
                           const struct models *models, struct text *out, struct error *error);

static bool put_block_item(const struct manner *manner, const struct node *value, uint32_t column,
                           const struct models *models, struct text *out, struct error *error)
{
    if (node_is_scalar(value))
        return put_scalar(manner, value, model_style(models, NULL), false, out, error);
    if (!node_is_map(value) || !value->count)
        return put_flow_value(manner, value, NULL, models, out, error);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct entry *entry = &value->entries[i];
        if (i)
            put_line(manner, column, out);
        if (!put_key(manner, entry->key, models, false, out, error))
            return false;
        text_byte(out, ':');
        if (!put_block_value(manner, entry->value, column, models, entry->key->text, out, error))
            return false;
    }
    return true;
}

/* A value as a block whose lines begin at a column, behind "- " or behind "key:". */
static bool put_block_value(const struct manner *manner, const struct node *value, uint32_t key_column,
                            const struct models *models, const char *key, struct text *out, struct error *error)
{
    static const struct models none = {0};
    if (!node_is_scalar(value) && value->count && node_is_list(value))
        return put_block_list(manner, value, key_column + manner->list_step, &none, out, error);
    if (!node_is_scalar(value) && value->count) {
        put_line(manner, key_column + manner->step, out);
        return put_block_item(manner, value, key_column + manner->step, &none, out, error);
    }
    text_byte(out, ' ');
    if (node_is_scalar(value))
        return put_scalar(manner, value, model_style(models, key), false, out, error);
    return put_flow_value(manner, value, NULL, models, out, error);
}

/* [] and {}. */

static bool put_flow_entry(const struct manner *manner, const struct entry *entry, const struct gaps *gaps,
                           const struct models *models, struct text *out, struct error *error)
{
    if (!put_key(manner, entry->key, models, true, out, error))
        return false;
    text_string(out, gaps->colon);
    if (node_is_scalar(entry->value))
        return put_scalar(manner, entry->value, model_style(models, entry->key->text), true, out, error);
    struct gaps inner = {"", ", ", "", gaps->colon};
    return put_flow_value(manner, entry->value, &inner, models, out, error);
}

/* A value in flow style. `gaps` are those of a map or list like it; NULL: the usual ones, in one line. */
static bool put_flow_value(const struct manner *manner, const struct node *value, const struct gaps *gaps,
                           const struct models *models, struct text *out, struct error *error)
{
    static const struct gaps usual = {"", ", ", "", ": "};
    gaps = gaps ? gaps : &usual;
    const struct gaps inner = {"", ", ", "", gaps->colon};
    if (node_is_scalar(value))
        return put_scalar(manner, value, model_style(models, NULL), true, out, error);
    text_byte(out, node_is_map(value) ? '{' : '[');
    text_string(out, value->count ? gaps->open : "");
    for (uint32_t i = 0; i < value->count; i++) {
        text_string(out, i ? gaps->between : "");
        bool good = node_is_map(value) ? put_flow_entry(manner, &value->entries[i], gaps, models, out, error)
                                       : put_flow_value(manner, value->items[i], &inner, models, out, error);
        if (!good)
            return false;
    }
    text_string(out, value->count ? gaps->close : "");
    text_byte(out, node_is_map(value) ? '}' : ']');
    return true;
}

/* A stretch that holds nothing but blanks, line breaks and at most one comma; else what is usual. */
static const char *gap_text(const struct layout *layout, uint32_t from, uint32_t to, const char *usual,
                            struct arena *arena)
{
    const char *text = arena_copy(arena, layout->bytes + from, to - from);
    return text[strspn(text, " \t\r\n,:")] ? usual : text;
}

/* Where a collection with line breaks has one item only, the break before it says how the next one is set apart. */
static const char *gap_between(const struct layout *layout, const struct layout_node *flow, const char *open,
                               struct arena *arena)
{
    const struct layout_item *last = &flow->items[flow->count - 1];
    if (flow->count > 1)
        return gap_text(layout, last[-1].end, last->start, ", ", arena);
    return strpbrk(open, "\r\n") ? arena_format(arena, ",%s", open) : ", ";
}

static const char *colon_of(const struct layout *layout, const struct layout_node *flow, struct arena *arena)
{
    const struct layout_item *last = &flow->items[flow->count - 1];
    bool written = last->key && last->value->kind != LAYOUT_NOTHING && !last->value->anchored && !last->value->tagged;
    return written ? gap_text(layout, last->key->end, last->value->start, ": ", arena) : ": ";
}

/* Those of the layout's [] or {}; of an empty one, those that would be usual. */
static struct gaps gaps_of(const struct layout *layout, const struct layout_node *flow, struct arena *arena)
{
    if (!flow->count || !strchr("[{", layout->bytes[flow->start]))
        return (struct gaps){"", ", ", "", ": "};
    const struct layout_item *last = &flow->items[flow->count - 1];
    const char *open = gap_text(layout, flow->start + 1, flow->items[0].start, "", arena);
    const char *close = gap_text(layout, last->end, flow->end - 1, "", arena);
    return (struct gaps){open, gap_between(layout, flow, open, arena), strchr(close, ',') ? "" : close,
                         colon_of(layout, flow, arena)};
}

/* A list or map in several lines, deeper by a step than the one that it goes into. */
static struct gaps gaps_below(const struct layout *layout, const struct layout_node *parent, struct arena *arena)
{
    struct gaps above = gaps_of(layout, parent, arena);
    if (!strpbrk(above.open, "\r\n"))
        return (struct gaps){"", above.between, "", above.colon};
    size_t outer = strcspn(above.close, " "), inner = strcspn(above.open, " ");
    size_t step = strlen(above.open + inner) - strlen(above.close + outer);
    const char *open = arena_format(arena, "%s%*s", above.open, step < 64 ? (int)step : 2, "");
    return (struct gaps){open, arena_format(arena, ",%s", open), above.open, above.colon};
}

/* Puts lines (which begin with a line break) behind an item of a block. */
static bool put_lines(const struct layout *layout, const struct layout_node *of, const struct manner *manner,
                      const struct text *lines, struct text *out)
{
    uint32_t at = line_behind(layout, &of->items[of->count - 1]);
    bool broken = at > layout->first && strchr("\r\n", layout->bytes[at - 1]);
    size_t skipped = broken ? strlen(manner->newline) : 0;
    put_range(layout, 0, at, out);
    if (items_are_apart(layout, of))
        text_string(out, manner->newline);
    text_bytes(out, lines->bytes + skipped, lines->size - skipped);
    if (broken)
        text_string(out, manner->newline);
    put_range(layout, at, layout->size, out);
    return true;
}

/* Puts what is to follow the last item of [] or {}. */
static bool put_behind(const struct layout *layout, const struct layout_node *flow, const struct gaps *gaps,
                       const struct text *added, struct text *out)
{
    uint32_t at = flow->count ? flow->items[flow->count - 1].end : flow->start + 1;
    put_flow_before(layout, at, out);
    text_string(out, flow->count ? gaps->between : gaps->open);
    text_bytes(out, added->bytes, added->size);
    text_string(out, flow->count ? "" : gaps->close);
    put_range(layout, at, layout->size, out);
    return true;
}

/* The last item of a list that is a map. */
static const struct layout_node *last_map(const struct layout_node *list)
{
    for (uint32_t i = list->count; i > 0; i--)
        if (list->items[i - 1].value->kind == LAYOUT_MAP && list->items[i - 1].value->count)
            return list->items[i - 1].value;
    return NULL;
}

static bool is_flow(const struct layout_node *node)
{
    return node->style == STYLE_FLOW;
}

static bool put_new_flow_item(const struct layout *layout, const struct manner *manner, const struct layout_node *list,
                              const struct node *item, const struct models *models, struct arena *arena,
                              struct text *out, struct error *error)
{
    struct gaps usual = {"", ", ", "", ": "}, like = usual;
    if (models->map && is_flow(models->map))
        like = gaps_of(layout, models->map, arena);
    else if (is_flow(list) && manner->json)
        like = gaps_below(layout, list, arena);
    return put_flow_value(manner, item, &like, models, out, error);
}

/* "-" and the blanks behind it, as the last item has them, and the item. */
static bool put_new_block_item(const struct layout *layout, const struct manner *manner, const struct layout_node *list,
                               const struct node *item, const struct models *models, struct text *out,
                               struct error *error)
{
    const struct layout_item *last = &list->items[list->count - 1];
    uint32_t column = layout_column(layout, last->start), width = 2;
    const struct layout_node *value = last->value;
    if (value->kind != LAYOUT_NOTHING && !value->anchored && !value->tagged &&
        layout_line_start(layout, value->start) == layout_line_start(layout, last->start))
        width = value->start - last->start;
    put_line(manner, column, out);
    text_byte(out, '-');
    text_repeat(out, ' ', width - 1);
    return put_block_item(manner, item, column + width, models, out, error);
}

bool splice_add_item(const struct layout *layout, const struct layout_node *list, const struct node *item,
                     struct text *out, struct error *error)
{
    struct manner manner = manner_of(layout);
    struct models models = {.map = last_map(list), .list = list};
    if (!models.map && list->count && list->items[list->count - 1].value->kind == LAYOUT_SCALAR)
        models.map = list;
    bool flow_item = is_flow(list) || (node_is_map(item) && models.map && models.map != list && is_flow(models.map));
    if (list->kind != LAYOUT_LIST)
        return error_in(error, layout_place(layout, list->start), "is no list");
    struct arena *arena = arena_new();
    struct text added = {0};
    struct gaps gaps = is_flow(list) ? gaps_of(layout, list, arena) : (struct gaps){0};
    if (flow_item && !is_flow(list)) {
        put_line(&manner, layout_column(layout, list->items[list->count - 1].start), &added);
        text_string(&added, "- ");
    }
    bool good = flow_item ? put_new_flow_item(layout, &manner, list, item, &models, arena, &added, error)
                          : put_new_block_item(layout, &manner, list, item, &models, &added, error);
    good = good && (is_flow(list) ? put_behind(layout, list, &gaps, &added, out)
                                  : put_lines(layout, list, &manner, &added, out));
    text_free(&added);
    arena_free(arena);
    return good && reads_as_meant(layout, &(struct change){CHANGE_ADDS, list, item, NULL, 0}, out, error);
}

/* Entries. */

static bool put_new_block_entry(const struct layout *layout, const struct manner *manner, const struct layout_node *map,
                                const struct key *key, const struct node *value, const struct models *models,
                                struct text *out, struct error *error)
{
    uint32_t column = layout_column(layout, map->items[0].start);
    put_line(manner, column, out);
    if (!put_key(manner, key, models, false, out, error))
        return false;
    text_byte(out, ':');
    return put_block_value(manner, value, column, models, key->text, out, error);
}

/* A map or list in a text of several lines is laid out as it is, with a map in a list below it. */
static bool put_deep_flow_value(const struct manner *manner, const struct node *value, const struct gaps *gaps,
                                const struct models *models, struct arena *arena, struct text *out, struct error *error)
{
    const struct node *first = node_is_list(value) && value->count == 1 ? value->items[0] : NULL;
    if (!node_is_map(first) || !strpbrk(gaps->open, "\r\n"))
        return put_flow_value(manner, value, gaps, models, out, error);
    const char *outer = gaps->close, *open = gaps->open;
    size_t step = strlen(open) - strlen(outer);
    const char *deeper = arena_format(arena, "%s%*s", open, (int)(step < 64 ? step : 2), "");
    struct gaps inner = {deeper, arena_format(arena, ",%s", deeper), open, gaps->colon};
    text_format(out, "[%s", open);
    bool good = put_flow_value(manner, first, &inner, models, out, error);
    text_format(out, "%s]", outer);
    return good;
}

static bool put_new_flow_entry(const struct layout *layout, const struct manner *manner, const struct layout_node *map,
                               const struct key *key, const struct node *value, const struct models *models,
                               struct arena *arena, struct text *out, struct error *error)
{
    struct gaps above = gaps_of(layout, map, arena), below = gaps_below(layout, map, arena);
    if (!put_key(manner, key, models, true, out, error))
        return false;
    text_string(out, above.colon);
    if (node_is_scalar(value))
        return put_scalar(manner, value, model_style(models, key->text), true, out, error);
    return put_deep_flow_value(manner, value, &below, models, arena, out, error);
}

bool splice_add_entry(const struct layout *layout, const struct layout_node *map, const char *key,
                      const struct node *value, struct text *out, struct error *error)
{
    if (map->kind != LAYOUT_MAP || (is_flow(map) ? layout->bytes[map->start] != '{' : !map->count))
        return error_in(error, layout_place(layout, map->start), "is no map");
    struct manner manner = manner_of(layout);
    struct surroundings around = surroundings_of(layout, map);
    bool in_list = around.parent && around.parent->kind == LAYOUT_LIST;
    struct models models = {.map = map, .list = in_list ? around.parent : NULL};
    struct arena *arena = arena_new();
    struct intern *keys = intern_new(arena);
    const struct key *name = intern_string(keys, key);
    struct text added = {0};
    struct gaps gaps = is_flow(map) ? gaps_of(layout, map, arena) : (struct gaps){0};
    bool good = is_flow(map) ? put_new_flow_entry(layout, &manner, map, name, value, &models, arena, &added, error) &&
                                   put_behind(layout, map, &gaps, &added, out)
                             : put_new_block_entry(layout, &manner, map, name, value, &models, &added, error) &&
                                   put_lines(layout, map, &manner, &added, out);
    text_free(&added);
    arena_free(arena);
    return good && reads_as_meant(layout, &(struct change){CHANGE_ADDS, map, value, key, 0}, out, error);
}

/* Where a map or list goes below its key, behind a comment in the key's line. */
bool splice_value(const struct layout *layout, const struct layout_item *entry, const struct node *value,
                  struct text *out, struct error *error)
{
    static const struct models none = {0};
    struct manner manner = manner_of(layout);
    const struct layout_node *place = entry->value;
    if (place->kind != LAYOUT_NOTHING || place->anchored || place->tagged)
        return error_in(error, layout_place(layout, place->start), "has a value already");
    if (node_is_scalar(value) && value->tag == TAG_STRING)
        return splice_string(layout, place, value->text, value->count, out, error);
    struct surroundings around = surroundings_of(layout, place);
    struct text added = {0};
    bool good = around.flow || !entry->key
                    ? put_flow_value(&manner, value, NULL, &none, &added, error)
                    : put_block_value(&manner, value, layout_column(layout, entry->start), &none, "", &added, error);
    bool lines = good && strpbrk(text_content(&added), "\r\n");
    uint32_t at = place->end;
    while (lines && at < layout->size && !strchr("\r\n", layout->bytes[at]))
        at++;
    put_range(layout, 0, at, out);
    if (!lines && text_content(&added)[0] != ' ')
        text_byte(out, ' ');
    text_bytes(out, text_content(&added), added.size);
    put_range(layout, at, layout->size, out);
    text_free(&added);
    return good && reads_as_meant(layout, &(struct change){CHANGE_REPLACES, place, value, NULL, 0}, out, error);
}
