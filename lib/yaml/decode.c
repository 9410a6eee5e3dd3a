/* decode.c: fills C structs from a tree, field by field, from tables. */
#include "yaml/decode.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "yaml/scalar.h"

/* The way from the root to the value at hand, for messages. */
struct step {
    const struct step *outer; /* NULL: the root */
    const char *name;         /* NULL: an item of a list */
    size_t index;
};

struct decoder {
    struct tree *tree;
    enum decode_mode mode;
    const char *root; /* the name of the root's type */
    struct error *error;
};

static bool decode_struct(struct decoder *decoder, const struct node *node, const struct struct_type *type,
                          const struct step *at, char *out);
static bool decode_value(struct decoder *decoder, const struct node *node, const struct field *field,
                         const struct step *at, char *out);

/* Messages. */

static bool is_go(const struct decoder *decoder)
{
    return decoder->mode != DECODE_EXACT;
}

/* "spec.environments[0].name", or as Go writes it: "Kustomization.images.0.name". */
static void write_way(const struct decoder *decoder, const struct step *at, struct text *out)
{
    if (!at) {
        if (is_go(decoder))
            text_string(out, decoder->root);
        return;
    }
    write_way(decoder, at->outer, out);
    if (!at->name) {
        text_format(out, is_go(decoder) ? ".%zu" : "[%zu]", at->index);
        return;
    }
    if (out->size)
        text_byte(out, '.');
    text_string(out, at->name);
}

/* As encoding/json names what it found. */
static const char *json_name(const struct node *node)
{
    if (node_is_map(node))
        return "object";
    if (node_is_list(node))
        return "array";
    switch (node_tag(node)) {
    case TAG_INT:
    case TAG_FLOAT:
        return "number";
    case TAG_BOOL:
        return "bool";
    case TAG_NULL:
        return "null";
    default:
        return "string";
    }
}

static const char *plain_name(const struct node *node)
{
    static const char *const names[][2] = {
        {"object", "a map"}, {"array", "a list"}, {"number", "a number"}, {"bool", "a boolean"}, {"null", "null"},
    };
    const char *found = json_name(node);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(found, names[i][0]) == 0)
            return names[i][1];
    return "a string";
}

/* Both ways of naming what a field takes. */
struct wanted {
    const char *go; /* NULL: made from `type` */
    const char *plain;
    const char *prefix; /* of the Go name of `type`: "", "[]" */
    const struct struct_type *type;
};

/* For a scalar of the wrong type. */
static const char *quoting_remedy(const struct node *node, const struct wanted *wanted)
{
    bool text = wanted->go && strcmp(wanted->go, "string") == 0, list = strcmp(wanted->plain, "a list") == 0;
    if (!node_is_scalar(node) || node_is_null(node))
        return "";
    if (text)
        return ": put it in quotes";
    if (list)
        return ": put it in brackets, or behind a dash";
    return node->style != STYLE_PLAIN && wanted->go ? ": leave the quotes out" : "";
}

static bool wrong_type(struct decoder *decoder, const struct node *node, const struct wanted *wanted,
                       const struct step *at)
{
    struct text way = {0}, type = {0};
    write_way(decoder, at, &way);
    if (wanted->go)
        text_string(&type, wanted->go);
    else
        text_format(&type, "%s%s%s", wanted->prefix, strchr(wanted->type->name, '.') ? "" : "types.",
                    wanted->type->name);
    if (!is_go(decoder))
        error_at(decoder->error, node->origin, "%s must be %s, not %s", way.size ? way.bytes : decoder->root,
                 wanted->plain, plain_name(node));
    else
        error_at(decoder->error, node->origin, "json: cannot unmarshal %s into Go %s%s of type %s, expected %s%s",
                 json_name(node), at ? "struct field " : "value", at ? text_content(&way) : "", text_content(&type),
                 wanted->plain, quoting_remedy(node, wanted));
    text_free(&way);
    text_free(&type);
    return false;
}

static bool unknown_field(struct decoder *decoder, const struct entry *entry, const struct struct_type *type,
                          const struct step *at)
{
    const char *names[128];
    size_t count = 0;
    for (const struct field *field = type->fields; field->name && count < 127; field++)
        names[count++] = field->name;
    names[count] = NULL;
    const char *near = nearest_name(entry->key->text, names);
    struct text hint = {0}, way = {0};
    if (near)
        text_format(&hint, " (did you mean \"%s\"?)", near);
    if (at && !is_go(decoder)) {
        text_string(&way, " in ");
        struct text path = {0};
        write_way(decoder, at, &path);
        text_bytes(&way, path.bytes, path.size);
        text_free(&path);
    }
    error_at(decoder->error, entry->origin, "%sunknown field \"%s\"%s%s", is_go(decoder) ? "json: " : "",
             entry->key->text, text_content(&way), text_content(&hint));
    text_free(&hint);
    text_free(&way);
    return false;
}

static bool missing_field(struct decoder *decoder, const struct node *node, const struct field *field,
                          const struct step *at)
{
    struct step step = {.outer = at, .name = field->name};
    struct text way = {0};
    write_way(decoder, &step, &way);
    error_at(decoder->error, node->origin, "%s is missing and has no default", text_content(&way));
    text_free(&way);
    return false;
}

/* Scalars. */

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

static bool decode_text(struct decoder *decoder, const struct node *node, const struct step *at, const char **out)
{
    static const struct wanted wanted = {.go = "string", .plain = "a string"};
    if (decoder->mode == DECODE_AS_GO_LENIENT && node_is_scalar(node) && node_tag(node) != TAG_NULL &&
        strcmp(json_name(node), "string") != 0) {
        *out = written_out(decoder, node);
        return true;
    }
    if (strcmp(json_name(node), "string") != 0)
        return wrong_type(decoder, node, &wanted, at);
    *out = node->text;
    return true;
}

static bool decode_string(struct decoder *decoder, const struct node *node, const struct step *at, const char **out)
{
    if (!decode_text(decoder, node, at, out))
        return false;
    if (*out == node->text && memchr(node->text, '\0', node->count))
        return error_at(decoder->error, node->origin, "a NUL byte is not allowed in this text");
    return true;
}

static bool decode_bool(struct decoder *decoder, const struct node *node, const struct step *at, bool *out)
{
    static const struct wanted wanted = {.go = "bool", .plain = "true or false"};
    if (!node_is_scalar(node) || node_tag(node) != TAG_BOOL)
        return wrong_type(decoder, node, &wanted, at);
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

static bool decode_int(struct decoder *decoder, const struct node *node, const struct step *at, int64_t *out)
{
    static const struct wanted wanted = {.go = "int64", .plain = "a whole number of 64 bits"};
    char plain[128];
    size_t size = 0;
    bool number = node_is_scalar(node) && strcmp(json_name(node), "number") == 0 && node->count < sizeof plain;
    for (uint32_t i = 0; number && i < node->count; i++)
        if (node->text[i] != '_')
            plain[size++] = node->text[i];
    plain[size] = '\0';
    if (number && node_tag(node) == TAG_INT && whole_number(plain, out))
        return true;
    if (number && is_go(decoder) && whole_float(plain, out))
        return true;
    return wrong_type(decoder, node, &wanted, at);
}

/* Lists and maps. */

static bool decode_list(struct decoder *decoder, const struct node *node, const struct field *field,
                        const struct step *at, struct list *out)
{
    struct wanted wanted = {.go = field->of ? NULL : "[]string", .plain = "a list", .prefix = "[]", .type = field->of};
    if (!node_is_list(node))
        return wrong_type(decoder, node, &wanted, at);
    size_t size = field->of ? field->of->size : sizeof(const char *);
    char *items = arena_zero(decoder->tree->arena, memory_product(node->count ? node->count : 1, size));
    struct field item = {.kind = field->of ? FIELD_IS_STRUCT : FIELD_IS_STRING, .of = field->of};
    bool texts = field->kind == FIELD_IS_TEXT_LIST;
    for (uint32_t i = 0; i < node->count; i++) {
        struct step step = {.outer = at, .index = i};
        if (!field->of)
            *(const char **)(void *)(items + i * size) = "";
        if (is_go(decoder) && node_is_null(node->items[i]))
            continue;
        if (!(texts ? decode_text(decoder, node->items[i], &step, (const char **)(void *)(items + i * size))
                    : decode_value(decoder, node->items[i], &item, &step, items + i * size)))
            return false;
    }
    *out = (struct list){.items = items, .count = node->count, .node = node};
    return true;
}

static bool decode_string_map(struct decoder *decoder, const struct node *node, const struct step *at, struct list *out)
{
    static const struct wanted wanted = {.go = "map[string]string", .plain = "a map of strings"};
    if (!node_is_map(node))
        return wrong_type(decoder, node, &wanted, at);
    struct pair *pairs = ARENA_ARRAY(decoder->tree->arena, node->count ? node->count : 1, struct pair);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct entry *entry = &node->entries[i];
        struct step step = {.outer = at, .name = entry->key->text};
        pairs[i] = (struct pair){.key = entry->key->text, .value = "", .origin = entry->value->origin};
        if (is_go(decoder) && node_is_null(entry->value))
            continue;
        if (!decode_string(decoder, entry->value, &step, &pairs[i].value))
            return false;
    }
    *out = (struct list){.items = pairs, .count = node->count, .node = node};
    return true;
}

static bool decode_pointer(struct decoder *decoder, const struct node *node, const struct field *field,
                           const struct step *at, void **out)
{
    void *target = arena_zero(decoder->tree->arena, field->of->size);
    if (!decode_struct(decoder, node, field->of, at, target))
        return false;
    *out = target;
    return true;
}

static bool decode_choice(struct decoder *decoder, const struct node *node, const struct step *at, enum choice *out)
{
    bool value;
    if (!decode_bool(decoder, node, at, &value))
        return false;
    *out = value ? CHOICE_TRUE : CHOICE_FALSE;
    return true;
}

static bool decode_value(struct decoder *decoder, const struct node *node, const struct field *field,
                         const struct step *at, char *out)
{
    void *target = out;
    switch (field->kind) {
    case FIELD_IS_STRING:
        return decode_string(decoder, node, at, target);
    case FIELD_IS_BOOL:
        return decode_bool(decoder, node, at, target);
    case FIELD_IS_OPTIONAL_BOOL:
        return decode_choice(decoder, node, at, target);
    case FIELD_IS_INT:
        return decode_int(decoder, node, at, target);
    case FIELD_IS_NODE:
        *(const struct node **)target = node;
        return true;
    case FIELD_IS_STRUCT:
        return decode_struct(decoder, node, field->of, at, out);
    case FIELD_IS_POINTER:
        return decode_pointer(decoder, node, field, at, target);
    case FIELD_IS_LIST:
    case FIELD_IS_TEXT_LIST:
        return decode_list(decoder, node, field, at, target);
    case FIELD_IS_STRING_MAP:
        return decode_string_map(decoder, node, at, target);
    }
    return false;
}

/* Structs. */

/* One letter as encoding/json folds it: ASCII, the long s and the Kelvin sign. Returns the bytes read. */
static size_t fold_letter(const char *text, char *out)
{
    if (memcmp(text, "\xC5", 1) == 0 && memcmp(text + 1, "\xBF", 1) == 0) {
        *out = 's';
        return 2;
    }
    if (strncmp(text, "\xE2\x84\xAA", 3) == 0) {
        *out = 'k';
        return 3;
    }
    *out = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;
    return 1;
}

static bool same_folded(const char *left, const char *right)
{
    while (*left && *right) {
        char one, other;
        left += fold_letter(left, &one);
        right += fold_letter(right, &other);
        if (one != other)
            return false;
    }
    return *left == *right;
}

static const struct field *find_field(const struct decoder *decoder, const struct struct_type *type, const char *name)
{
    for (const struct field *field = type->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    if (!is_go(decoder))
        return NULL;
    for (const struct field *field = type->fields; field->name; field++)
        if (same_folded(field->name, name))
            return field;
    return NULL;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *const *one = left, *const *other = right;
    return strcmp((*one)->key->text, (*other)->key->text);
}

/* The entries in the order that they are read in: Go gets them sorted, through a map and JSON. */
static const struct entry **reading_order(const struct decoder *decoder, const struct node *map)
{
    const struct entry **order = ARENA_ARRAY(decoder->tree->arena, map->count ? map->count : 1, const struct entry *);
    for (uint32_t i = 0; i < map->count; i++)
        order[i] = &map->entries[i];
    if (is_go(decoder))
        qsort(order, map->count, sizeof *order, compare_entries);
    return order;
}

static bool check_required(struct decoder *decoder, const struct node *node, const struct struct_type *type,
                           const struct step *at)
{
    for (const struct field *field = type->fields; field->name; field++) {
        const struct node *value = field->marks & FIELD_REQUIRED ? node_find(node, field->name) : node;
        if (!value || (value != node && node_is_null(value)))
            return missing_field(decoder, node, field, at);
    }
    return true;
}

static bool decode_struct(struct decoder *decoder, const struct node *node, const struct struct_type *type,
                          const struct step *at, char *out)
{
    struct wanted wanted = {.plain = "a map", .prefix = "", .type = type};
    if (!node_is_map(node))
        return wrong_type(decoder, node, &wanted, at);
    if (type->node_offset >= 0)
        *(const struct node **)(void *)(out + type->node_offset) = node;
    const struct entry **order = reading_order(decoder, node);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct field *field = find_field(decoder, type, order[i]->key->text);
        if (!field && decoder->mode == DECODE_AS_GO_LENIENT)
            continue;
        if (!field)
            return unknown_field(decoder, order[i], type, at);
        struct step step = {.outer = at, .name = field->name};
        if (!node_is_null(order[i]->value) &&
            !decode_value(decoder, order[i]->value, field, &step, out + field->offset))
            return false;
    }
    return check_required(decoder, node, type, at);
}

bool decode(struct tree *tree, const struct node *node, const struct struct_type *type, enum decode_mode mode,
            void *out, struct error *error)
{
    struct decoder decoder = {.tree = tree, .mode = mode, .root = type->name, .error = error};
    if (!node)
        return error_set(error, "%s is empty", type->name);
    return decode_struct(&decoder, node, type, NULL, out);
}

/* The field that decoding takes: of names that differ in case the last. */
static const struct node *last_field(const struct node *node, const char *field)
{
    for (uint32_t i = node_is_map(node) ? node->count : 0; i-- > 0;) {
        const char *key = node->entries[i].key->text;
        if (((*key ^ *field) & 0x5F) == 0 && same_folded(field, key))
            return node->entries[i].value;
    }
    return NULL;
}

origin field_origin(const struct node *node, const char *field)
{
    const struct node *value = last_field(node, field);
    return value && value->origin ? value->origin : node ? node->origin : 0;
}

origin list_origin(const struct list *list, size_t index)
{
    if (!list->node)
        return 0;
    return node_is_list(list->node) && index < list->node->count ? list->node->items[index]->origin
                                                                 : list->node->origin;
}
