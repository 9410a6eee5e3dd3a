/* parse_values.c: scalars, lists and maps from tokens, by YAML's grammar (go-yaml, parserc.go). */
#include <string.h>

#include "yaml/parse_loader.h"

/* Where a value stands. Only that of a block's map may be a list that is not indented. */
enum position { IN_BLOCK, IN_BLOCK_MAP, IN_FLOW };

/* What stands before a value, and how far it reaches. */
struct head {
    const char *anchor, *tag; /* NULL: none */
    struct stretch stretch;
};

#define KIND(kind) (1u << TOKEN_##kind)

enum {
    AFTER_LIST_ENTRY = KIND(BLOCK_ENTRY) | KIND(BLOCK_END),
    AFTER_MAP_ENTRY = KIND(KEY) | KIND(VALUE) | KIND(BLOCK_END),
    AFTER_LIST_ENTRY_IN_MAP = AFTER_LIST_ENTRY | AFTER_MAP_ENTRY,
    AFTER_FLOW_KEY = KIND(VALUE) | KIND(FLOW_ENTRY) | KIND(FLOW_MAP_END),
    AFTER_FLOW_VALUE = KIND(FLOW_ENTRY) | KIND(FLOW_MAP_END),
    AFTER_PAIR_KEY = KIND(VALUE) | KIND(FLOW_ENTRY) | KIND(FLOW_LIST_END),
    AFTER_PAIR_VALUE = KIND(FLOW_ENTRY) | KIND(FLOW_LIST_END),
};

static bool is_one_of(const struct token *token, unsigned kinds)
{
    return kinds >> token->kind & 1;
}

static struct stretch stretch_of(const struct token *token)
{
    return (struct stretch){
        .start = token->start, .start_line = token->line, .end = token->end, .end_line = token->end_line};
}

static struct stretch empty_stretch(size_t at, size_t line)
{
    return (struct stretch){.start = at, .start_line = line, .end = at, .end_line = line};
}

/* Schema comments are told of all that the builder gets. */
static void before_stretch(struct loader *loader, const struct stretch *stretch)
{
    if (loader->comments.count)
        comments_before(&loader->comments, stretch, loader->tree, loader->builder);
}

static void after_stretch(struct loader *loader, const struct stretch *stretch)
{
    if (loader->comments.count)
        comments_after(&loader->comments, stretch, loader->tree, loader->builder);
}

/* What the builder gets. */

static bool add_scalar(struct loader *loader, const struct head *head, const struct raw_scalar *raw,
                       struct error *error)
{
    struct stretch stretch = head->stretch;
    stretch.value = stretch.scalar = true;
    stretch.block = raw->style == STYLE_LITERAL || raw->style == STYLE_FOLDED;
    before_stretch(loader, &stretch);
    bool good = builder_scalar(loader->builder, raw, head->anchor, origin_of(loader, (uint32_t)stretch.start), error);
    after_stretch(loader, &stretch);
    return good;
}

static bool add_nothing(struct loader *loader, const struct stretch *stretch, struct error *error)
{
    static const struct raw_scalar nothing = {.text = "", .style = STYLE_PLAIN, .implicit = true};
    struct head head = {.stretch = *stretch};
    return add_scalar(loader, &head, &nothing, error);
}

bool add_nothing_at(struct loader *loader, const struct token *token, struct error *error)
{
    struct stretch stretch = empty_stretch(token->start, token->line);
    return add_nothing(loader, &stretch, error);
}

static bool open_value(struct loader *loader, const struct head *head, enum node_kind kind, bool flow,
                       struct error *error)
{
    struct opening opening = {kind, head->tag, head->anchor, flow, origin_of(loader, (uint32_t)head->stretch.start)};
    before_stretch(loader, &head->stretch);
    bool good = builder_open(loader->builder, &opening, error);
    after_stretch(loader, &head->stretch);
    return good;
}

static bool close_value(struct loader *loader, struct stretch stretch, struct error *error)
{
    stretch.value = builder_in_flow(loader->builder);
    before_stretch(loader, &stretch);
    bool good = builder_close(loader->builder, error);
    after_stretch(loader, &stretch);
    return good;
}

/* Closes a value with the token that is next. */
static bool close_with(struct loader *loader, const struct token *token, struct error *error)
{
    struct stretch stretch = stretch_of(token);
    scan_skip(&loader->scanner);
    return close_value(loader, stretch, error);
}

/* Values. */

static bool read_value(struct loader *loader, enum position position, struct error *error);

/* Skips the token that is next. What it announces follows, or one of the tokens before which nothing does. */
static bool read_announced(struct loader *loader, const struct token *token, enum position position, unsigned nothing,
                           struct error *error)
{
    struct stretch behind = empty_stretch(token->end, token->end_line);
    scan_skip(&loader->scanner);
    token = next_token(loader, error);
    if (!token)
        return false;
    return is_one_of(token, nothing) ? add_nothing(loader, &behind, error) : read_value(loader, position, error);
}

static bool read_block_list(struct loader *loader, const struct head *head, struct error *error)
{
    const struct token *token = next_token(loader, error);
    uint32_t start = token->start;
    if (!open_value(loader, head, NODE_LIST, false, error))
        return false;
    scan_skip(&loader->scanner);
    while ((token = next_token(loader, error)) && token->kind == TOKEN_BLOCK_ENTRY)
        if (!read_announced(loader, token, IN_BLOCK, AFTER_LIST_ENTRY, error))
            return false;
    if (!token)
        return false;
    if (token->kind != TOKEN_BLOCK_END)
        return fail_within(loader, token->start, "did not find expected '-' indicator",
                           "while parsing a block collection", start, error);
    return close_with(loader, token, error);
}

/* A list whose `-` are as far left as the key above them: it ends where something else begins. */
static bool read_unindented_list(struct loader *loader, const struct head *head, struct error *error)
{
    const struct token *token;
    if (!open_value(loader, head, NODE_LIST, false, error))
        return false;
    while ((token = next_token(loader, error)) && token->kind == TOKEN_BLOCK_ENTRY)
        if (!read_announced(loader, token, IN_BLOCK, AFTER_LIST_ENTRY_IN_MAP, error))
            return false;
    return token && close_value(loader, empty_stretch(token->start, token->line), error);
}

/* The value behind a key, where there is a `:`. */
static bool read_block_value(struct loader *loader, struct error *error)
{
    const struct token *token = next_token(loader, error);
    if (!token)
        return false;
    if (token->kind == TOKEN_VALUE)
        return read_announced(loader, token, IN_BLOCK_MAP, AFTER_MAP_ENTRY, error);
    return add_nothing_at(loader, token, error);
}

static bool read_block_map(struct loader *loader, const struct head *head, struct error *error)
{
    const struct token *token = next_token(loader, error);
    uint32_t start = token->start;
    if (!open_value(loader, head, NODE_MAP, false, error))
        return false;
    scan_skip(&loader->scanner);
    while ((token = next_token(loader, error)) && token->kind == TOKEN_KEY)
        if (!read_announced(loader, token, IN_BLOCK_MAP, AFTER_MAP_ENTRY, error) || !read_block_value(loader, error))
            return false;
    if (!token)
        return false;
    if (token->kind != TOKEN_BLOCK_END)
        return fail_within(loader, token->start, "did not find expected key", "while parsing a block mapping", start,
                           error);
    return close_with(loader, token, error);
}

/* The value behind a key in [] or {}; without one, it is nothing where the next token begins. */
static bool read_flow_value(struct loader *loader, unsigned nothing, struct error *error)
{
    const struct token *token = next_token(loader, error);
    if (token && token->kind == TOKEN_VALUE) {
        scan_skip(&loader->scanner);
        token = next_token(loader, error);
        if (token && !is_one_of(token, nothing))
            return read_value(loader, IN_FLOW, error);
    }
    return token && add_nothing_at(loader, token, error);
}

/* A map of one entry that is an item of a list: [key: value]. go-yaml skips what follows a `?` that has no key. */
static bool read_pair(struct loader *loader, const struct token *token, struct error *error)
{
    struct head head = {.stretch = stretch_of(token)};
    scan_skip(&loader->scanner);
    if (!open_value(loader, &head, NODE_MAP, true, error) || !(token = next_token(loader, error)))
        return false;
    bool has_key = !is_one_of(token, AFTER_PAIR_KEY);
    struct stretch behind = empty_stretch(token->end, token->end_line);
    if (!has_key)
        scan_skip(&loader->scanner);
    if (!(has_key ? read_value(loader, IN_FLOW, error) : add_nothing(loader, &behind, error)) ||
        !read_flow_value(loader, AFTER_PAIR_VALUE, error))
        return false;
    token = next_token(loader, error);
    return token && close_value(loader, empty_stretch(token->start, token->line), error);
}

/* The comma in front of an entry that is not the first one; `*token` becomes what follows. */
static bool skip_comma(struct loader *loader, const struct token **token, uint32_t start, bool list,
                       struct error *error)
{
    if ((*token)->kind != TOKEN_FLOW_ENTRY)
        return fail_within(loader, (*token)->start,
                           list ? "did not find expected ',' or ']'" : "did not find expected ',' or '}'",
                           list ? "while parsing a flow sequence" : "while parsing a flow mapping", start, error);
    scan_skip(&loader->scanner);
    *token = next_token(loader, error);
    return *token != NULL;
}

static bool read_flow_list(struct loader *loader, const struct head *head, struct error *error)
{
    const struct token *token = next_token(loader, error);
    uint32_t start = token->start;
    if (!open_value(loader, head, NODE_LIST, true, error))
        return false;
    scan_skip(&loader->scanner);
    for (bool first = true; (token = next_token(loader, error)) && token->kind != TOKEN_FLOW_LIST_END; first = false) {
        if (!first && !skip_comma(loader, &token, start, true, error))
            return false;
        if (token->kind == TOKEN_FLOW_LIST_END)
            break;
        if (!(token->kind == TOKEN_KEY ? read_pair(loader, token, error) : read_value(loader, IN_FLOW, error)))
            return false;
    }
    return token && close_with(loader, token, error);
}

static bool read_flow_entry(struct loader *loader, const struct token *token, struct error *error)
{
    if (token->kind != TOKEN_KEY) {
        if (!read_value(loader, IN_FLOW, error))
            return false;
        token = next_token(loader, error);
        return token && add_nothing_at(loader, token, error);
    }
    scan_skip(&loader->scanner);
    token = next_token(loader, error);
    if (!token)
        return false;
    bool has_key = !is_one_of(token, AFTER_FLOW_KEY);
    if (!(has_key ? read_value(loader, IN_FLOW, error) : add_nothing_at(loader, token, error)))
        return false;
    return read_flow_value(loader, AFTER_FLOW_VALUE, error);
}

static bool read_flow_map(struct loader *loader, const struct head *head, struct error *error)
{
    const struct token *token = next_token(loader, error);
    uint32_t start = token->start;
    if (!open_value(loader, head, NODE_MAP, true, error))
        return false;
    scan_skip(&loader->scanner);
    for (bool first = true; (token = next_token(loader, error)) && token->kind != TOKEN_FLOW_MAP_END; first = false) {
        if (!first && !skip_comma(loader, &token, start, false, error))
            return false;
        if (token->kind == TOKEN_FLOW_MAP_END)
            break;
        if (!read_flow_entry(loader, token, error))
            return false;
    }
    return token && close_with(loader, token, error);
}

static bool read_alias(struct loader *loader, const struct token *token, struct error *error)
{
    struct stretch stretch = stretch_of(token);
    stretch.value = true;
    const char *name = arena_copy(loader->tree->arena, token_text(&loader->scanner, token), token->size);
    before_stretch(loader, &stretch);
    bool good = builder_alias(loader->builder, name, origin_of(loader, token->start), error);
    after_stretch(loader, &stretch);
    scan_skip(&loader->scanner);
    return good;
}

static bool read_scalar_token(struct loader *loader, const struct token *token, struct head *head, struct error *error)
{
    head->stretch.end = token->end;
    head->stretch.end_line = token->end_line;
    bool by_text = head->tag ? strcmp(head->tag, "!") == 0 : token->style == STYLE_PLAIN;
    struct raw_scalar raw = {
        .text = token_text(&loader->scanner, token),
        .size = token->size,
        .style = token->style,
        .tag = head->tag,
        .implicit = by_text,
    };
    bool good = add_scalar(loader, head, &raw, error);
    scan_skip(&loader->scanner);
    return good;
}

/* The tag that a token means, into loader->tag: the prefix that its handle stands for, and its suffix. */
static bool resolve_tag(struct loader *loader, const struct token *token, struct error *error)
{
    const char *text = token_text(&loader->scanner, token);
    size_t size = token->handle_size;
    text_cut(&loader->tag, 0);
    for (size_t i = 0; size && !loader->tag.size && i < loader->directive_count; i++) {
        const struct tag_directive *directive = &loader->directives[i];
        if (strlen(directive->handle) == size && memcmp(directive->handle, text, size) == 0)
            text_string(&loader->tag, directive->prefix);
    }
    if (size && !loader->tag.size)
        return fail_within(loader, token->start, "found undefined tag handle", "while parsing a node", token->start,
                           error);
    text_bytes(&loader->tag, text + size, token->size - size);
    return true;
}

/* An anchor and a tag, in either order. The token behind them, or NULL with an error. */
static const struct token *read_head(struct loader *loader, const struct token *token, struct head *head,
                                     struct error *error)
{
    *head = (struct head){.stretch = empty_stretch(token->start, token->line)};
    for (; token; token = next_token(loader, error)) {
        bool anchor = token->kind == TOKEN_ANCHOR && !head->anchor, tag = token->kind == TOKEN_TAG && !head->tag;
        if (!anchor && !tag)
            break;
        if (anchor)
            head->anchor = arena_copy(loader->tree->arena, token_text(&loader->scanner, token), token->size);
        if (tag && !resolve_tag(loader, token, error))
            return NULL;
        if (tag)
            head->tag = text_content(&loader->tag);
        head->stretch.end = token->end;
        head->stretch.end_line = token->end_line;
        scan_skip(&loader->scanner);
    }
    return token;
}

/* What an anchor or a tag without a value stands for. */
static bool read_nothing(struct loader *loader, const struct token *token, const struct head *head,
                         enum position position, struct error *error)
{
    struct raw_scalar raw = {.text = "", .style = STYLE_PLAIN, .tag = head->tag, .implicit = !head->tag};
    if (head->anchor || head->tag)
        return add_scalar(loader, head, &raw, error);
    return fail_within(loader, token->start, "did not find expected node content",
                       position == IN_FLOW ? "while parsing a flow node" : "while parsing a block node", token->start,
                       error);
}

static bool read_value(struct loader *loader, enum position position, struct error *error)
{
    struct head head;
    const struct token *token = next_token(loader, error);
    if (token && token->kind == TOKEN_ALIAS)
        return read_alias(loader, token, error);
    if (!token || !(token = read_head(loader, token, &head, error)))
        return false;
    switch (token->kind) {
    case TOKEN_SCALAR:
        return read_scalar_token(loader, token, &head, error);
    case TOKEN_FLOW_LIST_START:
        return read_flow_list(loader, &head, error);
    case TOKEN_FLOW_MAP_START:
        return read_flow_map(loader, &head, error);
    case TOKEN_BLOCK_ENTRY:
        if (position == IN_BLOCK_MAP)
            return read_unindented_list(loader, &head, error);
        break;
    case TOKEN_BLOCK_LIST_START:
        if (position != IN_FLOW)
            return read_block_list(loader, &head, error);
        break;
    case TOKEN_BLOCK_MAP_START:
        if (position != IN_FLOW)
            return read_block_map(loader, &head, error);
        break;
    default:
        break;
    }
    return read_nothing(loader, token, &head, position, error);
}

bool read_document_value(struct loader *loader, struct error *error)
{
    return read_value(loader, IN_BLOCK, error);
}
