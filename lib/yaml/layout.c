/* layout.c: reads where everything stands in a text (libyaml's grammar, as in parserc.go). */
#include "yaml/layout.h"

#include <string.h>

#include "yaml/parse.h"
#include "yaml/scan.h"

struct reader {
    struct arena *arena;
    struct layout *layout;
    struct scanner scanner;
    uint32_t last; /* where the last token ended */
    unsigned depth;
    struct error *error;
};

/* Items that are still being read. */
struct items {
    struct layout_item *items;
    size_t count, room;
};

static bool fail_at(struct reader *reader, uint32_t at, const char *problem)
{
    return error_in(reader->error, layout_place(reader->layout, at), "malformed YAML: %s", problem);
}

static const struct token *peek_token(struct reader *reader)
{
    const struct token *token = scan_peek(&reader->scanner);
    if (!token)
        fail_at(reader, reader->layout->first + reader->scanner.fault.at, reader->scanner.fault.problem);
    return token;
}

static uint32_t start_of(const struct reader *reader, const struct token *token)
{
    return reader->layout->first + token->start;
}

static void skip_token(struct reader *reader, const struct token *token)
{
    if (token->kind != TOKEN_BLOCK_END)
        reader->last = reader->layout->first + token->end;
    scan_skip(&reader->scanner);
}

/* Skips the next token where it is of a kind. */
static bool take_token(struct reader *reader, enum token_kind kind)
{
    const struct token *token = peek_token(reader);
    if (!token || token->kind != kind)
        return false;
    skip_token(reader, token);
    return true;
}

static bool next_is(struct reader *reader, enum token_kind kind)
{
    const struct token *token = peek_token(reader);
    return token && token->kind == kind;
}

static struct layout_node *new_node(struct reader *reader, enum layout_kind kind, uint32_t start)
{
    struct layout_node *node = ARENA_NEW(reader->arena, struct layout_node);
    node->kind = (uint8_t)kind;
    node->start = node->end = start;
    return node;
}

static struct layout_node *nothing_node(struct reader *reader)
{
    return new_node(reader, LAYOUT_NOTHING, reader->last);
}

static void add_item(struct reader *reader, struct items *items, struct layout_item item)
{
    items->items = arena_grow(reader->arena, items->items, items->count, &items->room, sizeof item);
    item.end = reader->last;
    items->items[items->count++] = item;
}

static struct layout_node *finish_node(struct layout_node *node, const struct items *items, uint32_t end)
{
    node->items = items->items;
    node->count = (uint32_t)items->count;
    node->end = end;
    return node;
}

static const struct layout_node *read_node(struct reader *reader, bool after_key);

/* Whether one of a few kinds of token comes next, which no value begins with. */
static bool ends_value(struct reader *reader)
{
    const struct token *token = peek_token(reader);
    switch (token ? token->kind : TOKEN_STREAM_END) {
    case TOKEN_KEY:
    case TOKEN_VALUE:
    case TOKEN_BLOCK_END:
    case TOKEN_FLOW_ENTRY:
    case TOKEN_FLOW_LIST_END:
    case TOKEN_FLOW_MAP_END:
    case TOKEN_DOCUMENT_START:
    case TOKEN_DOCUMENT_END:
    case TOKEN_STREAM_END:
        return true;
    default:
        return false;
    }
}

static const struct layout_node *value_or_nothing(struct reader *reader, bool after_key)
{
    return ends_value(reader) ? nothing_node(reader) : read_node(reader, after_key);
}

/* KEY value VALUE value, each of which may be left out. */
static bool read_entry(struct reader *reader, struct items *items, bool block)
{
    const struct token *token = peek_token(reader);
    if (!token)
        return false;
    struct layout_item item = {.start = start_of(reader, token)};
    if (take_token(reader, TOKEN_KEY) || !next_is(reader, TOKEN_VALUE))
        item.key = value_or_nothing(reader, block);
    else
        item.key = nothing_node(reader);
    item.value = take_token(reader, TOKEN_VALUE) ? value_or_nothing(reader, block) : nothing_node(reader);
    if (!item.key || !item.value)
        return false;
    add_item(reader, items, item);
    return true;
}

static const struct layout_node *read_block_map(struct reader *reader, struct layout_node *node)
{
    struct items items = {0};
    while (next_is(reader, TOKEN_KEY) || next_is(reader, TOKEN_VALUE))
        if (!read_entry(reader, &items, true))
            return NULL;
    uint32_t end = reader->last;
    const struct token *token = peek_token(reader);
    if (token && !take_token(reader, TOKEN_BLOCK_END))
        fail_at(reader, start_of(reader, token), "did not find expected key");
    return reader->error->message ? NULL : finish_node(node, &items, end);
}

static bool read_dash(struct reader *reader, struct items *items)
{
    const struct token *dash = peek_token(reader);
    struct layout_item item = {.start = start_of(reader, dash)};
    skip_token(reader, dash);
    item.value = next_is(reader, TOKEN_BLOCK_ENTRY) ? nothing_node(reader) : value_or_nothing(reader, false);
    if (!item.value)
        return false;
    add_item(reader, items, item);
    return true;
}

/* `bare`: a list that is no further right than its key has no token for its beginning and its end. */
static const struct layout_node *read_block_list(struct reader *reader, struct layout_node *node, bool bare)
{
    struct items items = {0};
    while (next_is(reader, TOKEN_BLOCK_ENTRY))
        if (!read_dash(reader, &items))
            return NULL;
    uint32_t end = reader->last;
    const struct token *token = peek_token(reader);
    if (token && !bare && !take_token(reader, TOKEN_BLOCK_END))
        fail_at(reader, start_of(reader, token), "did not find expected '-' indicator");
    return reader->error->message ? NULL : finish_node(node, &items, end);
}

/* An item of [] may be a key with its value: a map of one entry. */
static bool read_flow_item(struct reader *reader, struct items *items)
{
    const struct token *token = peek_token(reader);
    struct layout_item item = {.start = start_of(reader, token)};
    if (token->kind != TOKEN_KEY && token->kind != TOKEN_VALUE) {
        item.value = read_node(reader, false);
    } else {
        struct items pair = {0};
        struct layout_node *map = new_node(reader, LAYOUT_MAP, item.start);
        map->style = STYLE_FLOW;
        item.value = read_entry(reader, &pair, false) ? finish_node(map, &pair, reader->last) : NULL;
    }
    if (!item.value)
        return false;
    add_item(reader, items, item);
    return true;
}

static const struct layout_node *read_flow(struct reader *reader, struct layout_node *node, enum token_kind close)
{
    struct items items = {0};
    while (peek_token(reader) && !next_is(reader, close)) {
        if (items.count && !take_token(reader, TOKEN_FLOW_ENTRY)) {
            fail_at(reader, start_of(reader, peek_token(reader)), "did not find expected ',' or the closing bracket");
            return NULL;
        }
        const struct token *token = peek_token(reader);
        if (!token || token->kind == close)
            break;
        if (token->kind == TOKEN_STREAM_END || token->kind == TOKEN_FLOW_ENTRY) {
            fail_at(reader, start_of(reader, token), "did not find expected node content");
            return NULL;
        }
        if (node->kind == LAYOUT_MAP ? !read_entry(reader, &items, false) : !read_flow_item(reader, &items))
            return NULL;
    }
    return take_token(reader, close) ? finish_node(node, &items, reader->last) : NULL;
}

static void copy_text(struct reader *reader, struct layout_node *node, const struct token *token)
{
    node->style = token->style;
    node->text = arena_copy(reader->arena, token_text(&reader->scanner, token), token->size);
    node->size = token->size;
}

/* A block scalar's token reaches over the empty lines behind it, which are its own only where it says so. */
static void trim_block(const struct reader *reader, struct layout_node *node)
{
    const char *bytes = reader->layout->bytes;
    const char *header_end = memchr(bytes + node->start, '\n', node->end - node->start);
    bool keeps = header_end && memchr(bytes + node->start, '+', (size_t)(header_end - bytes) - node->start);
    while (!keeps && node->end > node->start && strchr("\r\n", bytes[node->end - 1]))
        node->end--;
}

static const struct layout_node *read_scalar(struct reader *reader, struct layout_node *node, const struct token *token)
{
    copy_text(reader, node, token);
    skip_token(reader, token);
    node->end = reader->last;
    if (node->style == STYLE_LITERAL || node->style == STYLE_FOLDED)
        trim_block(reader, node);
    reader->last = node->end;
    return node;
}

static const struct layout_node *read_block(struct reader *reader, struct layout_node *node, bool map)
{
    node->kind = map ? LAYOUT_MAP : LAYOUT_LIST;
    scan_skip(&reader->scanner);
    return map ? read_block_map(reader, node) : read_block_list(reader, node, false);
}

static const struct layout_node *read_brackets(struct reader *reader, struct layout_node *node,
                                               const struct token *token)
{
    bool map = token->kind == TOKEN_FLOW_MAP_START;
    node->kind = map ? LAYOUT_MAP : LAYOUT_LIST;
    node->style = STYLE_FLOW;
    skip_token(reader, token);
    return read_flow(reader, node, map ? TOKEN_FLOW_MAP_END : TOKEN_FLOW_LIST_END);
}

/* Behind an anchor or a tag, nothing can be a value; elsewhere, whoever asks has looked for that. */
static const struct layout_node *read_nothing(struct reader *reader, struct layout_node *node)
{
    if (!node->anchored && !node->tagged) {
        fail_at(reader, node->start, "did not find expected node content");
        return NULL;
    }
    node->start = node->end = reader->last;
    return node;
}

static const struct layout_node *read_content(struct reader *reader, struct layout_node *node, bool after_key)
{
    const struct token *token = peek_token(reader);
    if (!token)
        return NULL;
    node->start = start_of(reader, token);
    switch (token->kind) {
    case TOKEN_SCALAR:
    case TOKEN_ALIAS:
        node->kind = token->kind == TOKEN_SCALAR ? LAYOUT_SCALAR : LAYOUT_ALIAS;
        return read_scalar(reader, node, token);
    case TOKEN_BLOCK_MAP_START:
    case TOKEN_BLOCK_LIST_START:
        return read_block(reader, node, token->kind == TOKEN_BLOCK_MAP_START);
    case TOKEN_FLOW_LIST_START:
    case TOKEN_FLOW_MAP_START:
        return read_brackets(reader, node, token);
    case TOKEN_BLOCK_ENTRY:
        node->kind = after_key ? LAYOUT_LIST : LAYOUT_NOTHING;
        return after_key ? read_block_list(reader, node, true) : read_nothing(reader, node);
    default:
        return read_nothing(reader, node);
    }
}

static const struct layout_node *read_node(struct reader *reader, bool after_key)
{
    struct layout_node *node = new_node(reader, LAYOUT_NOTHING, reader->last);
    node->anchored = take_token(reader, TOKEN_ANCHOR);
    node->tagged = take_token(reader, TOKEN_TAG);
    node->anchored |= node->tagged && !node->anchored && take_token(reader, TOKEN_ANCHOR);
    if (++reader->depth > PARSE_DEEPEST) {
        fail_at(reader, reader->last, "more than 500 maps and lists inside of each other");
        return NULL;
    }
    const struct layout_node *read = read_content(reader, node, after_key);
    reader->depth--;
    return reader->error->message ? NULL : read;
}

/* Over directives and what ends and begins documents; whether one has begun with ---. */
static bool skip_marks(struct reader *reader)
{
    while (take_token(reader, TOKEN_VERSION_DIRECTIVE) || take_token(reader, TOKEN_TAG_DIRECTIVE) ||
           take_token(reader, TOKEN_DOCUMENT_END))
        ;
    return take_token(reader, TOKEN_DOCUMENT_START);
}

static bool ends_document(struct reader *reader)
{
    return next_is(reader, TOKEN_DOCUMENT_START) || next_is(reader, TOKEN_DOCUMENT_END) ||
           next_is(reader, TOKEN_STREAM_END);
}

static bool read_documents(struct reader *reader)
{
    struct layout *layout = reader->layout;
    size_t room = 0;
    while (peek_token(reader) && !next_is(reader, TOKEN_STREAM_END)) {
        if (!skip_marks(reader) && ends_value(reader))
            break;
        const struct layout_node *node = value_or_nothing(reader, false);
        if (!node)
            return false;
        layout->documents = arena_grow(reader->arena, layout->documents, layout->count, &room, sizeof node);
        layout->documents[layout->count++] = node;
        if (peek_token(reader) && !ends_document(reader))
            return fail_at(reader, start_of(reader, peek_token(reader)), "did not find expected <document start>");
    }
    if (peek_token(reader) && !next_is(reader, TOKEN_STREAM_END))
        return fail_at(reader, start_of(reader, peek_token(reader)), "did not find expected node content");
    return peek_token(reader) != NULL;
}

bool layout_read(struct arena *arena, const char *file, const char *bytes, size_t size, struct layout *out,
                 struct error *error)
{
    enum { LARGEST = 64 * 1024 * 1024 };
    if (size > LARGEST)
        return error_in(error, (struct place){.file = file}, "has more than 64 MB");
    bool marked = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    *out = (struct layout){.file = file, .bytes = bytes, .size = (uint32_t)size, .first = marked ? 3 : 0};
    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return error_in(error, (struct place){.file = file}, "is in UTF-16: write it in UTF-8 to have it edited");
    struct error own = {0};
    struct reader reader = {.arena = arena, .layout = out, .last = out->first, .error = &own};
    scan_start(&reader.scanner, bytes + out->first, size - out->first, false);
    bool good = read_documents(&reader) && !own.message;
    scan_free(&reader.scanner);
    if (!good)
        error_in(error, (struct place){own.file, own.line, own.column}, "%s", own.message);
    error_free(&own);
    return good;
}

const struct layout_item *layout_find(const struct layout_node *map, const char *key)
{
    for (uint32_t i = map && map->kind == LAYOUT_MAP ? map->count : 0; i > 0; i--) {
        const struct layout_node *name = map->items[i - 1].key;
        if (name->kind == LAYOUT_SCALAR && name->size == strlen(key) && memcmp(name->text, key, name->size) == 0)
            return &map->items[i - 1];
    }
    return NULL;
}

const struct layout_node *layout_value(const struct layout_node *map, const char *key)
{
    const struct layout_item *item = layout_find(map, key);
    return item ? item->value : NULL;
}

const char *layout_text(const struct layout_node *node)
{
    return node && node->kind == LAYOUT_SCALAR ? node->text : NULL;
}

bool layout_has_text(const struct layout_node *map, const char *key, const char *text)
{
    const char *found = layout_text(layout_value(map, key));
    return found && strcmp(found, text) == 0;
}

static bool is_break(const struct layout *layout, uint32_t at)
{
    char byte = layout->bytes[at];
    return byte == '\n' || (byte == '\r' && (at + 1 == layout->size || layout->bytes[at + 1] != '\n'));
}

uint32_t layout_line_start(const struct layout *layout, uint32_t at)
{
    while (at > layout->first && !is_break(layout, at - 1))
        at--;
    return at;
}

uint32_t layout_next_line(const struct layout *layout, uint32_t at)
{
    while (at < layout->size && !is_break(layout, at))
        at++;
    return at < layout->size ? at + 1 : at;
}

uint32_t layout_column(const struct layout *layout, uint32_t at)
{
    return at - layout_line_start(layout, at);
}

struct place layout_place(const struct layout *layout, uint32_t at)
{
    struct place place = {layout->file, 1, layout_column(layout, at) + 1};
    for (uint32_t i = layout->first; i < at; i++)
        place.line += is_break(layout, i);
    return place;
}
