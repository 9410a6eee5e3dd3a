/* variable_value.c: values of variables and the texts that name them.
 *
 * Source: kustomize kyaml/yaml/rnode.go GetFieldValue, api/filters/refvar/expand.go */
#include "kustomize/refer/variable_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml/scalar.h"

enum { SCIENTIFIC_SIZE = 40 };

/* Writes d.ddde+xx with as few digits as tell the number from others; returns how many stand behind the point. */
static int shortest_digits(double value, char out[SCIENTIFIC_SIZE])
{
    int decimals = 0;
    do
        snprintf(out, SCIENTIFIC_SIZE, "%.*e", decimals, value);
    while (strtod(out, NULL) != value && decimals++ < 17);
    return decimals;
}

/* Without an exponent (Go's FormatFloat 'f', -1): behind the digits that tell it from others there are zeros. */
static const char *plain_float(struct arena *arena, double value)
{
    char scientific[SCIENTIFIC_SIZE];
    int decimals = shortest_digits(value, scientific), zeros = atoi(strchr(scientific, 'e') + 1) - decimals;
    if (zeros <= 0)
        return arena_format(arena, "%.*f", -zeros, value);
    char *point = strchr(scientific, '.'), *end = strchr(scientific, 'e');
    *end = '\0';
    if (point)
        memmove(point, point + 1, (size_t)(end - point));
    return arena_format(arena, "%s%0*d", scientific, zeros, 0);
}

/* As fmt prints it with %v: with an exponent below 1e-4 and from 1e6 on. */
static const char *printed_float(struct arena *arena, double value)
{
    char text[NUMBER_SIZE];
    size_t size = scalar_go_float(value, text);
    return arena_copy(arena, text, size);
}

static bool read_int(struct arena *arena, const struct node *node, struct variable_value *out)
{
    const char *text = node->text;
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    if (!*text || strspn(text, "0123456789") != strlen(text))
        return false;
    text += strspn(text, "0");
    if (strlen(text) > 19 ||
        (strlen(text) == 19 && strcmp(text, negative ? "9223372036854775808" : "9223372036854775807") > 0))
        return false;
    out->whole = out->inner = *text ? arena_format(arena, "%s%s", negative ? "-" : "", text) : "0";
    return true;
}

static bool read_float(struct arena *arena, const struct node *node, struct variable_value *out)
{
    char *end;
    double value = strtod(node->text, &end);
    if (*end || !isfinite(value) || strpbrk(node->text, "xX"))
        return false;
    out->whole = plain_float(arena, value);
    out->inner = printed_float(arena, value);
    return true;
}

bool variable_value_read(struct arena *arena, const struct node *node, struct variable_value *out)
{
    out->tag = node->kind == NODE_MAP ? TAG_MAP : node->kind == NODE_LIST ? TAG_LIST : TAG_STRING;
    if (node->kind != NODE_SCALAR)
        return true;
    out->whole = out->inner = node->text;
    out->whole_size = out->inner_size = node->count;
    enum node_tag tag = (enum node_tag)node->tag;
    if (tag != TAG_INT && tag != TAG_FLOAT && tag != TAG_BOOL)
        return true;
    out->tag = tag;
    if (tag == TAG_BOOL)
        out->whole = out->inner = strchr("tT1", node->text[0]) ? "true" : "false";
    else if (!(tag == TAG_INT ? read_int : read_float)(arena, node, out))
        return false;
    out->whole_size = strlen(out->whole);
    out->inner_size = strlen(out->inner);
    return true;
}

static void add_part(struct variable_parts *parts, struct writer_part part)
{
    if (!parts || !part.size)
        return;
    parts->items = arena_grow(parts->arena, parts->items, parts->count, &parts->room, sizeof *parts->items);
    parts->items[parts->count++] = part;
}

/* What was copied from the input to the end of the text. */
static void add_copied(struct variable_parts *parts, const struct text *out, size_t before, size_t from_start)
{
    size_t size = out->size - before;
    if (parts)
        add_part(parts,
                 (struct writer_part){
                     .start = before, .size = size, .from = parts->input, .from_start = from_start, .from_size = size});
}

/* One $(NAME), which ends before `end`. */
static void expand_one(const char *name, size_t size, const struct map *values, struct text *out, bool alone,
                       enum node_tag *tag, const char **misfit, struct variable_parts *parts)
{
    size_t before = out->size;
    struct variable_value *value = map_get(values, name, size);
    if (value && (value->tag == TAG_MAP || value->tag == TAG_LIST)) {
        if (misfit)
            *misfit = value->name;
        value = NULL;
    }
    if (!value) {
        text_string(out, "$(");
        text_bytes(out, name, size);
        text_byte(out, ')');
        return;
    }
    value->used = true;
    text_bytes(out, alone ? value->whole : value->inner, alone ? value->whole_size : value->inner_size);
    add_part(parts, (struct writer_part){
                        .start = before, .size = out->size - before, .from = value->origin, .from_size = WHOLE_VALUE});
    if (alone)
        *tag = value->tag;
}

void variable_expand(const char *input, size_t size, const struct map *values, struct text *out, enum node_tag *tag,
                     const char **misfit, struct variable_parts *parts)
{
    *tag = TAG_STRING;
    const char *end = input + size;
    bool never_closed = false; /* from here on no parenthesis closes: looked for once */
    for (const char *c = input; c < end;) {
        const char *dollar = memchr(c, '$', (size_t)(end - c));
        size_t before = out->size;
        text_bytes(out, c, (size_t)((dollar ? dollar : end) - c));
        add_copied(parts, out, before, (size_t)(c - input));
        if (!dollar)
            return;
        c = dollar;
        const char *close = c[1] == '(' && !never_closed ? memchr(c, ')', (size_t)(end - c)) : NULL;
        never_closed |= c[1] == '(' && !close;
        if (close) {
            expand_one(c + 2, (size_t)(close - c - 2), values, out, c == input && close + 1 == end, tag, misfit, parts);
            c = close + 1;
        } else if (c[1] == '$' || c + 1 == end) {
            text_byte(out, '$');
            c += c + 1 == end ? 1 : 2;
        } else {
            text_bytes(out, c, 2);
            c += 2;
        }
    }
}
