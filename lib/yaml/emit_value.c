/* emit_value.c: what a scalar is when go-yaml v3 has printed it and read it back. Source: go-yaml v3, encode.go,
 * emitterc.go (select_scalar_style, write_folded_scalar), scannerc.go (scan_block_scalar), decode.go. */
#include "yaml/emit_value.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "yaml/emit_characters.h"
#include "yaml/scalar.h"

enum { SIMPLE_KEY_LONGEST = 128 };

/* Whether go-yaml v3 can print a text as a block scalar. It prints it in double quotes otherwise. */
static bool fits_block(const char *text, size_t size)
{
    bool space = false;
    for (size_t at = 0; at < size;) {
        size_t width = character_width(text, size, at);
        if (text[at] != '\t' && !is_printable(text, size, at))
            return false;
        if (space && is_break(text, size, at))
            return false;
        space = text[at] == ' ';
        at += width;
    }
    return size && !space;
}

static bool has_break(const char *text, size_t size)
{
    for (size_t at = 0; at < size; at++)
        if (is_break(text, size, at))
            return true;
    return false;
}

/* What go-yaml v3 writes for a folded scalar, without indentation. It means to double the breaks between lines that are
 * folded, but looks at the beginning of the whole text to see whether the next line is one: so all are doubled, or none
 * where the first line is indented. */
static void write_folded(const char *text, size_t size, struct text *out)
{
    size_t first = 0;
    while (first < size && is_break(text, size, first))
        first += character_width(text, size, first);
    bool doubles = first < size && !is_blank(text[first]);
    bool at_break = true, indented = true;
    for (size_t at = 0; at < size;) {
        size_t width = character_width(text, size, at);
        bool is_now = is_break(text, size, at);
        if (is_now && !at_break && !indented && doubles && text[at] == '\n')
            text_byte(out, '\n');
        if (!is_now && at_break)
            indented = is_blank(text[at]);
        text_bytes(out, text + at, width);
        at_break = is_now;
        at += width;
    }
}

static size_t break_run(const char *text, size_t size, size_t at)
{
    size_t end = at;
    while (end < size && is_break(text, size, end))
        end += character_width(text, size, end);
    return end - at;
}

static size_t line_length(const char *text, size_t size, size_t at)
{
    size_t end = at;
    while (end < size && !is_break(text, size, end))
        end++;
    return end - at;
}

/* Breaks between two lines of a folded scalar: the first goes, or becomes a space where it was alone. */
static void join_lines(const char *breaks, size_t size, bool folds, struct text *out)
{
    if (!folds || breaks[0] != '\n') {
        text_bytes(out, breaks, size);
        return;
    }
    if (size == 1)
        text_byte(out, ' ');
    text_bytes(out, breaks + 1, size - 1);
}

enum chomping { CHOMP_ALL, CHOMP_TO_ONE, CHOMP_NONE };

/* As the hint behind the indicator tells. The text is not empty. */
static enum chomping chomping_of(const char *text, size_t size)
{
    size_t last = last_character(text, size);
    if (!is_break(text, size, last))
        return CHOMP_ALL;
    if (last == 0 || is_break(text, size, last_character(text, last)))
        return CHOMP_NONE;
    return CHOMP_TO_ONE;
}

/* Reads a folded scalar's lines back. */
static void read_folded(const char *text, size_t size, enum chomping chomping, struct text *out)
{
    size_t at = break_run(text, size, 0);
    text_bytes(out, text, at);
    while (at < size) {
        size_t length = line_length(text, size, at);
        bool indented = is_blank(text[at]);
        text_bytes(out, text + at, length);
        at += length;
        size_t breaks = break_run(text, size, at), end = at + breaks;
        if (end < size)
            join_lines(text + at, breaks, !indented && !is_blank(text[end]), out);
        else if (breaks && chomping != CHOMP_ALL)
            text_bytes(out, text + at, chomping == CHOMP_NONE ? breaks : character_width(text, size, at));
        at = end;
    }
}

static void set_text(struct value *value, struct text *scratch, const struct text *made)
{
    text_cut(scratch, 0);
    text_bytes(scratch, made->bytes, made->size);
    value->text = text_content(scratch);
    value->size = scratch->size;
}

static void refold_value(struct value *value, struct text *scratch)
{
    struct text written = {0}, read = {0};
    write_folded(value->text, value->size, &written);
    read_folded(text_content(&written), written.size, chomping_of(value->text, value->size), &read);
    set_text(value, scratch, &read);
    text_free(&written);
    text_free(&read);
}

/* A block scalar comes back as it was, but for two flaws of go-yaml v3: folded text (write_folded), and a text that
 * begins with a tab, which it writes without the indentation hint that it then misses. */
static bool reread_block(const struct node *scalar, struct value_place place, struct text *scratch, struct value *value,
                         struct error *error)
{
    bool folded = scalar->style == STYLE_FOLDED;
    if (!folded && (!value->size || value->text[0] != '\t'))
        return true;
    bool block = folded || scalar->style == STYLE_LITERAL ||
                 (scalar->style == STYLE_PLAIN && memchr(value->text, '\n', value->size) != NULL);
    if (!block || place.flow || !fits_block(value->text, value->size))
        return true;
    if (place.key && value->size <= SIMPLE_KEY_LONGEST && !has_break(value->text, value->size))
        return true;
    if (value->text[0] == '\t')
        return error_at(error, scalar->origin,
                        "a text of several lines begins with a tab, which kustomize cannot print: begin it with "
                        "another character, or put it in double quotes");
    refold_value(value, scratch);
    return true;
}

static bool string_value(const struct node *scalar, struct value_place place, struct text *scratch, struct value *value,
                         struct error *error)
{
    *value = (struct value){.kind = VALUE_STRING, .text = scalar->text, .size = scalar->count};
    if (scalar->style != STYLE_FOLDED && (!value->size || value->text[0] != '\t'))
        return true;
    return reread_block(scalar, place, scratch, value, error);
}

static bool binary_value(const struct node *scalar, struct value_place place, struct text *scratch, struct value *value,
                         struct error *error)
{
    if (!string_value(scalar, place, scratch, value, error))
        return false;
    struct text decoded = {0}, valid = {0};
    bool good = scalar_base64(value->text, value->size, &decoded);
    utf8_add_valid(&valid, text_content(&decoded), decoded.size); /* Go's JSON holds nothing else */
    set_text(value, scratch, &valid);
    text_free(&decoded);
    text_free(&valid);
    return good || error_at(error, scalar->origin, "the value tagged !!binary is not base64");
}

/* How much of a text a message shows. */
static int shown_text(const struct node *scalar)
{
    return scalar->count < 60 ? (int)scalar->count : 60;
}

static bool float_value(const struct node *scalar, double number, struct value *value, struct error *error)
{
    *value = (struct value){.kind = VALUE_FLOAT, .number = number};
    if (isfinite(number))
        return true;
    return error_at(error, scalar->origin, "'%.*s' is no number that JSON can hold: put it in quotes",
                    shown_text(scalar), scalar->text);
}

static bool timestamp_value(const struct node *scalar, struct text *scratch, struct value *value, struct error *error)
{
    char out[NUMBER_SIZE];
    size_t size = scalar_timestamp(scalar->text, out);
    if (!size)
        return error_at(error, scalar->origin, "the time zone of '%.*s' is 24 hours or more: put the value in quotes",
                        shown_text(scalar), scalar->text);
    text_cut(scratch, 0);
    text_bytes(scratch, out, size);
    *value = (struct value){.kind = VALUE_STRING, .text = scratch->bytes, .size = size};
    return true;
}

/* The value of a text that resolves to this tag. */
static bool typed_value(const struct node *scalar, enum node_tag tag, struct text *scratch, struct value *value,
                        struct error *error)
{
    double number = 0;
    *value = (struct value){.kind = VALUE_NULL};
    switch (tag) {
    case TAG_BOOL:
        value->kind = VALUE_BOOL;
        value->truth = scalar->text[0] == 't' || scalar->text[0] == 'T';
        return true;
    case TAG_INT:
        value->kind = VALUE_INTEGER;
        return resolve_integer(scalar->text, scalar->count, &value->integer);
    case TAG_FLOAT:
        resolve_float(scalar->text, scalar->count, &number);
        return float_value(scalar, number, value, error);
    case TAG_TIMESTAMP:
        return timestamp_value(scalar, scratch, value, error);
    default:
        return true;
    }
}

/* A tag that go-yaml v3 writes out, because it was, or because the text alone would mean something else. The text must
 * then be one of the tag's; only integers pass for floats. */
static bool tagged_value(const struct node *scalar, enum node_tag implied, struct text *scratch, struct value *value,
                         struct error *error)
{
    if (implied == scalar->tag)
        return typed_value(scalar, implied, scratch, value, error);
    struct integer integer;
    bool widens = scalar->tag == TAG_FLOAT && implied == TAG_INT &&
                  resolve_integer(scalar->text, scalar->count, &integer) &&
                  integer.magnitude <= INT64_MAX + (uint64_t)integer.negative;
    if (!widens)
        return error_at(error, scalar->origin,
                        "'%.*s' is not a %s: change the value, or put it in quotes without a tag", shown_text(scalar),
                        scalar->text, node_tag_name(scalar));
    double magnitude = (double)integer.magnitude;
    bool minus = integer.negative && integer.magnitude;
    return float_value(scalar, minus ? -magnitude : magnitude, value, error);
}

/* Whether go-yaml v3 quotes a plain text that is no string, so that it comes back as one: in flow collections dates for
 * their colons, and nothing at all there and as a key. */
static bool becomes_string(const struct node *scalar, struct value_place place)
{
    if (scalar->style != STYLE_PLAIN)
        return true;
    if (!scalar->count)
        return place.flow || place.key;
    return place.flow && (memchr(scalar->text, ':', scalar->count) || memchr(scalar->text, ',', scalar->count));
}

static bool other_value(const struct node *scalar, struct value_place place, struct text *scratch, struct value *value,
                        struct error *error)
{
    enum node_tag implied = node_resolve(scalar->text, scalar->count);
    if (scalar->tag == TAG_NONE) {
        bool is_string = implied == TAG_STRING || implied == TAG_MERGE || becomes_string(scalar, place);
        return is_string ? string_value(scalar, place, scratch, value, error)
                         : typed_value(scalar, implied, scratch, value, error);
    }
    if (scalar->tagged || implied != scalar->tag)
        return tagged_value(scalar, implied, scratch, value, error);
    return becomes_string(scalar, place) ? string_value(scalar, place, scratch, value, error)
                                         : typed_value(scalar, implied, scratch, value, error);
}

bool value_of(const struct node *scalar, struct value_place place, struct text *scratch, struct value *out,
              struct error *error)
{
    switch (scalar->tag) {
    case TAG_BINARY:
        return binary_value(scalar, place, scratch, out, error);
    case TAG_NONE:
    case TAG_INT:
    case TAG_FLOAT:
    case TAG_BOOL:
    case TAG_NULL:
    case TAG_TIMESTAMP:
        return other_value(scalar, place, scratch, out, error);
    default:
        return string_value(scalar, place, scratch, out, error);
    }
}

/* A character that go-yaml v2's reader refuses; JSON escapes those below the space. */
static bool is_refused(const char *text, size_t size, size_t at)
{
    unsigned char byte = byte_at(text, size, at);
    bool high_control = byte == 0xC2 && byte_at(text, size, at + 1) < 0xA0 && !is_next_line(text, size, at);
    return byte == 0x7F || high_control || is_noncharacter(text, size, at);
}

static bool begins_document(const char *text, size_t size, size_t at)
{
    if (size - at < 4 || (memcmp(text + at, "---", 3) != 0 && memcmp(text + at, "...", 3) != 0))
        return false;
    return text[at + 3] == ' ' || is_next_line(text, size, at + 3);
}

/* Spaces and next lines in a quoted scalar: where there is a next line, they fold. Returns the end of the run. */
static size_t fold_blanks(const char *text, size_t size, size_t at, struct text *out)
{
    size_t start = at, lines = 0;
    while (at < size && (text[at] == ' ' || is_next_line(text, size, at))) {
        lines += text[at] != ' ';
        at += text[at] == ' ' ? 1 : 2;
    }
    if (!lines)
        text_bytes(out, text + start, at - start);
    else if (lines == 1)
        text_byte(out, ' ');
    else
        text_repeat(out, '\n', lines - 1);
    return at;
}

static bool fold_next_lines(struct value *value, origin at_origin, struct text *scratch, struct error *error)
{
    struct text folded = {0};
    const char *text = value->text;
    bool good = true;
    for (size_t at = 0; good && at < value->size;) {
        size_t end = fold_blanks(text, value->size, at, &folded);
        good = end == at || text[end - 1] == ' ' || !begins_document(text, value->size, end);
        at = end;
        if (at == value->size)
            break;
        size_t width = character_width(text, value->size, at);
        text_bytes(&folded, text + at, width);
        at += width;
    }
    if (good)
        set_text(value, scratch, &folded);
    text_free(&folded);
    return good || error_at(error, at_origin, "kustomize cannot print U+0085 before '---' or '...': remove it");
}

bool value_reread_json(struct value *value, bool key, origin at_origin, struct text *scratch, struct error *error)
{
    bool next_line = false;
    if (!utf8_is_valid(value->text, value->size))
        return error_at(error, at_origin, NOT_UTF8);
    for (size_t at = 0; at < value->size; at++) {
        if (is_refused(value->text, value->size, at))
            return error_at(error, at_origin, "control characters are not allowed: remove the one in this value");
        next_line |= is_next_line(value->text, value->size, at);
    }
    if (!next_line)
        return true;
    if (key)
        return error_at(error, at_origin, "kustomize cannot print a key with a line break U+0085: remove it");
    return fold_next_lines(value, at_origin, scratch, error);
}
