/* emit_v3_scalar.c: the style of a scalar and its text in it. Source: go-yaml v3, emitterc.go. */
#include "yaml/emit_v3_scalar.h"

#include <string.h>

#include "yaml/emit_characters.h"

enum { SIMPLE_KEY_LONGEST = 128, INDENT = 2 };

/* Characters. */

static void put_byte(struct v3_writer *writer, char byte)
{
    text_byte(writer->out, byte);
    writer->column++;
}

void v3_break(struct v3_writer *writer)
{
    text_byte(writer->out, '\n');
    writer->column = 0;
    writer->indention = true;
}

void v3_indent(struct v3_writer *writer, int indent)
{
    size_t wanted = indent < 0 ? 0 : (size_t)indent;
    if (!writer->indention || writer->column > wanted || (writer->column == wanted && !writer->whitespace))
        v3_break(writer);
    while (writer->column < wanted)
        put_byte(writer, ' ');
    writer->whitespace = true;
}

void v3_indicator(struct v3_writer *writer, const char *indicator, bool space, bool blank, bool block)
{
    if (space && !writer->whitespace)
        put_byte(writer, ' ');
    while (*indicator)
        put_byte(writer, *indicator++);
    writer->whitespace = blank;
    writer->indention = writer->indention && block;
}

static size_t copy_character(struct v3_writer *writer, const struct v3_scalar *scalar, size_t at)
{
    size_t width = character_width(scalar->text, scalar->size, at);
    text_bytes(writer->out, scalar->text + at, width);
    writer->column++;
    return width;
}

static size_t copy_break(struct v3_writer *writer, const struct v3_scalar *scalar, size_t at)
{
    if (scalar->text[at] == '\n') {
        v3_break(writer);
        return 1;
    }
    size_t width = copy_character(writer, scalar, at);
    writer->column = 0;
    writer->indention = true;
    return width;
}

/* What styles can hold the text. */

struct allowed {
    bool flow_plain, block_plain, single_quoted, block, multiline;
};

struct facts {
    bool flow_indicator, block_indicator, tab, special;
    bool leading_blank, trailing_space, trailing_break, break_space, space_break, multiline;
};

static bool is_blank_or_end(const struct v3_scalar *scalar, size_t at)
{
    return at >= scalar->size || is_blank(scalar->text[at]);
}

static void see_first(const struct v3_scalar *scalar, struct facts *facts)
{
    char first = scalar->text[0];
    bool ends = is_blank_or_end(scalar, 1);
    if (strchr("#,[]{}&*!|>'\"%@`", first))
        facts->flow_indicator = facts->block_indicator = true;
    facts->flow_indicator |= first == '?' || first == ':' || (first == '-' && ends);
    facts->block_indicator |= (first == '?' || first == ':' || first == '-') && ends;
}

static void see_indicator(const struct v3_scalar *scalar, size_t at, bool after_blank, struct facts *facts)
{
    char c = scalar->text[at];
    if (strchr(",?[]{}:", c))
        facts->flow_indicator = true;
    if (c == ':' && is_blank_or_end(scalar, at + 1))
        facts->block_indicator = true;
    if (c == '#' && after_blank)
        facts->flow_indicator = facts->block_indicator = true;
}

static void gather_facts(const struct v3_scalar *scalar, struct facts *facts)
{
    const char *text = scalar->text;
    size_t size = scalar->size;
    bool was_space = false, was_break = false, after_blank = true;
    for (size_t at = 0, width; at < size; at += width) {
        width = character_width(text, size, at);
        bool space = text[at] == ' ', now_break = is_break(text, size, at), last = at + width == size;
        if (at == 0)
            see_first(scalar, facts);
        else if (text[at])
            see_indicator(scalar, at, after_blank, facts);
        facts->tab |= text[at] == '\t';
        facts->special |= text[at] != '\t' && !is_printable(text, size, at);
        facts->leading_blank |= at == 0 && (space || now_break);
        facts->trailing_space |= space && last;
        facts->trailing_break |= now_break && last;
        facts->break_space |= space && was_break;
        facts->space_break |= now_break && was_space;
        facts->multiline |= now_break;
        after_blank = is_blank(text[at]) || now_break || !text[at];
        was_space = space;
        was_break = now_break;
    }
}

static struct allowed analyze_scalar(const struct v3_scalar *scalar)
{
    if (!scalar->size)
        return (struct allowed){.block_plain = true, .single_quoted = true};
    struct facts facts = {0};
    gather_facts(scalar, &facts);
    if (scalar->size >= 3 && (memcmp(scalar->text, "---", 3) == 0 || memcmp(scalar->text, "...", 3) == 0))
        facts.flow_indicator = facts.block_indicator = true;
    bool unquotable = facts.space_break || facts.special;
    struct allowed allowed = {.multiline = facts.multiline};
    allowed.block = !unquotable && !facts.trailing_space;
    allowed.single_quoted = !unquotable && !facts.tab && !facts.break_space;
    bool plain = allowed.single_quoted && !facts.leading_blank && !facts.trailing_space && !facts.trailing_break &&
                 !facts.multiline;
    allowed.flow_plain = plain && !facts.flow_indicator;
    allowed.block_plain = plain && !facts.block_indicator;
    return allowed;
}

static enum node_style select_style(const struct v3_writer *writer, const struct v3_scalar *scalar, enum v3_place place)
{
    struct allowed allowed = analyze_scalar(scalar);
    bool key = place == V3_SIMPLE_KEY;
    enum node_style style = key && allowed.multiline ? STYLE_DOUBLE_QUOTED : scalar->style;
    if (style == STYLE_PLAIN &&
        (!(writer->flow ? allowed.flow_plain : allowed.block_plain) || (!scalar->size && (writer->flow || key))))
        style = STYLE_SINGLE_QUOTED;
    if (style == STYLE_SINGLE_QUOTED && !allowed.single_quoted)
        style = STYLE_DOUBLE_QUOTED;
    if ((style == STYLE_LITERAL || style == STYLE_FOLDED) && (!allowed.block || writer->flow || key))
        style = STYLE_DOUBLE_QUOTED;
    return style;
}

bool v3_is_simple_key(const struct v3_scalar *scalar)
{
    return !analyze_scalar(scalar).multiline &&
           scalar->size + (scalar->tag ? strlen(scalar->tag) : 0) <= SIMPLE_KEY_LONGEST;
}

/* The styles. */

/* Plain and single quoted lines: a line break is doubled, for the reader folds one away. */
static void write_flowing(struct v3_writer *writer, const struct v3_scalar *scalar, bool quoted, int indent)
{
    bool breaks = false;
    for (size_t at = 0; at < scalar->size;) {
        bool now_break = is_break(scalar->text, scalar->size, at);
        if (now_break && !breaks && scalar->text[at] == '\n')
            v3_break(writer);
        if (now_break) {
            at += copy_break(writer, scalar, at);
        } else {
            if (breaks && scalar->text[at] != ' ')
                v3_indent(writer, indent);
            if (quoted && scalar->text[at] == '\'')
                put_byte(writer, '\'');
            if (scalar->text[at] != ' ')
                writer->indention = false;
            at += copy_character(writer, scalar, at);
        }
        breaks = now_break || (breaks && scalar->text[at - 1] == ' ');
    }
}

static void write_plain(struct v3_writer *writer, const struct v3_scalar *scalar, int indent)
{
    if (scalar->size && !writer->whitespace)
        put_byte(writer, ' ');
    write_flowing(writer, scalar, false, indent);
    writer->whitespace = writer->whitespace && !scalar->size;
    writer->indention = false;
}

static void write_single_quoted(struct v3_writer *writer, const struct v3_scalar *scalar, int indent)
{
    v3_indicator(writer, "'", true, false, false);
    write_flowing(writer, scalar, true, indent);
    v3_indicator(writer, "'", false, false, false);
    writer->indention = false;
}

static uint32_t code_point(const char *text, size_t width)
{
    unsigned char lead = (unsigned char)text[0];
    uint32_t point = width == 1 ? lead : lead & (0x7Fu >> width);
    for (size_t i = 1; i < width; i++)
        point = point << 6 | ((unsigned char)text[i] & 0x3F);
    return point;
}

static void write_escape(struct v3_writer *writer, uint32_t point)
{
    static const struct {
        uint32_t point;
        char letter;
    } letters[] = {
        {0x00, '0'}, {0x07, 'a'}, {0x08, 'b'},  {0x09, 't'}, {0x0A, 'n'}, {0x0B, 'v'},   {0x0C, 'f'},   {0x0D, 'r'},
        {0x1B, 'e'}, {'"', '"'},  {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'},
    };
    put_byte(writer, '\\');
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].point == point) {
            put_byte(writer, letters[i].letter);
            return;
        }
    size_t before = writer->out->size;
    text_format(writer->out, point <= 0xFF ? "x%02X" : point <= 0xFFFF ? "u%04X" : "U%08X", (unsigned)point);
    writer->column += writer->out->size - before;
}

static void write_double_quoted(struct v3_writer *writer, const struct v3_scalar *scalar)
{
    /* go-yaml looks for the mark at the beginning of the text, whatever character is at hand. */
    bool all = is_byte_order_mark(scalar->text, scalar->size, 0);
    v3_indicator(writer, "\"", true, false, false);
    for (size_t at = 0, width; at < scalar->size; at += width) {
        const char *text = scalar->text + at;
        width = character_width(scalar->text, scalar->size, at);
        if (all || *text == '"' || *text == '\\' || !is_printable(scalar->text, scalar->size, at) ||
            is_break(scalar->text, scalar->size, at))
            write_escape(writer, code_point(text, width));
        else
            copy_character(writer, scalar, at);
    }
    v3_indicator(writer, "\"", false, false, false);
    writer->indention = false;
}

static void write_hints(struct v3_writer *writer, const struct v3_scalar *scalar)
{
    const char *text = scalar->text;
    size_t size = scalar->size;
    if (size && (text[0] == ' ' || is_break(text, size, 0)))
        v3_indicator(writer, "2", false, false, false);
    size_t last = size ? last_character(text, size) : 0;
    if (!size || !is_break(text, size, last))
        v3_indicator(writer, "-", false, false, false);
    else if (last == 0 || is_break(text, size, last_character(text, last)))
        v3_indicator(writer, "+", false, false, false);
}

/* Whether go-yaml doubles the line breaks of a folded text. It means to ask this of each line, but asks it of the
 * first. */
static bool is_folded(const struct v3_scalar *scalar)
{
    size_t at = 0;
    while (at < scalar->size && is_break(scalar->text, scalar->size, at))
        at += character_width(scalar->text, scalar->size, at);
    return at < scalar->size && !is_blank(scalar->text[at]);
}

static void write_block(struct v3_writer *writer, const struct v3_scalar *scalar, bool folded, int indent)
{
    v3_indicator(writer, folded ? ">" : "|", true, false, false);
    write_hints(writer, scalar);
    v3_break(writer);
    writer->whitespace = true;
    bool doubles = folded && is_folded(scalar), breaks = true, indented = true;
    for (size_t at = 0; at < scalar->size;) {
        if (is_break(scalar->text, scalar->size, at)) {
            if (doubles && !breaks && !indented && scalar->text[at] == '\n')
                v3_break(writer);
            at += copy_break(writer, scalar, at);
            breaks = true;
            continue;
        }
        if (breaks) {
            v3_indent(writer, indent);
            indented = is_blank(scalar->text[at]);
        }
        at += copy_character(writer, scalar, at);
        writer->indention = false;
        breaks = false;
    }
}

static void write_tag(struct v3_writer *writer, const char *tag)
{
    if (!writer->whitespace)
        put_byte(writer, ' ');
    v3_indicator(writer, *tag == '!' ? "" : "!<", false, false, false);
    v3_indicator(writer, tag, false, false, false);
    v3_indicator(writer, *tag == '!' ? "" : ">", false, false, false);
}

void v3_scalar(struct v3_writer *writer, const struct v3_scalar *scalar, enum v3_place place)
{
    int indent = writer->indent < 0 ? INDENT : writer->indent + INDENT;
    enum node_style style = select_style(writer, scalar, place);
    if (scalar->tag)
        write_tag(writer, scalar->tag);
    if (style == STYLE_DOUBLE_QUOTED)
        write_double_quoted(writer, scalar);
    else if (style == STYLE_SINGLE_QUOTED)
        write_single_quoted(writer, scalar, indent);
    else if (style == STYLE_LITERAL || style == STYLE_FOLDED)
        write_block(writer, scalar, style == STYLE_FOLDED, indent);
    else
        write_plain(writer, scalar, indent);
}
