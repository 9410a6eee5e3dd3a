/* decode.c: fills C structs from a tree, field by field, from tables. */
#include "yaml/decode.h"

#include <stdlib.h>
#include <string.h>

#include "yaml/decode_parts.h"

static bool decode_struct(struct decoder *decoder, const struct node *node, const struct struct_type *type,
                          const struct step *at, char *out);
static bool decode_value(struct decoder *decoder, const struct node *node, const struct field *field,
                         const struct step *at, char *out);

/* Lists and maps. */

static bool decode_list(struct decoder *decoder, const struct node *node, const struct field *field,
                        const struct step *at, struct list *out)
{
    struct wanted wanted = {.go = field->of ? NULL : "[]string", .plain = "a list", .prefix = "[]", .type = field->of};
    if (!node_is_list(node))
        return decode_wrong_type(decoder, node, &wanted, at);
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
        return decode_wrong_type(decoder, node, &wanted, at);
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
            return decode_missing_field(decoder, node, field, at);
    }
    return true;
}

static bool decode_struct(struct decoder *decoder, const struct node *node, const struct struct_type *type,
                          const struct step *at, char *out)
{
    struct wanted wanted = {.plain = "a map", .prefix = "", .type = type};
    if (!node_is_map(node))
        return decode_wrong_type(decoder, node, &wanted, at);
    if (type->node_offset >= 0)
        *(const struct node **)(void *)(out + type->node_offset) = node;
    const struct entry **order = reading_order(decoder, node);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct field *field = find_field(decoder, type, order[i]->key->text);
        if (!field && decoder->mode == DECODE_AS_GO_LENIENT)
            continue;
        if (!field)
            return decode_unknown_field(decoder, order[i], type, at);
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
static const struct entry *last_field(const struct node *node, const char *field)
{
    for (uint32_t i = node_is_map(node) ? node->count : 0; i-- > 0;) {
        const char *key = node->entries[i].key->text;
        if (((*key ^ *field) & 0x5F) == 0 && same_folded(field, key))
            return &node->entries[i];
    }
    return NULL;
}

origin field_origin(const struct node *node, const char *field)
{
    const struct entry *entry = last_field(node, field);
    return entry && entry->value->origin ? entry->value->origin : node ? node->origin : 0;
}

origin field_key_origin(const struct node *node, const char *field)
{
    const struct entry *entry = last_field(node, field);
    return entry ? entry->origin : 0;
}

origin list_origin(const struct list *list, size_t index)
{
    if (!list->node)
        return 0;
    return node_is_list(list->node) && index < list->node->count ? list->node->items[index]->origin
                                                                 : list->node->origin;
}
