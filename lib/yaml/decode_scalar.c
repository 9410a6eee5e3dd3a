/* decode_scalar.c: texts, booleans and whole numbers of a tree, as Go reads them. */
#include "yaml/decode_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml/scalar.h"

/* YAML 1.1 has y, yes, on, true; YAML 1.2 has true alone. The tag says which of them count. */
static bool is_true(const struct node *node)
{
    return strchr("yYtT", node->text[0]) || ((node->text[0] | 0x20) == 'o' && (node->text[1] | 0x20) == 'n');
}

/* The shortest text that gives the same float of 32 bits, as Go's FormatFloat(value, 'g', -1, 32). */
static char *short_float(struct arena *arena, double value)
{
    int precision = 0;
    char text[40];
    do
        snprintf(text, sizeof text, "%.*e", precision, (double)(float)value);
    while (++precision < 9 && strtof(text, NULL) != (float)value);
    int exponent = atoi(strchr(text, 'e') + 1), decimals = precision - 1 - exponent;
    if (exponent < -4 || exponent >= 6)
        return arena_string(arena, text);
    return arena_format(arena, "%.*f", decimals > 0 ? decimals : 0, (double)(float)value);
}

/* sigs.k8s.io/yaml, which knows the type that it fills, writes booleans and numbers out where that is a string. */
static const char *written_out(struct decoder *decoder, const struct node *node)
{
    struct integer integer;
    double number = 0;
    char text[NUMBER_SIZE];
    if (node_tag(node) == TAG_BOOL)
        return is_true(node) ? "true" : "false";
    if (node_tag(node) == TAG_INT && resolve_integer(node->text, node->count, &integer)) {
        scalar_integer(&integer, text);
        return arena_string(decoder->tree->arena, text);
    }
    resolve_float(node->text, node->count, &number);
    if (fabs(number) < 9e18 && number == floor(number))
        return arena_format(decoder->tree->arena, "%lld", (long long)number);
    return short_float(decoder->tree->arena, number);
}

bool decode_text(struct decoder *decoder, const struct node *node, const struct step *at, const char **out)
{
    static const struct wanted wanted = {.go = "string", .plain = "a string"};
    if (decoder->mode == DECODE_AS_GO_LENIENT && node_is_scalar(node) && node_tag(node) != TAG_NULL &&
        strcmp(decode_json_name(node), "string") != 0) {
        *out = written_out(decoder, node);
        return true;
    }
    if (strcmp(decode_json_name(node), "string") != 0)
        return decode_wrong_type(decoder, node, &wanted, at);
    *out = node->text;
    return true;
}

bool decode_string(struct decoder *decoder, const struct node *node, const struct step *at, const char **out)
{
    if (!decode_text(decoder, node, at, out))
        return false;
    if (*out == node->text && memchr(node->text, '\0', node->count))
        return error_at(decoder->error, node->origin, "a NUL byte is not allowed in this text");
    return true;
}

bool decode_bool(struct decoder *decoder, const struct node *node, const struct step *at, bool *out)
{
    static const struct wanted wanted = {.go = "bool", .plain = "true or false"};
    if (!node_is_scalar(node) || node_tag(node) != TAG_BOOL)
        return decode_wrong_type(decoder, node, &wanted, at);
    *out = is_true(node);
    return true;
}

/* The digits of an integer in the base that its prefix names, as Go's ParseInt with base 0. */
static bool whole_number(const char *digits, int64_t *out)
{
    bool negative = *digits == '-';
    digits += *digits == '-' || *digits == '+';
    uint64_t base = 10, value = 0, limit = (uint64_t)INT64_MAX + negative;
    if (digits[0] == '0' && digits[1]) {
        int mark = digits[1] | 0x20;
        base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
        digits += mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1;
    }
    for (; *digits; digits++) {
        const char *all = "0123456789abcdef";
        const char *found = strchr(all, *digits >= 'A' ? *digits | 0x20 : *digits);
        uint64_t digit = found ? (uint64_t)(found - all) : base;
        if (digit >= base || value > (limit - digit) / base)
            return false;
        value = value * base + digit;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* kustomize prints a float without a fraction as an integer before Go reads it: 3.0 and 1e3 are integers there. */
static bool whole_float(const char *text, int64_t *out)
{
    char *end;
    double value = strtod(text, &end);
    if (*end || !(fabs(value) < 9e18) || value != floor(value))
        return false;
    *out = (int64_t)value;
    return true;
}

bool decode_int(struct decoder *decoder, const struct node *node, const struct step *at, int64_t *out)
{
    static const struct wanted wanted = {.go = "int64", .plain = "a whole number of 64 bits"};
    char plain[128];
    size_t size = 0;
    bool number = node_is_scalar(node) && strcmp(decode_json_name(node), "number") == 0 && node->count < sizeof plain;
    for (uint32_t i = 0; number && i < node->count; i++)
        if (node->text[i] != '_')
            plain[size++] = node->text[i];
    plain[size] = '\0';
    if (number && node_tag(node) == TAG_INT && whole_number(plain, out))
        return true;
    if (number && is_go(decoder) && whole_float(plain, out))
        return true;
    return decode_wrong_type(decoder, node, &wanted, at);
}
