/* What the files of the scanner share. Inner header of scan*.c. */
#ifndef YAML_SCAN_PARTS_H
#define YAML_SCAN_PARTS_H

#include "yaml/scan.h"

enum character_class {
    CHARACTER_BLANK = 1,  /* space, tab */
    CHARACTER_BREAK = 2,  /* LF, CR */
    CHARACTER_WIDE = 4,   /* first byte of U+0085, U+2028 or U+2029, which are breaks, and of others */
    CHARACTER_COLON = 8,  /* may end a plain scalar */
    CHARACTER_FLOW = 16,  /* ends a plain scalar in [] and {} */
    CHARACTER_WORD = 32,  /* of names */
    CHARACTER_URI = 64,   /* of tags */
    CHARACTER_QUOTE = 128 /* ends a run of a quoted scalar: quotes and backslash */
};

extern const uint8_t scan_classes[256];

static inline bool is_class(char byte, unsigned classes)
{
    return scan_classes[(unsigned char)byte] & classes;
}

/* Bytes of the line break at a place, 0 where there is none. */
static inline size_t break_size(const char *at, const char *end)
{
    if (at == end || !is_class(*at, CHARACTER_BREAK | CHARACTER_WIDE))
        return 0;
    if (*at == '\n')
        return 1;
    if (*at == '\r')
        return end - at > 1 && at[1] == '\n' ? 2 : 1;
    if (end - at > 1 && at[0] == '\xC2' && at[1] == '\x85')
        return 2;
    return end - at > 2 && at[0] == '\xE2' && at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9') ? 3 : 0;
}

static inline bool is_blank_at(const char *at, const char *end)
{
    return at < end && is_class(*at, CHARACTER_BLANK);
}

/* A blank, a line break or the end. */
static inline bool is_gap(const char *at, const char *end)
{
    return at >= end || is_class(*at, CHARACTER_BLANK) || break_size(at, end);
}

static inline char byte_at(const struct scanner *scanner, size_t ahead)
{
    return (size_t)(scanner->end - scanner->at) > ahead ? scanner->at[ahead] : '\0';
}

static inline uint32_t scan_offset(const struct scanner *scanner, const char *at)
{
    return (uint32_t)(at - scanner->bytes);
}

static inline int scan_column(const struct scanner *scanner)
{
    return (int)(scanner->at - scanner->line_start);
}

static inline void begin_line(struct scanner *scanner, size_t size)
{
    scanner->at += size;
    scanner->line_start = scanner->at;
    scanner->line++;
}

static inline void skip_blanks(struct scanner *scanner)
{
    while (is_blank_at(scanner->at, scanner->end))
        scanner->at++;
}

/* Up to the next line break or the end. */
static inline void skip_to_break(struct scanner *scanner)
{
    const char *at = scanner->at, *end = scanner->end;
    while (at < end && !(is_class(*at, CHARACTER_BREAK | CHARACTER_WIDE) && break_size(at, end)))
        at++;
    scanner->at = at;
}

/* --- or ... at the beginning of a line, which is where the scanner must be. */
static inline bool is_document_mark(const struct scanner *scanner)
{
    const char *at = scanner->at;
    return scanner->end - at >= 3 && (at[0] == '-' || at[0] == '.') && at[0] == at[1] && at[1] == at[2] &&
           is_gap(at + 3, scanner->end);
}

/* Moves over a line break and adds it to `out` as scalars have it: U+2028 and U+2029 stay, the others become LF. */
void take_break(struct scanner *scanner, struct text *out);

/* Adds what the line breaks between two stretches of a scalar mean, and forgets them: a lone LF is a blank, of several
 * the first is dropped. `escaped`: a backslash stood before them. */
void fold_breaks(struct scanner *scanner, bool escaped, struct text *out);

/* A token that begins where the scanner is, of `size` bytes, which are skipped. */
struct token simple_token(struct scanner *scanner, enum token_kind kind, size_t size);

/* Set the fault and return false. `context_at` is a place in the text. */
bool scan_fail_in(struct scanner *scanner, const char *context, uint32_t context_at, const char *problem);

static inline size_t next_token_number(const struct scanner *scanner)
{
    return scanner->taken + scanner->count;
}

/* Keys without `?`. At most one is possible at each level of [] and {}; they lie in the order of the text. */
struct possible_key *possible_key_here(const struct scanner *scanner);      /* at this level; NULL: none */
bool note_possible_key(struct scanner *scanner);                            /* one may begin here, if any may */
bool begin_possible_key(struct scanner *scanner, struct possible_key *key); /* the same, to be added later */
void add_possible_key(struct scanner *scanner, const struct possible_key *key);
bool forget_possible_key(struct scanner *scanner); /* what follows makes that of this level none */
bool is_too_far_back(const struct scanner *scanner, const struct possible_key *key);
bool fail_possible_key(struct scanner *scanner, const struct possible_key *key);

/* Whether the first token of the queue must wait because it may begin a key; that is forgotten where it is too far. */
bool first_must_wait(struct scanner *scanner, bool *wait);

/* Each reads one token that begins here. */
bool scan_plain(struct scanner *scanner, struct token *token);
bool scan_quoted(struct scanner *scanner, struct token *token);
bool scan_block(struct scanner *scanner, struct token *token);
bool scan_name(struct scanner *scanner, struct token *token);
bool scan_tag(struct scanner *scanner, struct token *token);
bool scan_directive(struct scanner *scanner, struct token *token);

/* Where reading ends: at the first character that YAML does not allow, with the reason, or at the end. */
const char *readable_end(const char *bytes, const char *end, const char **reason);

#endif
