/* scalar.c: the final form of numbers and dates, and which strings look like them. */
#include "yaml/scalar.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t scalar_integer(const struct integer *value, char out[NUMBER_SIZE])
{
    char digits[NUMBER_SIZE], *first = digits + sizeof digits - 1;
    uint64_t left = value->magnitude;
    *first = '\0';
    do
        *--first = (char)('0' + left % 10);
    while (left /= 10);
    if (value->negative && value->magnitude)
        *--first = '-';
    size_t size = (size_t)(digits + sizeof digits - 1 - first);
    memcpy(out, first, size + 1);
    return size;
}

/* The digits of a positive number and its exponent: 0.DIGITS times ten to the power of `point`. */
struct decimal {
    char digits[20];
    int count, point;
};

/* The digits of "d.ddde+xx". */
static struct decimal split_number(const char *scientific)
{
    struct decimal decimal = {.count = 0};
    for (; *scientific != 'e'; scientific++)
        if (*scientific != '.')
            decimal.digits[decimal.count++] = *scientific;
    decimal.point = atoi(scientific + 1) + 1;
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0')
        decimal.count--;
    return decimal;
}

/* The next larger number of as many digits. */
static void count_up(char *scientific)
{
    char *digit = strchr(scientific, 'e') - 1;
    while (digit > scientific && *digit == '9')
        *digit-- = '0';
    if (*digit == '.' && digit[-1] != '9')
        digit--;
    if (*digit >= '0' && *digit < '9')
        ++*digit;
}

/* Writes a number with so many digits behind the point; whether it reads back. A power of two has less room below than
 * above it: there the nearest digits can miss while the next larger ones read back. */
static bool reads_back(double value, int precision, char text[NUMBER_SIZE])
{
    int exponent;
    snprintf(text, NUMBER_SIZE, "%.*e", precision, value);
    if (strtod(text, NULL) == value)
        return true;
    if (frexp(value, &exponent) != 0.5)
        return false;
    count_up(text);
    return strtod(text, NULL) == value;
}

/* The shortest digits that read back as the same number, and of these the nearest. With DBL_DIG digits a normal number
 * is written as any shorter text that reads back, with zeros behind it. Of others, more digits read back where fewer
 * do. */
static struct decimal shortest_digits(double value)
{
    char text[NUMBER_SIZE];
    int least = 0, most = DBL_DECIMAL_DIG - 1;
    if (value >= DBL_MIN) {
        for (int precision = DBL_DIG - 1; !reads_back(value, precision, text) && precision < most;)
            precision++;
        return split_number(text);
    }
    while (least < most) {
        int middle = (least + most) / 2;
        if (reads_back(value, middle, text))
            most = middle;
        else
            least = middle + 1;
    }
    reads_back(value, most, text);
    return split_number(text);
}

static size_t put_exponent(char *out, int exponent, int least_digits)
{
    return (size_t)snprintf(out, 8, "e%c%0*d", exponent < 0 ? '-' : '+', least_digits, abs(exponent));
}

static size_t put_scientific(const struct decimal *decimal, int least_digits, char *out)
{
    char *start = out;
    *out++ = decimal->digits[0];
    if (decimal->count > 1) {
        *out++ = '.';
        memcpy(out, decimal->digits + 1, (size_t)decimal->count - 1);
        out += decimal->count - 1;
    }
    return (size_t)(out - start) + put_exponent(out, decimal->point - 1, least_digits);
}

static size_t put_fixed(const struct decimal *decimal, char *out)
{
    char *start = out;
    if (decimal->point <= 0)
        *out++ = '0';
    for (int i = 0; i < decimal->point; i++)
        *out++ = i < decimal->count ? decimal->digits[i] : '0';
    if (decimal->count > decimal->point)
        *out++ = '.';
    for (int i = decimal->point; i < decimal->count; i++)
        *out++ = i < 0 ? '0' : decimal->digits[i];
    *out = '\0';
    return (size_t)(out - start);
}

size_t scalar_json_float(double value, char out[NUMBER_SIZE])
{
    size_t sign = signbit(value) != 0;
    double magnitude = fabs(value);
    out[0] = '-';
    struct decimal decimal = shortest_digits(magnitude);
    if (magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21))
        return sign + put_fixed(&decimal, out + sign);
    return sign + put_scientific(&decimal, magnitude < 1 ? 1 : 2, out + sign);
}

/* JSON prints whole numbers without a point, so they come back as integers while their digits fit into 64 bits. */
static bool comes_back_whole(double value)
{
    return value == trunc(value) && value > -0x1p63 && value < 0x1p64;
}

size_t scalar_yaml_float(double value, char out[NUMBER_SIZE])
{
    if (value == 0)
        value = 0; /* -0 comes back as the integer 0 */
    size_t sign = value < 0;
    out[0] = '-';
    struct decimal decimal = shortest_digits(fabs(value));
    if (comes_back_whole(value) || (decimal.point > -4 && decimal.point <= 6))
        return sign + put_fixed(&decimal, out + sign);
    return sign + put_scientific(&decimal, 2, out + sign);
}

size_t scalar_go_float(double value, char out[NUMBER_SIZE])
{
    size_t sign = signbit(value) != 0;
    out[0] = '-';
    struct decimal decimal = shortest_digits(fabs(value));
    if (value == 0 || (decimal.point > -4 && decimal.point <= 6))
        return sign + put_fixed(&decimal, out + sign);
    return sign + put_scientific(&decimal, 2, out + sign);
}

/* Consumes up to two digits. */
static int take_number(const char **at)
{
    int value = *(*at)++ - '0';
    if (**at >= '0' && **at <= '9')
        value = value * 10 + (*(*at)++ - '0');
    return value;
}

/* Nine digits at most, without the zeros behind them; nothing at all for a fraction of zero. */
static size_t put_fraction(const char *digits, size_t count, char *out)
{
    if (count > 9)
        count = 9;
    while (count && digits[count - 1] == '0')
        count--;
    if (!count)
        return 0;
    out[0] = '.';
    memcpy(out + 1, digits, count);
    return count + 1;
}

static size_t digit_run(const char *at)
{
    size_t count = 0;
    while (at[count] >= '0' && at[count] <= '9')
        count++;
    return count;
}

/* "Z", nothing, or "+07:00", which Go also takes with 60 minutes. Negative: out of what JSON allows. */
static int zone_minutes(const char *at, char *sign)
{
    *sign = *at;
    if (*at != '+' && *at != '-')
        return 0;
    at++;
    int hours = take_number(&at);
    at++;
    int minutes = hours * 60 + take_number(&at);
    return minutes < 24 * 60 ? minutes : -1;
}

size_t scalar_timestamp(const char *text, char out[NUMBER_SIZE])
{
    const char *at = text + 5;
    int month = take_number(&at);
    at++;
    int day = take_number(&at), hour = 0, minute = 0, second = 0;
    at += strspn(at, "Tt ");
    if (*at) {
        hour = take_number(&at);
        at++;
        minute = take_number(&at);
        at++;
        second = take_number(&at);
    }
    size_t used =
        (size_t)snprintf(out, NUMBER_SIZE, "%.4s-%02d-%02dT%02d:%02d:%02d", text, month, day, hour, minute, second);
    if (*at == '.' || *at == ',') {
        size_t count = digit_run(++at);
        used += put_fraction(at, count, out + used);
        at += count;
    }
    char sign;
    int zone = zone_minutes(at, &sign);
    if (zone < 0)
        return 0;
    if (zone == 0)
        return used + (size_t)snprintf(out + used, NUMBER_SIZE - used, "Z");
    return used + (size_t)snprintf(out + used, NUMBER_SIZE - used, "%c%02d:%02d", sign, zone / 60, zone % 60);
}

/* What each symbol stands for, and one more: 0 is none. */
#define DIGITS_OF(first) first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7
static const unsigned char base64_digits[256] = {['A'] = DIGITS_OF(1),
                                                 DIGITS_OF(9),
                                                 DIGITS_OF(17),
                                                 25,
                                                 26,
                                                 ['a'] = DIGITS_OF(27),
                                                 DIGITS_OF(35),
                                                 DIGITS_OF(43),
                                                 51,
                                                 52,
                                                 ['0'] = DIGITS_OF(53),
                                                 61,
                                                 62,
                                                 ['+'] = 63,
                                                 ['/'] = 64};
#undef DIGITS_OF

static int base64_digit(char byte)
{
    return base64_digits[(unsigned char)byte] - 1;
}

static size_t skip_breaks(const char *text, size_t size, size_t at)
{
    while (at < size && (text[at] == '\n' || text[at] == '\r'))
        at++;
    return at;
}

/* Reads four symbols. Returns how many bytes they make: 3, or fewer at the padded end; 0 for bad ones. */
static int decode_group(const char *text, size_t size, size_t *at, char bytes[3])
{
    uint32_t group = 0;
    int digits = 0;
    for (int i = 0; i < 4; i++) {
        if (*at == size || base64_digit(text[*at]) < 0)
            *at = skip_breaks(text, size, *at);
        if (*at == size)
            return 0;
        char symbol = text[(*at)++];
        int digit = base64_digit(symbol);
        bool padding = symbol == '=' && i >= 2;
        if ((digit < 0 && !padding) || (digit >= 0 && digits < i))
            return 0;
        digits += digit >= 0;
        group = group << 6 | (digit < 0 ? 0 : (uint32_t)digit);
    }
    for (int i = 0; i < 3; i++)
        bytes[i] = (char)(group >> (16 - 8 * i));
    return digits - 1;
}

/* As long as no symbol is missing, padding or a break: most texts are so to their end. */
static size_t decode_plain(const char *text, size_t size, struct text *out)
{
    size_t at = 0;
    for (bool plain = true; plain;) {
        char bytes[192];
        size_t count = 0;
        for (; count < sizeof bytes && (plain = size - at >= 4); at += 4) {
            int first = base64_digit(text[at]), second = base64_digit(text[at + 1]), third = base64_digit(text[at + 2]),
                fourth = base64_digit(text[at + 3]);
            if (!(plain = (first | second | third | fourth) >= 0))
                break;
            bytes[count++] = (char)(first << 2 | second >> 4);
            bytes[count++] = (char)(second << 4 | third >> 2);
            bytes[count++] = (char)(third << 6 | fourth);
        }
        text_bytes(out, bytes, count);
    }
    return at;
}

bool scalar_base64(const char *text, size_t size, struct text *out)
{
    int count = 3;
    size_t start = decode_plain(text, size, out);
    for (size_t at = skip_breaks(text, size, start); at < size; at = skip_breaks(text, size, at)) {
        char bytes[3];
        if (count < 3 || !(count = decode_group(text, size, &at, bytes)))
            return false;
        text_bytes(out, bytes, (size_t)count);
    }
    return true;
}

/* [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)? */
static bool is_base_60(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    at += at < end && (*at == '-' || *at == '+');
    if (at == end || *at < '0' || *at > '9')
        return false;
    while (at < end && ((*at >= '0' && *at <= '9') || *at == '_'))
        at++;
    if (at == end || *at != ':')
        return false;
    while (at < end && *at == ':') {
        size_t digits = 0;
        for (at++; at < end && *at >= '0' && *at <= '9'; at++)
            digits++;
        if (digits == 0 || digits > 2 || (digits == 2 && at[-2] > '5'))
            return false;
    }
    if (at == end)
        return true;
    if (*at++ != '.')
        return false;
    while (at < end && ((*at >= '0' && *at <= '9') || *at == '_'))
        at++;
    return at == end;
}

/* By first byte, whether a plain text can be anything but a string. Source: go-yaml v2, resolve.go, resolveTable. */
static const bool suspicious[256] = {
    ['+'] = true, ['-'] = true, ['.'] = true, ['~'] = true, ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true,
    ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true, ['y'] = true, ['Y'] = true,
    ['n'] = true, ['N'] = true, ['t'] = true, ['T'] = true, ['f'] = true, ['F'] = true, ['o'] = true, ['O'] = true,
};

enum { LONGEST_WORD = 5 };

bool scalar_needs_quotes(const char *text, size_t size)
{
    if (size == 0)
        return true;
    if (!suspicious[(unsigned char)text[0]])
        return false;
    bool letter = text[0] >= 'A' && text[0] != '~';
    if (letter && size > LONGEST_WORD)
        return false;
    return resolve_yaml11(text, size) != TAG_STRING || (!letter && is_base_60(text, size));
}
