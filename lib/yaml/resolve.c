/* resolve.c: the tag that a plain scalar's text implies. Source of all rules: go-yaml v3 and v2, resolve.go. */
#include "yaml/resolve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct word {
    char text[6];
    uint8_t tag;
};

static const struct word words[] = {
    {"true", TAG_BOOL},   {"True", TAG_BOOL},   {"TRUE", TAG_BOOL},   {"false", TAG_BOOL},  {"False", TAG_BOOL},
    {"FALSE", TAG_BOOL},  {"<<", TAG_MERGE},    {"~", TAG_NULL},      {"null", TAG_NULL},   {"Null", TAG_NULL},
    {"NULL", TAG_NULL},   {".nan", TAG_FLOAT},  {".NaN", TAG_FLOAT},  {".NAN", TAG_FLOAT},  {".inf", TAG_FLOAT},
    {".Inf", TAG_FLOAT},  {".INF", TAG_FLOAT},  {"+.inf", TAG_FLOAT}, {"+.Inf", TAG_FLOAT}, {"+.INF", TAG_FLOAT},
    {"-.inf", TAG_FLOAT}, {"-.Inf", TAG_FLOAT}, {"-.INF", TAG_FLOAT},
};

/* Booleans of YAML 1.1 only. */
static const struct word old_words[] = {
    {"y", TAG_BOOL},  {"Y", TAG_BOOL},   {"yes", TAG_BOOL}, {"Yes", TAG_BOOL}, {"YES", TAG_BOOL}, {"on", TAG_BOOL},
    {"On", TAG_BOOL}, {"ON", TAG_BOOL},  {"n", TAG_BOOL},   {"N", TAG_BOOL},   {"no", TAG_BOOL},  {"No", TAG_BOOL},
    {"NO", TAG_BOOL}, {"off", TAG_BOOL}, {"Off", TAG_BOOL}, {"OFF", TAG_BOOL},
};

enum { LONGEST_WORD = 5 };

static enum node_tag find_word(const struct word *table, size_t count, const char *text, size_t size)
{
    if (size > LONGEST_WORD)
        return TAG_NONE;
    for (size_t i = 0; i < count; i++)
        if (table[i].text[0] == text[0] && strlen(table[i].text) == size && memcmp(table[i].text, text, size) == 0)
            return table[i].tag;
    return TAG_NONE;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A text being read from the front. */
struct cursor {
    const char *at, *end;
};

static bool take_byte(struct cursor *cursor, char byte)
{
    if (cursor->at == cursor->end || *cursor->at != byte)
        return false;
    cursor->at++;
    return true;
}

/* One or two digits within bounds. */
static bool take_number(struct cursor *cursor, int least, int most, int *value)
{
    if (cursor->at == cursor->end || !is_digit(*cursor->at))
        return false;
    *value = *cursor->at++ - '0';
    if (cursor->at != cursor->end && is_digit(*cursor->at))
        *value = *value * 10 + (*cursor->at++ - '0');
    return *value >= least && *value <= most;
}

static int days_in(int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct cursor *cursor)
{
    int year = 0, month, day;
    for (int i = 0; i < 4; i++) {
        if (cursor->at == cursor->end || !is_digit(*cursor->at))
            return false;
        year = year * 10 + (*cursor->at++ - '0');
    }
    return take_byte(cursor, '-') && take_number(cursor, 1, 12, &month) && take_byte(cursor, '-') &&
           take_number(cursor, 1, 31, &day) && day <= days_in(month, year);
}

static bool take_time(struct cursor *cursor)
{
    int number;
    if (!take_number(cursor, 0, 23, &number) || !take_byte(cursor, ':') || !take_number(cursor, 0, 59, &number) ||
        !take_byte(cursor, ':') || !take_number(cursor, 0, 59, &number))
        return false;
    bool fraction =
        cursor->end - cursor->at >= 2 && (*cursor->at == '.' || *cursor->at == ',') && is_digit(cursor->at[1]);
    if (!fraction)
        return true;
    cursor->at++;
    while (cursor->at != cursor->end && is_digit(*cursor->at))
        cursor->at++;
    return true;
}

/* Z or +07:00. Go allows an offset of 24 hours and of 60 minutes. */
static bool take_zone(struct cursor *cursor)
{
    if (take_byte(cursor, 'Z'))
        return true;
    if (cursor->end - cursor->at != 6 || !is_digit(cursor->at[2]) || !is_digit(cursor->at[5]))
        return false;
    int number;
    return (take_byte(cursor, '+') || take_byte(cursor, '-')) && take_number(cursor, 0, 24, &number) &&
           take_byte(cursor, ':') && take_number(cursor, 0, 60, &number);
}

/* Whether the text is in one of the four forms of date and time that go-yaml knows, and such a day exists. */
static bool resolve_timestamp(const char *text, size_t size)
{
    struct cursor cursor = {text, text + size};
    if (!take_date(&cursor))
        return false;
    if (cursor.at == cursor.end)
        return true;
    if (take_byte(&cursor, 'T') || take_byte(&cursor, 't'))
        return take_time(&cursor) && take_zone(&cursor) && cursor.at == cursor.end;
    if (!take_byte(&cursor, ' '))
        return false;
    while (take_byte(&cursor, ' '))
        ;
    return take_time(&cursor) && cursor.at == cursor.end;
}

static int digit_value(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return 16;
}

static unsigned base_of_letter(char letter)
{
    switch (letter) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 0;
    }
}

/* Consumes the prefix of a number without its sign, as Go's ParseInt does for base 0: "017" is octal, "0x" alone is
 * none. */
static unsigned take_base(struct cursor *cursor)
{
    if (cursor->end - cursor->at < 2 || *cursor->at != '0')
        return 10;
    unsigned base = base_of_letter(cursor->at[1]);
    if (!base) {
        cursor->at++;
        return 8;
    }
    cursor->at += 2;
    return base;
}

static bool take_digits(struct cursor cursor, unsigned base, uint64_t *value)
{
    if (cursor.at == cursor.end)
        return false;
    *value = 0;
    for (; cursor.at != cursor.end; cursor.at++) {
        unsigned digit = (unsigned)digit_value(*cursor.at);
        if (digit >= base || __builtin_mul_overflow(*value, base, value) ||
            __builtin_add_overflow(*value, digit, value))
            return false;
    }
    return true;
}

static bool fits_sign(const struct integer *value, bool explicit_plus)
{
    const uint64_t bound = UINT64_C(1) << 63;
    if (value->negative)
        return value->magnitude <= bound;
    return !explicit_plus || value->magnitude < bound;
}

/* Without underscores. go-yaml takes a sign behind 0b and (v3) 0o as well: 0b-1. */
static bool parse_integer(struct cursor cursor, bool yaml11, struct integer *value)
{
    bool minus = take_byte(&cursor, '-');
    bool sign = minus || take_byte(&cursor, '+');
    const char *start = cursor.at;
    unsigned base = take_base(&cursor);
    bool small_letter = cursor.at - start == 2 && (start[1] == 'b' || (start[1] == 'o' && !yaml11));
    if (!sign && small_letter) {
        minus = take_byte(&cursor, '-');
        sign = minus || take_byte(&cursor, '+');
    }
    value->negative = minus;
    return take_digits(cursor, base, &value->magnitude) && fits_sign(value, sign);
}

static bool take_run(struct cursor *cursor)
{
    const char *start = cursor->at;
    while (cursor->at != cursor->end && is_digit(*cursor->at))
        cursor->at++;
    return cursor->at != start;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_decimal(struct cursor cursor)
{
    if (!take_byte(&cursor, '-'))
        take_byte(&cursor, '+');
    bool whole = take_run(&cursor);
    bool point = take_byte(&cursor, '.');
    bool fraction = point && take_run(&cursor);
    if (!whole && !fraction)
        return false;
    if (!take_byte(&cursor, 'e') && !take_byte(&cursor, 'E'))
        return cursor.at == cursor.end;
    if (!take_byte(&cursor, '-'))
        take_byte(&cursor, '+');
    return take_run(&cursor) && cursor.at == cursor.end;
}

/* The text without its underscores and with a NUL, in `buffer` or, where it is longer, in memory that the caller frees.
 */
enum { BUFFER_SIZE = 128 };

static struct cursor without_underscores(const char *text, size_t size, char buffer[BUFFER_SIZE], char **allocated)
{
    *allocated = size < BUFFER_SIZE ? NULL : memory_resize(NULL, size + 1);
    char *out = *allocated ? *allocated : buffer;
    size_t kept = 0;
    for (size_t i = 0; i < size; i++)
        if (text[i] != '_')
            out[kept++] = text[i];
    out[kept] = '\0';
    return (struct cursor){out, out + kept};
}

static bool parse_decimal(struct cursor cursor, double *value)
{
    if (!is_decimal(cursor))
        return false;
    *value = strtod(cursor.at, NULL);
    return !isinf(*value);
}

/* A text that begins with a point goes to Go's ParseFloat as it is: underscores must stand between digits. */
static bool underscores_separate(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '_' && (i == 0 || i + 1 == size || !is_digit(text[i - 1]) || !is_digit(text[i + 1])))
            return false;
    return true;
}

static enum node_tag resolve_number(const char *text, size_t size, bool yaml11)
{
    char buffer[BUFFER_SIZE], *allocated;
    struct integer integer;
    double number;
    struct cursor plain = without_underscores(text, size, buffer, &allocated);
    enum node_tag tag = TAG_STRING;
    if (text[0] != '.' && parse_integer(plain, yaml11, &integer))
        tag = TAG_INT;
    else if ((text[0] != '.' || underscores_separate(text, size)) && parse_decimal(plain, &number))
        tag = TAG_FLOAT;
    free(allocated);
    return tag;
}

/* Texts that begin otherwise are strings. */
static bool may_be_more(char first)
{
    return strchr("+-0123456789yYnNtTfFoO~.<", first) != NULL && first != '\0';
}

static enum node_tag resolve_scalar(const char *text, size_t size, bool yaml11)
{
    if (size == 0)
        return TAG_NULL;
    if (!may_be_more(text[0]))
        return TAG_STRING;
    enum node_tag tag = find_word(words, sizeof words / sizeof *words, text, size);
    if (tag == TAG_NONE && yaml11)
        tag = find_word(old_words, sizeof old_words / sizeof *old_words, text, size);
    if (tag != TAG_NONE)
        return tag;
    if (is_digit(text[0]) && resolve_timestamp(text, size))
        return TAG_TIMESTAMP;
    if (is_digit(text[0]) || strchr("+-.", text[0]))
        return resolve_number(text, size, yaml11);
    return TAG_STRING;
}

enum node_tag node_resolve(const char *text, size_t size)
{
    return resolve_scalar(text, size, false);
}

enum node_tag resolve_yaml11(const char *text, size_t size)
{
    return resolve_scalar(text, size, true);
}

bool resolve_integer(const char *text, size_t size, struct integer *value)
{
    char buffer[BUFFER_SIZE], *allocated;
    struct cursor plain = without_underscores(text, size, buffer, &allocated);
    bool good = parse_integer(plain, false, value);
    free(allocated);
    return good;
}

bool resolve_float(const char *text, size_t size, double *value)
{
    if (find_word(words, sizeof words / sizeof *words, text, size) == TAG_FLOAT) {
        bool not_a_number = text[1] == 'n' || text[1] == 'N';
        *value = not_a_number ? NAN : text[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    char buffer[BUFFER_SIZE], *allocated;
    struct cursor plain = without_underscores(text, size, buffer, &allocated);
    bool good = parse_decimal(plain, value);
    free(allocated);
    return good;
}
