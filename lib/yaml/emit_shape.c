/* emit_shape.c: which styles can hold a string. Source: go-yaml v2, emitterc.go, analyze_scalar. */
#include <string.h>

#include "yaml/emit_characters.h"
#include "yaml/emit_scalar.h"

enum class { HARMLESS, SPACE, COLON, HASH, NEWLINE, TAB, CARRIAGE_RETURN, CONTROL, DELETE, WIDE };

#define TIMES_8(class) class, class, class, class, class, class, class, class
#define TIMES_32(class) TIMES_8(class), TIMES_8(class), TIMES_8(class), TIMES_8(class)

static const unsigned char classes[256] = {
    TIMES_8(CONTROL),
    CONTROL,
    TAB,
    NEWLINE,
    CONTROL,
    CONTROL,
    CARRIAGE_RETURN,
    CONTROL,
    CONTROL,
    TIMES_8(CONTROL),
    TIMES_8(CONTROL),
    [' '] = SPACE,
    ['#'] = HASH,
    [':'] = COLON,
    [0x7F] = DELETE,
    [0x80] = TIMES_32(WIDE),
    TIMES_32(WIDE),
    TIMES_32(WIDE),
    TIMES_32(WIDE),
};

/* Characters that a plain scalar cannot begin with. */
static const bool indicators[256] = {
    ['#'] = true, [','] = true, ['['] = true, [']'] = true, ['{'] = true, ['}'] = true, ['&'] = true, ['*'] = true,
    ['!'] = true, ['|'] = true, ['>'] = true, ['%'] = true, ['@'] = true, ['`'] = true, ['"'] = true, ['\''] = true,
};

struct scan {
    bool indicator, special;
    bool leading_space, leading_break, trailing_space, trailing_break;
    bool break_space, space_break;
    enum class previous; /* HARMLESS, SPACE, NEWLINE or TAB; NEWLINE at the start would be wrong, TAB is right */
};

static bool ends_word(const char *text, size_t size, size_t at)
{
    return at == size || is_blank(text[at]);
}

static bool begins_badly(const char *text, size_t size)
{
    if (indicators[(unsigned char)text[0]])
        return true;
    if (size >= 3 && (memcmp(text, "---", 3) == 0 || memcmp(text, "...", 3) == 0))
        return true;
    return (text[0] == '-' || text[0] == '?') && ends_word(text, size, 1);
}

static void see_space(struct scan *scan, bool first, bool last)
{
    scan->leading_space |= first;
    scan->trailing_space |= last;
    scan->break_space |= scan->previous == NEWLINE;
    scan->previous = SPACE;
}

static void see_break(struct scan *scan, bool first, bool last)
{
    scan->leading_break |= first;
    scan->trailing_break |= last;
    scan->space_break |= scan->previous == SPACE;
    scan->previous = NEWLINE;
}

static size_t see_wide(struct scan *scan, struct shape *shape, const char *text, size_t size, size_t at)
{
    size_t width = character_width(text, size, at);
    shape->wide = true;
    shape->columns++;
    scan->special |= !is_printable(text, size, at);
    if (is_break(text, size, at)) {
        shape->separators = shape->multiline = true;
        see_break(scan, at == 0, at + width == size);
    } else {
        scan->previous = HARMLESS;
    }
    return width;
}

/* A byte that is not harmless everywhere. Returns the width of the character. */
static size_t see_text(struct scan *scan, struct shape *shape, const char *text, size_t size, size_t at)
{
    enum class class = classes[(unsigned char)text[at]];
    if (class == WIDE)
        return see_wide(scan, shape, text, size, at);
    shape->columns++;
    switch (class) {
    case SPACE:
        shape->spaces = true;
        see_space(scan, at == 0, at + 1 == size);
        return 1;
    case NEWLINE:
        shape->newline = shape->multiline = true;
        see_break(scan, at == 0, at + 1 == size);
        return 1;
    case COLON:
        scan->indicator |= ends_word(text, size, at + 1);
        break;
    case HASH:
        scan->indicator |= scan->previous != HARMLESS;
        break;
    default:
        scan->special = true;
        shape->multiline |= class == CARRIAGE_RETURN;
        shape->wide |= class == DELETE;
        scan->previous = class == CONTROL || class == DELETE ? HARMLESS : TAB;
        return 1;
    }
    scan->previous = HARMLESS;
    return 1;
}

static void conclude_shape(const struct scan *scan, struct shape *shape)
{
    bool unquotable = scan->special || scan->space_break;
    bool edge = scan->leading_space || scan->leading_break || scan->trailing_space || scan->trailing_break;
    shape->block = !unquotable && !scan->trailing_space;
    shape->single_quoted = !unquotable && !scan->break_space;
    shape->plain = shape->single_quoted && !edge && !shape->multiline && !scan->indicator;
}

void shape_of(const char *text, size_t size, struct shape *shape)
{
    *shape = (struct shape){.plain = true, .single_quoted = true};
    if (!size)
        return;
    struct scan scan = {.previous = TAB, .indicator = begins_badly(text, size)};
    for (size_t at = 0;;) {
        size_t start = at;
        while (at < size && classes[(unsigned char)text[at]] == HARMLESS)
            at++;
        if (at > start)
            scan.previous = HARMLESS;
        shape->columns += at - start;
        if (at == size)
            break;
        at += see_text(&scan, shape, text, size, at);
    }
    conclude_shape(&scan, shape);
}
