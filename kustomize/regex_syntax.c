/* regex_syntax.c: translates a regular expression of Go into one of PCRE2.
 *
 * Source of all rules: Go's regexp/syntax, parse.go, with the flags of regexp.Compile. Literals are written as \x{41},
 * so that nothing of PCRE2's own syntax can slip through. */
#include "kustomize/regex_syntax.h"

#include <stdint.h>
#include <string.h>

enum {
    DEEPEST_GROUP = 250,
    REPEAT_MOST = 1000, /* of one repetition, and of nested ones multiplied */
};

enum { NO_ATOM = -1 };

/* What is known of a group while it is open. `atom` is the number of copies that the last thing in it stands for. */
struct group {
    int heaviest, atom;
};

struct translation {
    const char *at, *whole;
    struct text *out;
    struct group groups[DEEPEST_GROUP];
    size_t depth;
    const char *last_repeat; /* the repetition just taken */
    origin origin;
    struct error *error;
};

static bool refuse(struct translation *t, const char *problem, const char *start)
{
    return error_at(t->error, t->origin, "error parsing regexp: %s: `%.*s`", problem, (int)(t->at - start), start);
}

static bool refuse_whole(struct translation *t, const char *problem)
{
    return error_at(t->error, t->origin, "error parsing regexp: %s: `%s`", problem, t->whole);
}

static bool is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The length of the UTF-8 sequence that a byte begins; 0: none. */
static size_t sequence_length(unsigned char byte)
{
    if (byte < 0x80)
        return 1;
    if (byte >= 0xc2 && byte < 0xe0)
        return 2;
    if (byte >= 0xe0 && byte < 0xf0)
        return 3;
    return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

/* Reads one character. PCRE2 checks the rest of what makes UTF-8 valid. */
static bool take_rune(struct translation *t, uint32_t *rune)
{
    size_t length = sequence_length((unsigned char)*t->at);
    if (!length)
        return refuse_whole(t, "invalid UTF-8");
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *rune = (unsigned char)*t->at++ & masks[length];
    while (--length) {
        if (((unsigned char)*t->at & 0xc0) != 0x80)
            return refuse_whole(t, "invalid UTF-8");
        *rune = *rune << 6 | ((unsigned char)*t->at++ & 0x3f);
    }
    return true;
}

static void write_rune(struct translation *t, uint32_t rune)
{
    if (rune != '_' && is_word(rune))
        text_byte(t->out, (char)rune);
    else
        text_format(t->out, "\\x{%x}", (unsigned)rune);
}

/* Notes that something that can be repeated was written. */
static void note_atom(struct translation *t, int weight)
{
    struct group *group = &t->groups[t->depth];
    group->atom = weight;
    if (weight > group->heaviest)
        group->heaviest = weight;
}

static bool write_atom(struct translation *t, const char *text)
{
    text_string(t->out, text);
    note_atom(t, 1);
    return true;
}

static int hex_value(uint32_t c)
{
    if (c >= '0' && c <= '9')
        return (int)c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

/* \x7f and \x{10ffff}, behind the x. */
static bool take_hex(struct translation *t, uint32_t *rune)
{
    *rune = 0;
    if (*t->at != '{') {
        for (int i = 0; i < 2; i++) {
            int digit = hex_value((unsigned char)*t->at);
            if (digit < 0)
                return false;
            *rune = *rune << 4 | (uint32_t)digit;
            t->at++;
        }
        return true;
    }
    const char *digits = ++t->at;
    for (int digit; (digit = hex_value((unsigned char)*t->at)) >= 0; t->at++) {
        *rune = *rune << 4 | (uint32_t)digit;
        if (*rune > 0x10ffff)
            return false;
    }
    return t->at != digits && *t->at++ == '}';
}

/* \7 alone would be a back reference. */
static bool take_octal(struct translation *t, char first, uint32_t *rune)
{
    *rune = (uint32_t)(first - '0');
    if (first != '0' && (*t->at < '0' || *t->at > '7'))
        return false;
    for (int i = 0; i < 2 && *t->at >= '0' && *t->at <= '7'; i++)
        *rune = *rune * 8 + (uint32_t)(*t->at++ - '0');
    return true;
}

static bool named_escape(uint32_t c, uint32_t *rune)
{
    static const char names[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    const char *found = c < 0x80 ? strchr(names, (int)c) : NULL;
    if (!found || !c)
        return false;
    *rune = (uint32_t)values[found - names];
    return true;
}

/* The character that an escape stands for. */
static bool take_escape(struct translation *t, uint32_t *rune)
{
    const char *start = t->at++;
    if (!*t->at)
        return error_at(t->error, t->origin, "error parsing regexp: trailing backslash at end of expression: ``");
    uint32_t c;
    if (!take_rune(t, &c))
        return false;
    if (c < 0x80 && (!is_word(c) || c == '_')) {
        *rune = c;
        return true;
    }
    bool known = c == 'x'               ? take_hex(t, rune)
                 : c >= '0' && c <= '7' ? take_octal(t, (char)c, rune)
                                        : named_escape(c, rune);
    if (!known)
        return refuse(t, "invalid escape sequence", start);
    if (*rune >= 0xd800 && *rune < 0xe000)
        return refuse(t, "no character has the code", start);
    return true;
}

/* Classes by letter, outside and inside of brackets. RE2's \s has no vertical tab. */
static const struct perl_class {
    char letter;
    const char *alone, *inside;
} perl_classes[] = {
    {'d', "[0-9]", "0-9"},
    {'D', "[^0-9]", "\\D"},
    {'s', "[\\t\\n\\f\\r\\x20]", "\\t\\n\\f\\r\\x20"},
    {'S', "[^\\t\\n\\f\\r\\x20]", "\\x{0}-\\x{8}\\x{b}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"},
    {'w', "\\w", "\\w"},
    {'W', "\\W", "\\W"},
};

static const struct perl_class *take_perl_class(struct translation *t)
{
    for (size_t i = 0; *t->at == '\\' && i < sizeof perl_classes / sizeof *perl_classes; i++)
        if (t->at[1] == perl_classes[i].letter) {
            t->at += 2;
            return &perl_classes[i];
        }
    return NULL;
}

/* \pL, \p{Greek}, \P{^Greek}. Names of one or two letters are categories, longer ones scripts, which PCRE2 would
 * otherwise take for script extensions. */
static bool take_unicode_class(struct translation *t)
{
    const char *start = t->at;
    bool negative = t->at[1] == 'P';
    t->at += 2;
    const char *name = t->at;
    size_t size = *name ? 1 : 0;
    t->at += size;
    if (*name == '{') {
        size_t length = strcspn(++name, "}");
        t->at = name + length + (name[length] ? 1 : 0);
        if (*name == '^') {
            negative = !negative;
            name++;
            length--;
        }
        size = length;
    }
    for (size_t i = 0; i < size; i++)
        if (!is_word((unsigned char)name[i]))
            return refuse(t, "invalid character class range", start);
    if (!size || (start[2] == '{' && t->at[-1] != '}'))
        return refuse(t, "invalid character class range", start);
    bool category = size <= 2 || (size == 3 && strncmp(name, "Any", 3) == 0);
    text_format(t->out, "\\%c{%s%.*s}", negative ? 'P' : 'p', category ? "" : "sc:", (int)size, name);
    return true;
}

static bool is_unicode_class(const struct translation *t)
{
    return t->at[0] == '\\' && (t->at[1] == 'p' || t->at[1] == 'P');
}

/* The end of [:alpha:] within brackets; an unclosed one is a literal bracket: NULL. */
static const char *named_class_end(const char *at)
{
    const char *end = at[0] == '[' && at[1] == ':' ? strstr(at + 2, ":]") : NULL;
    return end ? end + 2 : NULL;
}

static bool take_named_class(struct translation *t, const char *end)
{
    static const char *const names[] = {"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
                                        "lower", "print", "punct", "space", "upper", "word",  "xdigit"};
    const char *start = t->at, *name = start + 2 + (start[2] == '^');
    t->at = end;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);
        if (name + size + 2 == end && memcmp(names[i], name, size) == 0) {
            text_bytes(t->out, start, (size_t)(end - start));
            return true;
        }
    }
    return refuse(t, "invalid character class range", start);
}

static bool take_class_rune(struct translation *t, const char *whole, uint32_t *rune)
{
    if (!*t->at)
        return error_at(t->error, t->origin, "error parsing regexp: missing closing ]: `%s`", whole);
    return *t->at == '\\' ? take_escape(t, rune) : take_rune(t, rune);
}

static bool take_range(struct translation *t, const char *whole)
{
    const char *start = t->at;
    uint32_t low, high;
    if (!take_class_rune(t, whole, &low))
        return false;
    text_format(t->out, "\\x{%x}", (unsigned)low);
    if (t->at[0] != '-' || !t->at[1] || t->at[1] == ']')
        return true;
    t->at++;
    if (!take_class_rune(t, whole, &high))
        return false;
    if (high < low)
        return refuse(t, "invalid character class range", start);
    text_format(t->out, "-\\x{%x}", (unsigned)high);
    return true;
}

static bool take_class_part(struct translation *t, const char *whole)
{
    const char *end = named_class_end(t->at);
    if (end)
        return take_named_class(t, end);
    if (is_unicode_class(t))
        return take_unicode_class(t);
    const struct perl_class *perl = take_perl_class(t);
    if (!perl)
        return take_range(t, whole);
    text_string(t->out, perl->inside);
    return true;
}

static bool take_class(struct translation *t)
{
    const char *whole = t->at++;
    text_byte(t->out, '[');
    if (*t->at == '^')
        text_byte(t->out, *t->at++);
    for (bool first = true; first || *t->at != ']'; first = false)
        if (!take_class_part(t, whole))
            return false;
    t->at++;
    return write_atom(t, "]");
}

static bool open_group(struct translation *t)
{
    if (t->depth + 1 == DEEPEST_GROUP)
        return refuse_whole(t, "expression nests too deeply");
    t->groups[++t->depth] = (struct group){0, NO_ATOM};
    return true;
}

/* (?P<name>, (?<name>: groups are told apart by number only. */
static bool take_name(struct translation *t)
{
    const char *start = t->at, *name = strchr(t->at, '<') + 1;
    size_t size = 0;
    while (is_word((unsigned char)name[size]))
        size++;
    t->at = name + size + (name[size] ? 1 : 0);
    if (!size || name[size] != '>')
        return refuse(t, "invalid named capture", start);
    text_byte(t->out, '(');
    return open_group(t);
}

/* (?i), (?i-s:, (?:. */
static bool take_flags(struct translation *t)
{
    const char *start = t->at;
    t->at += 2;
    size_t letters = strspn(t->at, "imsU");
    bool negative = t->at[letters] == '-';
    size_t off = negative ? strspn(t->at + letters + 1, "imsU") : 0;
    t->at += letters + (negative ? off + 1 : 0);
    char end = *t->at;
    t->at += end ? 1 : 0;
    if ((end != ':' && end != ')') || (negative && !off))
        return refuse(t, "invalid or unsupported Perl syntax", start);
    text_bytes(t->out, start, (size_t)(t->at - start));
    if (end == ':')
        return open_group(t);
    t->groups[t->depth].atom = NO_ATOM;
    return true;
}

static bool take_open(struct translation *t)
{
    const char *at = t->at;
    if (at[1] == '?')
        return at[2] == '<' || (at[2] == 'P' && at[3] == '<') ? take_name(t) : take_flags(t);
    text_byte(t->out, *t->at++);
    return open_group(t);
}

static bool take_close(struct translation *t)
{
    if (!t->depth)
        return refuse_whole(t, "unexpected )");
    t->at++;
    int weight = t->groups[t->depth--].heaviest;
    write_atom(t, ")");
    note_atom(t, weight);
    return true;
}

static bool take_alternative(struct translation *t)
{
    text_byte(t->out, *t->at++);
    t->groups[t->depth].atom = NO_ATOM;
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

static bool finish_repeat(struct translation *t, const char *start)
{
    if (*t->at == '?')
        t->at++;
    if (t->last_repeat)
        return refuse(t, "invalid nested repetition operator", t->last_repeat);
    if (t->groups[t->depth].atom == NO_ATOM)
        return refuse(t, "missing argument to repetition operator", start);
    text_bytes(t->out, start, (size_t)(t->at - start));
    t->last_repeat = start;
    return true;
}

static bool take_repeat(struct translation *t)
{
    const char *start = t->at++;
    return finish_repeat(t, start);
}

static bool take_counted_repeat(struct translation *t)
{
    int least, most;
    const char *start = t->at, *end = repeat_end(t->at, &least, &most);
    if (!end) {
        t->at++;
        return write_atom(t, "\\{");
    }
    t->at = end;
    if (least > REPEAT_MOST || most > REPEAT_MOST || (most >= 0 && least > most))
        return refuse(t, "invalid repeat count", start);
    if (!finish_repeat(t, start))
        return false;
    int copies = most < 0 ? least : most, inner = t->groups[t->depth].atom;
    int weight = most == 0 ? 0 : (copies ? copies : 1) * (inner ? inner : 1);
    if (weight > REPEAT_MOST)
        return refuse(t, "invalid repeat count", start);
    note_atom(t, weight);
    return true;
}

static bool take_quoted(struct translation *t)
{
    t->at += 2;
    while (*t->at && strncmp(t->at, "\\E", 2) != 0) {
        uint32_t rune;
        if (!take_rune(t, &rune))
            return false;
        write_rune(t, rune);
        note_atom(t, 1);
    }
    t->at += *t->at ? 2 : 0;
    return true;
}

/* Assertions stand in groups because PCRE2 does not repeat all of them. */
static bool take_assertion(struct translation *t, const char *text, size_t size)
{
    t->at += size;
    return write_atom(t, text);
}

static bool take_backslash(struct translation *t)
{
    switch (t->at[1]) {
    case 'A':
        return take_assertion(t, "(?:\\A)", 2);
    case 'b':
        return take_assertion(t, "(?:\\b)", 2);
    case 'B':
        return take_assertion(t, "(?:\\B)", 2);
    case 'z':
        return take_assertion(t, "(?:\\z)", 2);
    case 'Q':
        return take_quoted(t);
    case 'p':
    case 'P':
        return take_unicode_class(t) && write_atom(t, "");
    default:
        break;
    }
    const struct perl_class *perl = take_perl_class(t);
    if (perl)
        return write_atom(t, perl->alone);
    uint32_t rune;
    if (!take_escape(t, &rune))
        return false;
    write_rune(t, rune);
    note_atom(t, 1);
    return true;
}

static bool take_literal(struct translation *t)
{
    uint32_t rune;
    if (!take_rune(t, &rune))
        return false;
    write_rune(t, rune);
    note_atom(t, 1);
    return true;
}

static bool take_one(struct translation *t)
{
    switch (*t->at) {
    case '(':
        return take_open(t);
    case ')':
        return take_close(t);
    case '|':
        return take_alternative(t);
    case '^':
        return take_assertion(t, "(?:^)", 1);
    case '$':
        return take_assertion(t, "(?:$)", 1);
    case '.':
        return take_assertion(t, ".", 1);
    case '[':
        return take_class(t);
    case '*':
    case '+':
    case '?':
        return take_repeat(t);
    case '{':
        return take_counted_repeat(t);
    case '\\':
        return take_backslash(t);
    default:
        return take_literal(t);
    }
}

bool regex_translate(const char *pattern, struct text *out, origin at, struct error *error)
{
    struct translation t = {.at = pattern, .whole = pattern, .out = out, .origin = at, .error = error};
    t.groups[0].atom = NO_ATOM;
    while (*t.at) {
        const char *last_repeat = t.last_repeat;
        if (!take_one(&t))
            return false;
        if (t.last_repeat == last_repeat)
            t.last_repeat = NULL;
    }
    return t.depth ? refuse_whole(&t, "missing closing )") : true;
}
