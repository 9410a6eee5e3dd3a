/* regex_syntax.c: translates a regular expression of Go into one of PCRE2.
 *
 * Source of all rules: Go's regexp/syntax, parse.go, with the flags of regexp.Compile. */
#include "kustomize/text/regex_syntax.h"

#include <string.h>

#include "kustomize/text/regex_translation.h"

/* Notes that something that can be repeated was written. */
static void note_atom(struct translation *translation, int weight)
{
    struct group *group = &translation->groups[translation->depth];
    group->atom = weight;
    if (weight > group->heaviest)
        group->heaviest = weight;
}

static bool write_atom(struct translation *translation, const char *text)
{
    text_string(translation->out, text);
    note_atom(translation, 1);
    return true;
}

static bool take_class(struct translation *translation)
{
    const char *whole = translation->at++;
    text_byte(translation->out, '[');
    if (*translation->at == '^')
        text_byte(translation->out, *translation->at++);
    for (bool first = true; first || *translation->at != ']'; first = false)
        if (!regex_take_class_part(translation, whole))
            return false;
    translation->at++;
    return write_atom(translation, "]");
}

static bool open_group(struct translation *translation)
{
    if (translation->depth + 1 == DEEPEST_GROUP)
        return regex_refuse_whole(translation, "expression nests too deeply");
    translation->groups[++translation->depth] = (struct group){0, NO_ATOM};
    return true;
}

/* (?P<name>, (?<name>: groups are told apart by number only. */
static bool take_name(struct translation *translation)
{
    const char *start = translation->at, *name = strchr(translation->at, '<') + 1;
    size_t size = 0;
    while (regex_is_word((unsigned char)name[size]))
        size++;
    translation->at = name + size + (name[size] ? 1 : 0);
    if (!size || name[size] != '>')
        return regex_refuse(translation, "invalid named capture", start);
    text_byte(translation->out, '(');
    return open_group(translation);
}

/* (?i), (?i-s:, (?:. */
static bool take_flags(struct translation *translation)
{
    const char *start = translation->at;
    translation->at += 2;
    size_t letters = strspn(translation->at, "imsU");
    bool negative = translation->at[letters] == '-';
    size_t off = negative ? strspn(translation->at + letters + 1, "imsU") : 0;
    translation->at += letters + (negative ? off + 1 : 0);
    char end = *translation->at;
    translation->at += end ? 1 : 0;
    if ((end != ':' && end != ')') || (negative && !off))
        return regex_refuse(translation, "invalid or unsupported Perl syntax", start);
    text_bytes(translation->out, start, (size_t)(translation->at - start));
    if (end == ':')
        return open_group(translation);
    translation->groups[translation->depth].atom = NO_ATOM;
    return true;
}

static bool take_open(struct translation *translation)
{
    const char *at = translation->at;
    if (at[1] == '?')
        return at[2] == '<' || (at[2] == 'P' && at[3] == '<') ? take_name(translation) : take_flags(translation);
    text_byte(translation->out, *translation->at++);
    return open_group(translation);
}

static bool take_close(struct translation *translation)
{
    if (!translation->depth)
        return regex_refuse_whole(translation, "unexpected )");
    translation->at++;
    int weight = translation->groups[translation->depth--].heaviest;
    write_atom(translation, ")");
    note_atom(translation, weight);
    return true;
}

static bool take_alternative(struct translation *translation)
{
    text_byte(translation->out, *translation->at++);
    translation->groups[translation->depth].atom = NO_ATOM;
    return true;
}

/* A number without leading zeros; what is too large stays too large. */
static bool take_count(const char **at, int *count)
{
    const char *start = *at;
    for (*count = 0; **at >= '0' && **at <= '9'; (*at)++)
        *count = *count > REPEAT_MOST ? *count : *count * 10 + (**at - '0');
    return *at != start && (*start != '0' || *at == start + 1);
}

/* {2}, {2,}, {2,3}; anything else is no repetition. Without an upper bound, `most` is -1. */
static const char *repeat_end(const char *at, int *least, int *most)
{
    at++;
    if (!take_count(&at, least))
        return NULL;
    *most = *least;
    if (*at == ',') {
        at++;
        *most = -1;
        if (*at != '}' && !take_count(&at, most))
            return NULL;
    }
    return *at == '}' ? at + 1 : NULL;
}

static bool finish_repeat(struct translation *translation, const char *start)
{
    if (*translation->at == '?')
        translation->at++;
    if (translation->last_repeat)
        return regex_refuse(translation, "invalid nested repetition operator", translation->last_repeat);
    if (translation->groups[translation->depth].atom == NO_ATOM)
        return regex_refuse(translation, "missing argument to repetition operator", start);
    text_bytes(translation->out, start, (size_t)(translation->at - start));
    translation->last_repeat = start;
    return true;
}

static bool take_repeat(struct translation *translation)
{
    const char *start = translation->at++;
    return finish_repeat(translation, start);
}

static bool take_counted_repeat(struct translation *translation)
{
    int least, most;
    const char *start = translation->at, *end = repeat_end(translation->at, &least, &most);
    if (!end) {
        translation->at++;
        return write_atom(translation, "\\{");
    }
    translation->at = end;
    if (least > REPEAT_MOST || most > REPEAT_MOST || (most >= 0 && least > most))
        return regex_refuse(translation, "invalid repeat count", start);
    if (!finish_repeat(translation, start))
        return false;
    int copies = most < 0 ? least : most, inner = translation->groups[translation->depth].atom;
    int weight = most == 0 ? 0 : (copies ? copies : 1) * (inner ? inner : 1);
    if (weight > REPEAT_MOST)
        return regex_refuse(translation, "invalid repeat count", start);
    note_atom(translation, weight);
    return true;
}

static bool take_quoted(struct translation *translation)
{
    translation->at += 2;
    while (*translation->at && strncmp(translation->at, "\\E", 2) != 0) {
        uint32_t rune;
        if (!regex_take_rune(translation, &rune))
            return false;
        regex_write_rune(translation, rune);
        note_atom(translation, 1);
    }
    translation->at += *translation->at ? 2 : 0;
    return true;
}

/* Assertions stand in groups because PCRE2 does not repeat all of them. */
static bool take_assertion(struct translation *translation, const char *text, size_t size)
{
    translation->at += size;
    return write_atom(translation, text);
}

static bool take_backslash(struct translation *translation)
{
    switch (translation->at[1]) {
    case 'A':
        return take_assertion(translation, "(?:\\A)", 2);
    case 'b':
        return take_assertion(translation, "(?:\\b)", 2);
    case 'B':
        return take_assertion(translation, "(?:\\B)", 2);
    case 'z':
        return take_assertion(translation, "(?:\\z)", 2);
    case 'Q':
        return take_quoted(translation);
    case 'p':
    case 'P':
        return regex_take_unicode_class(translation) && write_atom(translation, "");
    default:
        break;
    }
    const struct perl_class *perl = regex_take_perl_class(translation);
    if (perl)
        return write_atom(translation, perl->alone);
    uint32_t rune;
    if (!regex_take_escape(translation, &rune))
        return false;
    regex_write_rune(translation, rune);
    note_atom(translation, 1);
    return true;
}

static bool take_literal(struct translation *translation)
{
    uint32_t rune;
    if (!regex_take_rune(translation, &rune))
        return false;
    regex_write_rune(translation, rune);
    note_atom(translation, 1);
    return true;
}

static bool take_one(struct translation *translation)
{
    switch (*translation->at) {
    case '(':
        return take_open(translation);
    case ')':
        return take_close(translation);
    case '|':
        return take_alternative(translation);
    case '^':
        return take_assertion(translation, "(?:^)", 1);
    case '$':
        return take_assertion(translation, "(?:$)", 1);
    case '.':
        return take_assertion(translation, ".", 1);
    case '[':
        return take_class(translation);
    case '*':
    case '+':
    case '?':
        return take_repeat(translation);
    case '{':
        return take_counted_repeat(translation);
    case '\\':
        return take_backslash(translation);
    default:
        return take_literal(translation);
    }
}

bool regex_translate(const char *pattern, struct text *out, origin at, struct error *error)
{
    struct translation translation = {.at = pattern, .whole = pattern, .out = out, .origin = at, .error = error};
    translation.groups[0].atom = NO_ATOM;
    while (*translation.at) {
        const char *last_repeat = translation.last_repeat;
        if (!take_one(&translation))
            return false;
        if (translation.last_repeat == last_repeat)
            translation.last_repeat = NULL;
    }
    return translation.depth ? regex_refuse_whole(&translation, "missing closing )") : true;
}
