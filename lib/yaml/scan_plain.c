/* scan_plain.c: scalars without quotes. */
#include "yaml/scan_parts.h"

/* Where a stretch without blanks and breaks ends. */
static const char *stretch_end(const struct scanner *scanner)
{
    unsigned stops = CHARACTER_BLANK | CHARACTER_BREAK | CHARACTER_WIDE | CHARACTER_COLON;
    if (scanner->flow)
        stops |= CHARACTER_FLOW;
    const char *at = scanner->at, *end = scanner->end;
    for (;; at++) {
        while (at < end && !is_class(*at, stops))
            at++;
        if (at == end || is_class(*at, CHARACTER_BLANK | CHARACTER_BREAK | (stops & CHARACTER_FLOW)))
            return at;
        if (*at == ':' ? is_gap(at + 1, end) : break_size(at, end))
            return at;
    }
}

/* The stretches of one line with the blanks between them; returns where the last one ends. The scanner then stands
 * behind the blanks that follow. */
static const char *line_end(struct scanner *scanner)
{
    const char *end = stretch_end(scanner);
    for (;;) {
        scanner->at = end;
        skip_blanks(scanner);
        if (scanner->at == end || scanner->at == scanner->end || *scanner->at == '#')
            return end;
        const char *next = stretch_end(scanner);
        if (next == scanner->at)
            return end;
        end = next;
    }
}

/* Over line breaks and the blanks at the beginning of lines. */
static bool skip_to_text(struct scanner *scanner, uint32_t start)
{
    while (scanner->at < scanner->end) {
        if (break_size(scanner->at, scanner->end)) {
            take_break(scanner, &scanner->breaks);
            continue;
        }
        if (!is_class(*scanner->at, CHARACTER_BLANK))
            break;
        if (*scanner->at == '\t' && scan_column(scanner) < scanner->indent + 1)
            return scan_fail_in(scanner, "while scanning a plain scalar", start,
                                "found a tab character that violates indentation");
        scanner->at++;
    }
    return true;
}

/* Whether the line that the scanner has come to goes on with the scalar. */
static bool goes_on(const struct scanner *scanner)
{
    if (!scanner->flow && scan_column(scanner) < scanner->indent + 1)
        return false;
    if (scanner->at == scanner->end || *scanner->at == '#')
        return false;
    return !(scan_column(scanner) == 0 && is_document_mark(scanner)) && stretch_end(scanner) != scanner->at;
}

/* The lines behind the first one. */
static bool join_lines(struct scanner *scanner, const char *first_end, struct token *token)
{
    const char *line = scanner->bytes + token->start, *end = first_end;
    struct text *made = &scanner->made;
    while (break_size(scanner->at, scanner->end)) {
        text_cut(&scanner->breaks, 0);
        if (!skip_to_text(scanner, token->start))
            return false;
        scanner->key_allowed = !goes_on(scanner);
        if (scanner->key_allowed)
            break;
        if (!token->made)
            token->text_at = made->size;
        token->made = true;
        text_bytes(made, line, (size_t)(end - line));
        fold_breaks(scanner, false, made);
        line = scanner->at;
        token->end_line = scanner->line;
        end = line_end(scanner);
    }
    if (token->made) {
        text_bytes(made, line, (size_t)(end - line));
        token->size = (uint32_t)(made->size - token->text_at);
    }
    token->end = scan_offset(scanner, end);
    return true;
}

bool scan_plain(struct scanner *scanner, struct token *token)
{
    *token = simple_token(scanner, TOKEN_SCALAR, 0);
    token->style = STYLE_PLAIN;
    token->text = scanner->at;
    const char *end = line_end(scanner);
    token->size = (uint32_t)(end - token->text);
    token->end = scan_offset(scanner, end);
    return !break_size(scanner->at, scanner->end) || join_lines(scanner, end, token);
}
