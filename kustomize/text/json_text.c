/* json_text.c: parses JSON. */
#include "kustomize/text/json_text.h"

#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "yaml/emit.h"

struct parser {
    struct tree *tree;
    const char *start, *at, *end;
    origin origin; /* of the start; 0: nobody asks for places */
    size_t depth;
    struct text scratch;
    struct error *error;
};

static struct node *parse_value(struct parser *parser);

static origin place_of(const struct parser *parser, const char *at)
{
    return parser->origin ? parser->origin + (origin)(at - parser->start) : 0;
}

static struct node *refuse_text(struct parser *parser, const char *problem)
{
    error_at(parser->error, place_of(parser, parser->at), "invalid JSON: %s at byte %zu", problem,
             (size_t)(parser->at - parser->start));
    return NULL;
}

static void skip_spaces(struct parser *parser)
{
    while (parser->at < parser->end && strchr(" \t\r\n", *parser->at) && *parser->at)
        parser->at++;
}

static bool take_byte(struct parser *parser, char byte)
{
    skip_spaces(parser);
    if (parser->at == parser->end || *parser->at != byte)
        return false;
    parser->at++;
    return true;
}

static struct node *new_scalar(struct parser *parser, const char *start, enum node_tag tag)
{
    return tree_scalar(parser->tree, start, (size_t)(parser->at - start), tag, STYLE_PLAIN);
}

static bool take_digits(struct parser *parser)
{
    const char *start = parser->at;
    while (parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9')
        parser->at++;
    return parser->at > start;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static struct node *parse_number(struct parser *parser)
{
    const char *start = parser->at;
    enum node_tag tag = TAG_INT;
    parser->at += *parser->at == '-';
    bool zero = parser->at < parser->end && *parser->at == '0';
    if (zero ? !++parser->at : !take_digits(parser))
        return refuse_text(parser, "a number needs digits");
    if (parser->at < parser->end && *parser->at == '.') {
        parser->at++;
        tag = TAG_FLOAT;
        if (!take_digits(parser))
            return refuse_text(parser, "a number needs digits behind its point");
    }
    if (parser->at < parser->end && (*parser->at | 0x20) == 'e') {
        parser->at++;
        tag = TAG_FLOAT;
        parser->at += parser->at < parser->end && (*parser->at == '+' || *parser->at == '-');
        if (!take_digits(parser))
            return refuse_text(parser, "an exponent needs digits");
    }
    return new_scalar(parser, start, tag);
}

static bool take_hex(struct parser *parser, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, parser->at++) {
        int digit = parser->at < parser->end ? hex_value(*parser->at) : -1;
        if (digit < 0)
            return refuse_text(parser, "\\u needs four hexadecimal digits");
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

static bool is_surrogate(uint32_t unit)
{
    return unit >= 0xd800 && unit < 0xe000;
}

/* Behind \u. Half a pair is U+FFFD. */
static bool parse_unit(struct parser *parser)
{
    uint32_t unit, low;
    if (!take_hex(parser, &unit))
        return false;
    if (unit >= 0xd800 && unit < 0xdc00 && parser->end - parser->at >= 6 && memcmp(parser->at, "\\u", 2) == 0) {
        const char *before = parser->at;
        parser->at += 2;
        if (!take_hex(parser, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        else
            parser->at = before;
    }
    char bytes[UTF8_LONGEST];
    text_bytes(&parser->scratch, bytes, utf8_write(bytes, is_surrogate(unit) ? 0xfffd : unit));
    return true;
}

static bool parse_escape(struct parser *parser)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char name = parser->at < parser->end ? *parser->at : '\0';
    if (name == 'u') {
        parser->at++;
        return parse_unit(parser);
    }
    const char *found = name ? strchr(names, name) : NULL;
    if (!found)
        return refuse_text(parser, "unknown escape in a string");
    parser->at++;
    text_byte(&parser->scratch, values[found - names]);
    return true;
}

/* Part of a string; `bits` are those of all of its bytes. */
static void add_content(struct parser *parser, const char *content, size_t size, unsigned char bits)
{
    if (bits < 0x80)
        text_bytes(&parser->scratch, content, size);
    else
        utf8_add_valid(&parser->scratch, content, size);
}

/* Leaves the content in the scratch text. */
static bool parse_string(struct parser *parser)
{
    text_cut(&parser->scratch, 0);
    if (!take_byte(parser, '"'))
        return refuse_text(parser, "a string is expected");
    for (;;) {
        const char *start = parser->at;
        unsigned char bits = 0;
        for (; parser->at < parser->end && *parser->at != '"' && *parser->at != '\\' &&
               (unsigned char)*parser->at >= 0x20;
             parser->at++)
            bits |= (unsigned char)*parser->at;
        add_content(parser, start, (size_t)(parser->at - start), bits);
        if (parser->at == parser->end || (unsigned char)*parser->at < 0x20)
            return refuse_text(parser, "a string does not end on its line");
        if (*parser->at++ == '"')
            return true;
        if (!parse_escape(parser))
            return false;
    }
}

static struct node *parse_list(struct parser *parser)
{
    struct node *list = tree_list(parser->tree);
    if (take_byte(parser, ']'))
        return list;
    do {
        struct node *item = parse_value(parser);
        if (!item)
            return NULL;
        tree_append(parser->tree, list, item);
    } while (take_byte(parser, ','));
    return take_byte(parser, ']') ? list : refuse_text(parser, "a ',' or ']' is expected");
}

/* Of entries with the same key the last one stays, in the place of the first. */
static void drop_duplicates(struct parser *parser, struct node *map)
{
    uint32_t kept = 0;
    struct map *seen = map->count > 16 ? map_new(parser->tree->arena) : NULL;
    for (uint32_t i = 0; i < map->count; i++) {
        struct entry *old = NULL, **slot = &old;
        struct entry entry = map->entries[i];
        if (seen)
            slot = (struct entry **)map_slot(seen, &map->entries[i].key, sizeof entry.key);
        for (uint32_t j = 0; !seen && j < kept && !old; j++)
            old = map->entries[j].key == entry.key ? &map->entries[j] : NULL;
        if (*slot)
            (*slot)->value = entry.value;
        else
            *(*slot = &map->entries[kept++]) = entry;
    }
    map->count = kept;
}

static struct node *parse_map(struct parser *parser)
{
    struct node *map = tree_map(parser->tree);
    if (take_byte(parser, '}'))
        return map;
    do {
        struct entry entry = {.tag = TAG_STRING, .style = STYLE_DOUBLE_QUOTED};
        skip_spaces(parser);
        entry.origin = place_of(parser, parser->at);
        if (!parse_string(parser))
            return NULL;
        entry.key = intern_bytes(parser->tree->keys, text_content(&parser->scratch), parser->scratch.size);
        if (!take_byte(parser, ':'))
            return refuse_text(parser, "a ':' is expected");
        if (!(entry.value = parse_value(parser)))
            return NULL;
        tree_add(parser->tree, map, entry);
    } while (take_byte(parser, ','));
    if (!take_byte(parser, '}'))
        return refuse_text(parser, "a ',' or '}' is expected");
    drop_duplicates(parser, map);
    return map;
}

static struct node *parse_word(struct parser *parser)
{
    static const struct word {
        const char *text;
        enum node_tag tag;
    } words[] = {{"true", TAG_BOOL}, {"false", TAG_BOOL}, {"null", TAG_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i].text);
        const char *start = parser->at;
        if ((size_t)(parser->end - start) < size || memcmp(start, words[i].text, size) != 0)
            continue;
        parser->at += size;
        return new_scalar(parser, start, words[i].tag);
    }
    return refuse_text(parser, "a value is expected");
}

static struct node *parse_collection(struct parser *parser)
{
    if (parser->depth == PARSE_DEEPEST)
        return refuse_text(parser, "too many levels of nesting");
    parser->depth++;
    struct node *node = *parser->at++ == '[' ? parse_list(parser) : parse_map(parser);
    parser->depth--;
    return node;
}

/* The content of the string that the scratch text holds and that was written from `start` on. */
static struct node *new_string(struct parser *parser, const char *start)
{
    const struct text *content = &parser->scratch;
    struct node *string =
        tree_scalar(parser->tree, text_content(content), content->size, TAG_STRING, STYLE_DOUBLE_QUOTED);
    size_t size = (size_t)(parser->at - start);
    struct text usual = {0};
    emit_json_string(string->text, string->count, &usual);
    string->tagged = usual.size != size || memcmp(usual.bytes, start, size) != 0;
    text_free(&usual);
    return string;
}

static struct node *parse_any(struct parser *parser)
{
    char first = parser->at < parser->end ? *parser->at : '\0';
    if (first == '[' || first == '{')
        return parse_collection(parser);
    const char *start = parser->at;
    if (first == '"')
        return parse_string(parser) ? new_string(parser, start) : NULL;
    return first == '-' || (first >= '0' && first <= '9') ? parse_number(parser) : parse_word(parser);
}

static struct node *parse_value(struct parser *parser)
{
    skip_spaces(parser);
    if (parser->tree->node_limit && parser->tree->nodes >= parser->tree->node_limit)
        return error_set(parser->error, "more than %zu YAML values in one render: split it up",
                         parser->tree->node_limit),
               NULL;
    origin at = place_of(parser, parser->at);
    struct node *node = parse_any(parser);
    if (node)
        node->origin = at;
    return node;
}

struct node *json_text_parse(struct tree *tree, const struct yaml_text *text, struct error *error)
{
    struct parser parser = {.tree = tree, .start = text->bytes, .at = text->bytes, .end = text->bytes + text->size};
    if (text->origins)
        parser.origin = origins_add_within(text->origins, text->within, text->file, text->bytes, text->size);
    parser.error = error;
    struct node *root = parse_value(&parser);
    skip_spaces(&parser);
    if (root && parser.at != parser.end)
        root = refuse_text(&parser, "more text behind the value");
    text_free(&parser.scratch);
    return root;
}
