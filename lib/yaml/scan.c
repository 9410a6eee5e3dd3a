/* scan.c: the queue of tokens, and the blocks that indentation opens and closes. */
#include "yaml/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "yaml/scan_parts.h"

/* Bounds of go-yaml: levels of indentation, and of [] and {}; blanks and breaks
 * that it looks through for the next comment; bytes that it reads at once. */
enum { DEEPEST = 10000, COMMENT_DISTANCE = 512, READ_AHEAD = 512 };

void scan_start(struct scanner *scanner, const char *bytes, size_t size, bool join_comments)
{
    scanner->bytes = scanner->at = scanner->line_start = bytes;
    scanner->end = readable_end(bytes, bytes + size, &scanner->unreadable);
    scanner->line = 0;
    scanner->indent = -1;
    scanner->flow = 0;
    scanner->key_allowed = true;
    scanner->join_comments = join_comments;
    scanner->first = scanner->count = scanner->taken = 0;
    scanner->first_key = scanner->key_count = scanner->indent_count = 0;
    text_cut(&scanner->made, 0);
    text_bytes(&scanner->made, "", 0);
    scanner->fault = (struct scan_fault){0};
}

void scan_free(struct scanner *scanner)
{
    free(scanner->tokens);
    free(scanner->keys);
    free(scanner->indents);
    text_free(&scanner->made);
    text_free(&scanner->breaks);
}

bool scan_fail_in(struct scanner *scanner, const char *context, uint32_t context_at, const char *problem)
{
    scanner->fault = (struct scan_fault){problem, context, scan_offset(scanner, scanner->at), context_at};
    if (scanner->at == scanner->end && scanner->unreadable)
        scanner->fault = (struct scan_fault){.problem = scanner->unreadable, .at = scan_offset(scanner, scanner->end)};
    return false;
}

static bool scan_fail(struct scanner *scanner, const char *problem)
{
    return scan_fail_in(scanner, NULL, 0, problem);
}

struct token simple_token(struct scanner *scanner, enum token_kind kind, size_t size)
{
    struct token token = {
        .kind = (uint8_t)kind,
        .line = scanner->line,
        .end_line = scanner->line,
        .start = scan_offset(scanner, scanner->at),
    };
    scanner->at += size;
    token.end = scan_offset(scanner, scanner->at);
    return token;
}

/* A place in the queue for a token that is to have a number. */
static struct token *insert_token(struct scanner *scanner, size_t number)
{
    size_t position = number - scanner->taken;
    if (scanner->first + scanner->count == scanner->room && scanner->first) {
        memmove(scanner->tokens, scanner->tokens + scanner->first, scanner->count * sizeof *scanner->tokens);
        scanner->first = 0;
    } else if (scanner->count == scanner->room) {
        scanner->room = scanner->room ? scanner->room * 2 : 64;
        scanner->tokens = memory_resize(scanner->tokens, memory_product(scanner->room, sizeof *scanner->tokens));
    }
    struct token *place = scanner->tokens + scanner->first + position;
    if (position < scanner->count)
        memmove(place + 1, place, (scanner->count - position) * sizeof *place);
    scanner->count++;
    return place;
}

static struct token *append_token(struct scanner *scanner)
{
    size_t end = scanner->first + scanner->count;
    if (end == scanner->room)
        return insert_token(scanner, next_token_number(scanner));
    scanner->count++;
    return &scanner->tokens[end];
}

static bool add_simple(struct scanner *scanner, enum token_kind kind, size_t size)
{
    struct token token = simple_token(scanner, kind, size);
    *append_token(scanner) = token;
    return true;
}

/* Blocks. */

/* Opens a block at a column that is further right than the one it stands in. */
static bool open_block(struct scanner *scanner, int column, size_t number, enum token_kind kind, const struct token *at)
{
    if (scanner->flow || scanner->indent >= column)
        return true;
    if (scanner->indent_count == DEEPEST)
        return scan_fail(scanner, "too many levels of indentation");
    if (scanner->indent_count == scanner->indent_room) {
        scanner->indent_room = scanner->indent_room ? scanner->indent_room * 2 : 64;
        scanner->indents = memory_resize(scanner->indents, memory_product(scanner->indent_room, sizeof(int)));
    }
    scanner->indents[scanner->indent_count++] = scanner->indent;
    scanner->indent = column;
    struct token token = *at;
    token.kind = (uint8_t)kind;
    token.end = token.start;
    *insert_token(scanner, number) = token;
    return true;
}

/* Closes the blocks that are further right than a column. */
static void close_blocks(struct scanner *scanner, int column)
{
    while (!scanner->flow && scanner->indent > column) {
        add_simple(scanner, TOKEN_BLOCK_END, 0);
        scanner->indent = scanner->indents[--scanner->indent_count];
    }
}

/* Blanks, line breaks and comments. */

/* Where the next comment begins that nothing but blanks and breaks separates from here. */
static const char *comment_ahead(const struct scanner *scanner, bool in_line)
{
    const char *at = scanner->at, *end = scanner->end;
    if (end - at > COMMENT_DISTANCE)
        end = at + COMMENT_DISTANCE;
    unsigned classes = in_line ? CHARACTER_BLANK : CHARACTER_BLANK | CHARACTER_BREAK;
    while (at < end && is_class(*at, classes))
        at++;
    return at < end && *at == '#' ? at : NULL;
}

static void skip_comments(struct scanner *scanner)
{
    skip_to_break(scanner);
    const char *next = scanner->join_comments ? comment_ahead(scanner, false) : NULL;
    for (; next; next = comment_ahead(scanner, false)) {
        while (scanner->at < next) {
            size_t size = break_size(scanner->at, scanner->end);
            if (size)
                begin_line(scanner, size);
            else
                scanner->at++;
        }
        skip_to_break(scanner);
    }
}

/* Tabs separate tokens only where no key may begin, because they are no indentation. */
static void skip_to_token(struct scanner *scanner)
{
    for (;;) {
        bool tabs = scanner->flow || !scanner->key_allowed;
        const char *at = scanner->at, *end = scanner->end;
        while (at < end && (*at == ' ' || (tabs && *at == '\t')))
            at++;
        scanner->at = at;
        if (at < end && *at == '#')
            skip_comments(scanner);
        size_t size = break_size(scanner->at, end);
        if (!size)
            return;
        begin_line(scanner, size);
        if (!scanner->flow)
            scanner->key_allowed = true;
    }
}

/* go-yaml v3 reads on for a comment in the line of a token, also over tabs, and joins it with no other. */
static bool skip_line_comment(struct scanner *scanner)
{
    if (scanner->join_comments && scanner->at < scanner->end &&
        (*scanner->at == '#' || is_class(*scanner->at, CHARACTER_BLANK)) && comment_ahead(scanner, true))
        skip_to_break(scanner);
    return true;
}

/* Tokens. */

static bool fetch_end(struct scanner *scanner)
{
    if (scanner->unreadable)
        return scan_fail(scanner, scanner->unreadable);
    if (scan_column(scanner) > 0)
        begin_line(scanner, 0); /* no key goes on beyond the end */
    close_blocks(scanner, -1);
    if (!forget_possible_key(scanner))
        return false;
    scanner->key_allowed = false;
    return add_simple(scanner, TOKEN_STREAM_END, 0);
}

/* %, --- and ..., which end all that is open. */
static bool fetch_between_documents(struct scanner *scanner)
{
    close_blocks(scanner, -1);
    if (!forget_possible_key(scanner))
        return false;
    scanner->key_allowed = false;
    if (*scanner->at != '%')
        return add_simple(scanner, *scanner->at == '-' ? TOKEN_DOCUMENT_START : TOKEN_DOCUMENT_END, 3);
    struct token token;
    if (!scan_directive(scanner, &token))
        return false;
    *append_token(scanner) = token;
    return true;
}

static bool fetch_flow_start(struct scanner *scanner, enum token_kind kind)
{
    if (!note_possible_key(scanner))
        return false;
    if (scanner->flow == DEEPEST)
        return scan_fail(scanner, "too many levels of [] and {}");
    scanner->flow++;
    scanner->key_allowed = true;
    return add_simple(scanner, kind, 1) && skip_line_comment(scanner);
}

static bool fetch_flow_end(struct scanner *scanner, enum token_kind kind)
{
    if (!forget_possible_key(scanner))
        return false;
    if (scanner->flow)
        scanner->flow--;
    scanner->key_allowed = false;
    return add_simple(scanner, kind, 1) && skip_line_comment(scanner);
}

static bool fetch_flow_entry(struct scanner *scanner)
{
    if (!forget_possible_key(scanner))
        return false;
    scanner->key_allowed = true;
    return add_simple(scanner, TOKEN_FLOW_ENTRY, 1) && skip_line_comment(scanner);
}

/* Opens the block that an indicator stands for, where the indicator may stand. */
static bool open_block_here(struct scanner *scanner, enum token_kind kind, const char *problem)
{
    if (scanner->flow)
        return true;
    if (!scanner->key_allowed)
        return scan_fail(scanner, problem);
    struct token here = simple_token(scanner, kind, 0);
    return open_block(scanner, scan_column(scanner), next_token_number(scanner), kind, &here);
}

static bool fetch_block_entry(struct scanner *scanner)
{
    if (!open_block_here(scanner, TOKEN_BLOCK_LIST_START, "block sequence entries are not allowed in this context") ||
        !forget_possible_key(scanner))
        return false;
    scanner->key_allowed = true;
    return add_simple(scanner, TOKEN_BLOCK_ENTRY, 1);
}

static bool fetch_key(struct scanner *scanner)
{
    if (!open_block_here(scanner, TOKEN_BLOCK_MAP_START, "mapping keys are not allowed in this context") ||
        !forget_possible_key(scanner))
        return false;
    scanner->key_allowed = !scanner->flow;
    return add_simple(scanner, TOKEN_KEY, 1) && skip_line_comment(scanner);
}

/* The `:` behind a key without `?`, for which the tokens are put in front of it. */
static bool insert_key(struct scanner *scanner, const struct possible_key *key)
{
    struct token token = {
        .kind = TOKEN_KEY, .line = key->line, .end_line = key->line, .start = key->start, .end = key->start};
    *insert_token(scanner, key->token) = token;
    if (!open_block(scanner, (int)key->column, key->token, TOKEN_BLOCK_MAP_START, &token))
        return false;
    scanner->key_count--;
    scanner->key_allowed = false;
    return true;
}

static bool fetch_value(struct scanner *scanner)
{
    const struct possible_key *key = possible_key_here(scanner);
    bool far = key && is_too_far_back(scanner, key);
    if (far && key->required)
        return fail_possible_key(scanner, key);
    scanner->key_count -= far;
    if (key && !far)
        return insert_key(scanner, key) && add_simple(scanner, TOKEN_VALUE, 1) && skip_line_comment(scanner);
    if (!open_block_here(scanner, TOKEN_BLOCK_MAP_START, "mapping values are not allowed in this context"))
        return false;
    scanner->key_allowed = !scanner->flow;
    return add_simple(scanner, TOKEN_VALUE, 1) && skip_line_comment(scanner);
}

static bool fetch_possible_key(struct scanner *scanner, bool (*scan)(struct scanner *, struct token *))
{
    struct token token;
    if (!note_possible_key(scanner))
        return false;
    scanner->key_allowed = false;
    if (!scan(scanner, &token))
        return false;
    *append_token(scanner) = token;
    return skip_line_comment(scanner);
}

/* Tokens of a plain scalar that is a key for certain, since a `:` follows it, at a column in a block. */
static bool fetch_plain_key(struct scanner *scanner, const struct token *scalar, int column)
{
    struct token key = *scalar;
    key.kind = TOKEN_KEY;
    key.end = key.start;
    if (!open_block(scanner, column, next_token_number(scanner), TOKEN_BLOCK_MAP_START, &key))
        return false;
    *append_token(scanner) = key;
    *append_token(scanner) = *scalar;
    return add_simple(scanner, TOKEN_VALUE, 1) && skip_line_comment(scanner);
}

/* Most plain scalars are keys of blocks, and most of the others are their values. */
static bool fetch_plain(struct scanner *scanner)
{
    struct token token;
    struct possible_key key;
    bool possible = scanner->key_allowed;
    if (possible && !begin_possible_key(scanner, &key))
        return false;
    scanner->key_allowed = false;
    if (!scan_plain(scanner, &token))
        return false;
    if (possible && !scanner->flow && byte_at(scanner, 0) == ':' && !is_too_far_back(scanner, &key))
        return fetch_plain_key(scanner, &token, (int)key.column);
    if (possible)
        add_possible_key(scanner, &key);
    *append_token(scanner) = token;
    return scanner->key_allowed || skip_line_comment(scanner); /* it may have ended in a new line */
}

static bool fetch_block_scalar(struct scanner *scanner)
{
    struct token token;
    if (!forget_possible_key(scanner))
        return false;
    scanner->key_allowed = true;
    if (!scan_block(scanner, &token))
        return false;
    *append_token(scanner) = token;
    return true;
}

/* Whether `-`, `?` or `:` is an indicator here. Only in [] and {} are the last two ones before anything. */
static bool is_indicator(const struct scanner *scanner)
{
    return (scanner->flow && *scanner->at != '-') || is_gap(scanner->at + 1, scanner->end);
}

static bool fetch_at_indicator(struct scanner *scanner)
{
    switch (*scanner->at) {
    case '[':
        return fetch_flow_start(scanner, TOKEN_FLOW_LIST_START);
    case '{':
        return fetch_flow_start(scanner, TOKEN_FLOW_MAP_START);
    case ']':
        return fetch_flow_end(scanner, TOKEN_FLOW_LIST_END);
    case '}':
        return fetch_flow_end(scanner, TOKEN_FLOW_MAP_END);
    case ',':
        return fetch_flow_entry(scanner);
    case '-':
        return is_indicator(scanner) ? fetch_block_entry(scanner) : fetch_plain(scanner);
    case '?':
        return is_indicator(scanner) ? fetch_key(scanner) : fetch_plain(scanner);
    case ':':
        return is_indicator(scanner) ? fetch_value(scanner) : fetch_plain(scanner);
    case '*':
    case '&':
        return fetch_possible_key(scanner, scan_name);
    case '!':
        return fetch_possible_key(scanner, scan_tag);
    case '\'':
    case '"':
        return fetch_possible_key(scanner, scan_quoted);
    default:
        if ((*scanner->at == '|' || *scanner->at == '>') && !scanner->flow)
            return fetch_block_scalar(scanner);
        if (strchr("\t#|>%@`", *scanner->at))
            return scan_fail(scanner, "found character that cannot start any token");
        return fetch_plain(scanner);
    }
}

static bool fetch_token(struct scanner *scanner)
{
    if (!scanner->count)
        text_cut(&scanner->made, 0);
    skip_to_token(scanner);
    close_blocks(scanner, scan_column(scanner));
    if (scanner->at == scanner->end)
        return fetch_end(scanner);
    if (scan_column(scanner) == 0 && (*scanner->at == '%' || is_document_mark(scanner)))
        return fetch_between_documents(scanner);
    return fetch_at_indicator(scanner);
}

const struct token *scan_next(struct scanner *scanner)
{
    bool wait = false;
    if (scanner->fault.problem)
        return NULL;
    for (;;) {
        if (scanner->count && !first_must_wait(scanner, &wait))
            return NULL;
        if (scanner->count && !wait)
            return &scanner->tokens[scanner->first];
        if (!fetch_token(scanner))
            return NULL;
    }
}

bool scan_ahead(struct scanner *scanner, size_t tokens)
{
    while (scanner->count < tokens)
        if (scanner->fault.problem || !fetch_token(scanner))
            return false;
    return true;
}

bool scan_finish(struct scanner *scanner)
{
    size_t read = (size_t)(scanner->at - scanner->bytes) / READ_AHEAD, size = (size_t)(scanner->end - scanner->bytes);
    if (!scanner->unreadable || size / READ_AHEAD > read)
        return true;
    scanner->at = scanner->end;
    return scan_fail(scanner, scanner->unreadable);
}
