/* scan_block.c: literal and folded scalars, | and >. */
#include "yaml/scan_parts.h"

static const char doing[] = "while scanning a block scalar";

/* How a scalar is to be read: indent 0 is that of its first line; what happens to the breaks at its end. */
struct block {
    struct token *token;
    int indent;
    bool strip, keep, folded;
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool take_indicator(struct scanner *scanner, struct block *block)
{
    char byte = byte_at(scanner, 0);
    if (byte == '0')
        return scan_fail_in(scanner, doing, block->token->start, "found an indentation indicator equal to 0");
    if (is_digit(byte))
        block->indent = (scanner->indent > 0 ? scanner->indent : 0) + byte - '0';
    block->strip |= byte == '-';
    block->keep |= byte == '+';
    scanner->at++;
    return true;
}

static bool is_chomping(char byte)
{
    return byte == '+' || byte == '-';
}

/* At most one indicator of each kind, in either order, and the rest of the line. */
static bool take_header(struct scanner *scanner, struct block *block)
{
    bool chomping_first = is_chomping(byte_at(scanner, 0));
    if ((chomping_first || is_digit(byte_at(scanner, 0))) && !take_indicator(scanner, block))
        return false;
    char second = byte_at(scanner, 0);
    bool wanted = scanner->at > scanner->bytes + block->token->start + 1 &&
                  (chomping_first ? is_digit(second) : is_chomping(second));
    if (wanted && !take_indicator(scanner, block))
        return false;
    skip_blanks(scanner);
    if (byte_at(scanner, 0) == '#')
        skip_to_break(scanner);
    size_t size = break_size(scanner->at, scanner->end);
    if (!size && scanner->at < scanner->end)
        return scan_fail_in(scanner, doing, block->token->start, "did not find expected comment or line break");
    if (size)
        begin_line(scanner, size);
    return true;
}

static void note_end(const struct scanner *scanner, struct token *token)
{
    token->end = scan_offset(scanner, scanner->at);
    token->end_line = scanner->line;
}

/* Over empty lines and indentation, to the beginning of a line that is not empty. Their breaks wait in
 * scanner->breaks. The first such call finds the indentation where it is not given. */
static bool take_empty_lines(struct scanner *scanner, struct block *block)
{
    int deepest = 0;
    note_end(scanner, block->token);
    for (;;) {
        while ((!block->indent || scan_column(scanner) < block->indent) && byte_at(scanner, 0) == ' ')
            scanner->at++;
        int column = scan_column(scanner);
        if (column > deepest)
            deepest = column;
        if ((!block->indent || column < block->indent) && byte_at(scanner, 0) == '\t')
            return scan_fail_in(scanner, doing, block->token->start,
                                "found a tab character where an indentation space is expected");
        if (!break_size(scanner->at, scanner->end))
            break;
        take_break(scanner, &scanner->breaks);
        note_end(scanner, block->token);
    }
    int least = scanner->indent + 1 > 1 ? scanner->indent + 1 : 1;
    if (!block->indent)
        block->indent = deepest > least ? deepest : least;
    return true;
}

/* The lines of text. `*breaks` gets the size of the first break behind the last one; the others follow it. */
static bool take_lines(struct scanner *scanner, struct block *block, size_t *first_break)
{
    struct text *made = &scanner->made, *breaks = &scanner->breaks;
    bool indented = false; /* the line before begins with a blank */
    *first_break = 0;
    while (scanner->at < scanner->end && scan_column(scanner) == block->indent) {
        bool indents = is_blank_at(scanner->at, scanner->end);
        if (block->folded && *first_break && !indented && !indents) {
            fold_breaks(scanner, false, made);
        } else {
            text_bytes(made, text_content(breaks), breaks->size);
            text_cut(breaks, 0);
        }
        indented = indents;
        const char *line = scanner->at;
        skip_to_break(scanner);
        text_bytes(made, line, (size_t)(scanner->at - line));
        if (scanner->at < scanner->end)
            take_break(scanner, breaks);
        *first_break = breaks->size;
        if (!take_empty_lines(scanner, block))
            return false;
    }
    return true;
}

bool scan_block(struct scanner *scanner, struct token *token)
{
    struct block block = {.token = token, .folded = *scanner->at == '>'};
    struct text *made = &scanner->made;
    *token = simple_token(scanner, TOKEN_SCALAR, 1);
    token->style = block.folded ? STYLE_FOLDED : STYLE_LITERAL;
    token->made = true;
    token->text_at = made->size;
    text_cut(&scanner->breaks, 0);
    size_t first_break;
    if (!take_header(scanner, &block) || !take_empty_lines(scanner, &block) ||
        !take_lines(scanner, &block, &first_break))
        return false;
    text_bytes(made, text_content(&scanner->breaks), block.keep ? scanner->breaks.size : block.strip ? 0 : first_break);
    token->size = (uint32_t)(made->size - token->text_at);
    return true;
}
