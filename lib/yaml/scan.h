/* Text to tokens, as go-yaml's scanner makes them. Inner header of the parser.
 *
 * The words are those of YAML's grammar. Tokens are numbered from the beginning; a key that has no `?` is recognised by
 * the `:` behind it, so that its token waits in a queue until the scanner has read on. Places are bytes of the text.
 * Source of what is accepted: go-yaml v3 and v2, scannerc.go and readerc.go. */
#ifndef YAML_SCAN_H
#define YAML_SCAN_H

#include "base/text.h"
#include "yaml/node.h"

enum token_kind {
    TOKEN_STREAM_END,
    TOKEN_VERSION_DIRECTIVE,
    TOKEN_TAG_DIRECTIVE,
    TOKEN_DOCUMENT_START,
    TOKEN_DOCUMENT_END,
    TOKEN_BLOCK_LIST_START,
    TOKEN_BLOCK_MAP_START,
    TOKEN_BLOCK_END,
    TOKEN_FLOW_LIST_START,
    TOKEN_FLOW_LIST_END,
    TOKEN_FLOW_MAP_START,
    TOKEN_FLOW_MAP_END,
    TOKEN_BLOCK_ENTRY,
    TOKEN_FLOW_ENTRY,
    TOKEN_KEY,
    TOKEN_VALUE,
    TOKEN_ALIAS,
    TOKEN_ANCHOR,
    TOKEN_TAG,
    TOKEN_SCALAR,
};

struct token {
    uint8_t kind, style; /* enum token_kind; of a scalar: enum node_style */
    bool made;           /* the text is not in the input but in scanner->made, where it begins at `text_at` */
    uint32_t line, end_line;
    uint32_t start, end;
    uint32_t size;        /* of the text: a scalar's, an alias's or anchor's name, a tag */
    uint32_t handle_size; /* of a tag or %TAG: where its handle ends and its suffix or prefix begins */
    union {
        const char *text;
        size_t text_at;
    };
};

/* Where a key may have begun that only the `:` behind it will tell. */
struct possible_key {
    size_t token; /* its number */
    uint32_t start, line, column;
    unsigned flow;
    bool required; /* nothing but a key can stand here */
};

/* Why scanning ended, in the words of libyaml, which users find when they search for them. */
struct scan_fault {
    const char *problem, *context; /* context: NULL where there is none */
    uint32_t at, context_at;
};

struct scanner {
    const char *bytes, *at, *end, *line_start;
    const char *unreadable; /* why the text is not read beyond `end`; NULL: it ends there */
    uint32_t line;
    int indent; /* of the innermost block; -1: outside */
    unsigned flow;
    bool key_allowed;   /* a key may begin here without `?` */
    bool join_comments; /* go-yaml v3 reads lines of comment that follow each other as one */

    struct token *tokens; /* the queue: `count` from `first` on */
    size_t first, count, room;
    size_t taken; /* the number of the first */
    struct possible_key *keys;
    size_t first_key, key_count, key_room;
    int *indents;
    size_t indent_count, indent_room;
    struct text made, breaks; /* texts that differ from the input; line breaks that wait for what follows */
    struct scan_fault fault;
};

/* The scanner keeps its memory between texts; zeroed, it is ready for scan_start. */
void scan_start(struct scanner *scanner, const char *bytes, size_t size, bool join_comments);
void scan_free(struct scanner *scanner);

/* Scans until the first token of the queue is one that needs to wait for no other. */
const struct token *scan_next(struct scanner *scanner);

/* The next token, valid until scan_skip. NULL: scanner->fault tells why. At the end: TOKEN_STREAM_END again and again.
 */
static inline const struct token *scan_peek(struct scanner *scanner)
{
    bool ready = scanner->count && scanner->first_key == scanner->key_count;
    return ready ? &scanner->tokens[scanner->first] : scan_next(scanner);
}

/* Whether so many tokens can be scanned, the next one included; those behind it need not be told apart from keys. */
bool scan_ahead(struct scanner *scanner, size_t tokens);

/* To be called behind a document: false where go-yaml has met a character that YAML does not allow, since it reads
 * further than it scans. */
bool scan_finish(struct scanner *scanner);

static inline void scan_skip(struct scanner *scanner)
{
    scanner->taken++;
    scanner->first = --scanner->count ? scanner->first + 1 : 0;
}

/* A token's text, valid until the next token is scanned. */
static inline const char *token_text(const struct scanner *scanner, const struct token *token)
{
    return token->made ? scanner->made.bytes + token->text_at : token->text;
}

#endif
