/* emit_map.c: the names and the order of a map's keys. Source: go-yaml v3, decode.go (mapping), encoding/json (maps
 * with keys of interface type). */
#include "yaml/emit_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "yaml/emit_value.h"
#include "yaml/scalar.h"

struct made_name {
    struct made_name *next;
    char text[];
};

void key_stack_free(struct key_stack *stack)
{
    while (stack->made) {
        struct made_name *next = stack->made->next;
        free(stack->made);
        stack->made = next;
    }
    free(stack->keys);
    *stack = (struct key_stack){0};
}

static void push_key(struct key_stack *stack, const char *text, size_t size, const struct entry *entry)
{
    if (stack->count == stack->room) {
        stack->room = stack->room ? stack->room * 2 : 64;
        stack->keys = memory_resize(stack->keys, memory_product(stack->room, sizeof *stack->keys));
    }
    stack->keys[stack->count++] = (struct sort_key){text, size, entry};
}

static const char *keep_name(struct key_stack *stack, const char *text, size_t size)
{
    struct made_name *name = memory_new(sizeof *name + size + 1);
    memcpy(name->text, text, size);
    name->next = stack->made;
    stack->made = name;
    return name->text;
}

/* go-yaml v3 writes it without quotes, even tagged !!str, and merges when it reads it back. */
static bool is_merge_key(const struct entry *entry)
{
    const struct key *key = entry->key;
    return key->size == 2 && entry->style == STYLE_PLAIN && memcmp(key->text, "<<", 2) == 0;
}

/* A string that nothing happens to on its way. A key that go-yaml v3 folds is rare enough for the long way. */
bool is_plain_key(const struct entry *entry)
{
    const struct key *key = entry->key;
    if (entry->style == STYLE_FOLDED || key->text[0] == '\t' || is_merge_key(entry))
        return false;
    if (entry->tag == TAG_NONE && entry->style == STYLE_PLAIN)
        return node_resolve(key->text, key->size) == TAG_STRING;
    return entry->tag == TAG_STRING || entry->tag == TAG_NONE;
}

static struct node key_node(const struct entry *entry)
{
    return (struct node){
        .kind = NODE_SCALAR,
        .tag = entry->tag,
        .style = entry->style,
        /* Only a tag makes a quoted text something else than a string. */
        .tagged = entry->style != STYLE_PLAIN && entry->tag != TAG_NONE && entry->tag != TAG_STRING,
        .origin = entry->origin,
        .count = entry->key->size,
        .text = entry->key->text,
        .tag_text = "",
    };
}

static bool refuse_key(const struct entry *entry, const char *what, struct error *error)
{
    int shown = entry->key->size < 60 ? (int)entry->key->size : 60;
    return error_at(error, entry->origin, "the key '%.*s' is %s, not a string: put it in quotes", shown,
                    entry->key->text, what);
}

/* At the root, go-yaml v3 decodes into string keys and takes the text of whatever resolves to its own tag. */
static bool is_taken_as_written(const struct node *node, struct map_place place)
{
    enum node_tag tag = node_tag(node);
    bool typed = tag == TAG_INT || tag == TAG_FLOAT || tag == TAG_BOOL || tag == TAG_TIMESTAMP;
    return place.root && typed && node_resolve(node->text, node->count) == tag;
}

static bool push_made_key(struct key_stack *stack, const struct entry *entry, struct map_place place,
                          struct text *scratch, struct error *error)
{
    struct node node = key_node(entry);
    struct value value;
    char number[NUMBER_SIZE];
    if (is_merge_key(entry))
        return refuse_key(entry, "a merge key", error);
    if (is_taken_as_written(&node, place)) {
        push_key(stack, entry->key->text, entry->key->size, entry);
        return true;
    }
    if (!value_of(&node, (struct value_place){.flow = place.flow, .key = true}, scratch, &value, error))
        return false;
    if (value.kind == VALUE_INTEGER) {
        value.size = scalar_integer(&value.integer, number);
        value.text = number;
    } else if (value.kind != VALUE_STRING) {
        static const char *const names[] = {
            [VALUE_NULL] = "null", [VALUE_BOOL] = "a boolean", [VALUE_FLOAT] = "a number with a fraction"};
        return refuse_key(entry, names[value.kind], error);
    }
    push_key(stack, keep_name(stack, value.text, value.size), value.size, entry);
    return true;
}

/* Keeps the last of each run of equal names. Only names that were made can be equal. */
static void drop_equal(struct key_stack *stack, size_t base)
{
    size_t kept = base;
    if (stack->count > base)
        sort_keys(stack->keys + base, stack->count - base, bytewise_order);
    for (size_t i = base; i < stack->count; i++) {
        const struct sort_key *key = &stack->keys[i], *next = key + 1;
        bool again = i + 1 < stack->count && key->size == next->size && memcmp(key->text, next->text, key->size) == 0;
        if (!again)
            stack->keys[kept++] = *key;
    }
    stack->count = kept;
}

static bool refuse_map(const struct node *map, struct error *error)
{
    const struct entry *second = map->unprintable->entries;
    const struct key *key = second->key;
    if (!key)
        return error_at(error, second->origin, "a map key must be a scalar: put it in quotes if it is a template");
    const struct entry *first = node_entry(map, key);
    if (!first || !first->origin)
        return error_at(error, second->origin, "mapping key \"%s\" is there twice", key->text);
    return error_at(error, second->origin, "mapping key \"%s\" already defined at line %u", key->text,
                    origins_place(map->unprintable->origins, first->origin).line);
}

bool key_stack_push(struct key_stack *stack, const struct node *map, struct map_place place, key_order *before,
                    struct error *error)
{
    if (map->unprintable)
        return refuse_map(map, error);
    struct text scratch = {0};
    size_t base = stack->count;
    bool good = true, made = false;
    for (uint32_t i = 0; good && i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        if (is_plain_key(entry)) {
            push_key(stack, entry->key->text, entry->key->size, entry);
            continue;
        }
        made = true;
        good = push_made_key(stack, entry, place, &scratch, error);
    }
    text_free(&scratch);
    if (made)
        drop_equal(stack, base);
    if (stack->count > base)
        sort_keys(stack->keys + base, stack->count - base, before);
    return good;
}

bool is_in_order(const struct node *map, key_order *before, struct simple_keys *simple)
{
    if (map->unprintable)
        return false;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        const struct key *key = entry->key;
        if (!(simple && is_simple_key(simple, entry)) && !is_plain_key(entry))
            return false;
        if (i > 0 && before(key->text, key->size, entry[-1].key->text, entry[-1].key->size))
            return false;
    }
    return true;
}
