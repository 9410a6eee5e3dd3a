/* emit.c: a tree as the text that kustomize prints. Source: go-yaml v2, emitterc.go (the state machine for block
 * collections) and encode.go; sigs.k8s.io/yaml, JSONToYAML. */
#include "yaml/emit.h"

#include <string.h>

#include "yaml/emit_map.h"
#include "yaml/emit_scalar.h"
#include "yaml/emit_value.h"
#include "yaml/scalar.h"

enum {
    SIMPLE_KEY_LONGEST = 128,
    JSON_KEY_LONGEST = 1024, /* what go-yaml v2 reads as a key, with quotes and escapes */
    ESCAPE_LONGEST = 6,
};

/* What a node is to its parent. */
enum role { ROLE_ROOT, ROLE_ITEM, ROLE_VALUE };

struct yaml_writer {
    struct emitter emitter;
    struct key_stack keys;
    struct text scratch;
    unsigned depth;
    struct error *error;
    struct simple_keys simple;
};

static bool write_node(struct yaml_writer *writer, const struct node *node, enum role role, bool flow);

static bool write_string(struct yaml_writer *writer, struct value *value, origin at)
{
    struct shape shape;
    shape_of(value->text, value->size, &shape);
    if (shape.wide) {
        if (!value_reread_json(value, false, at, &writer->scratch, writer->error))
            return false;
        shape_of(value->text, value->size, &shape);
    }
    emit_string(&writer->emitter, value->text, value->size, &shape, false);
    return true;
}

static bool write_scalar(struct yaml_writer *writer, const struct node *node, bool flow)
{
    struct value value;
    char number[NUMBER_SIZE];
    if (!value_of(node, (struct value_place){.flow = flow}, &writer->scratch, &value, writer->error))
        return false;
    switch (value.kind) {
    case VALUE_NULL:
        emit_word(&writer->emitter, "null", 4);
        return true;
    case VALUE_BOOL:
        emit_word(&writer->emitter, value.truth ? "true" : "false", value.truth ? 4 : 5);
        return true;
    case VALUE_INTEGER:
        emit_word(&writer->emitter, number, scalar_integer(&value.integer, number));
        return true;
    case VALUE_FLOAT:
        emit_word(&writer->emitter, number, scalar_yaml_float(value.number, number));
        return true;
    default:
        return write_string(writer, &value, node->origin);
    }
}

/* Characters of a key in Go's JSON, with its quotes. */
static size_t json_length(const char *text, size_t size)
{
    size_t length = 2;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool escaped = byte < ' ' || byte == '<' || byte == '>' || byte == '&';
        bool short_escape = byte == '"' || byte == '\\' || (byte >= '\b' && byte <= '\r' && byte != '\v');
        bool separator =
            byte == 0xE2 && i + 2 < size && memcmp(text + i, "\xE2\x80", 2) == 0 && (text[i + 2] | 1) == (char)0xA9;
        length += short_escape ? 2 : escaped || separator ? ESCAPE_LONGEST : (byte & 0xC0) != 0x80;
    }
    return length;
}

static bool check_key(struct yaml_writer *writer, struct value *key, const struct shape *shape, origin at)
{
    if (shape->wide && !value_reread_json(key, true, at, &writer->scratch, writer->error))
        return false;
    if (key->size <= JSON_KEY_LONGEST / ESCAPE_LONGEST - 1 || json_length(key->text, key->size) <= JSON_KEY_LONGEST)
        return true;
    return error_at(writer->error, at, "a key of %zu bytes is too long for kustomize: shorten it below %d", key->size,
                    JSON_KEY_LONGEST - 2);
}

/* The next time, this key is only copied. */
static void note_simple(struct yaml_writer *writer, const struct entry *entry, const struct shape *shape)
{
    const struct key *key = entry->key;
    if (shape->plain && !shape->wide && entry->style == STYLE_PLAIN && is_plain_key(entry) &&
        !scalar_needs_quotes(key->text, key->size))
        *simple_key_slot(&writer->simple, key) = key;
}

/* Writes a key up to its colon. */
static bool write_key(struct yaml_writer *writer, const char *text, size_t size, const struct entry *entry)
{
    struct emitter *emitter = &writer->emitter;
    struct value key = {.kind = VALUE_STRING, .text = text, .size = size};
    struct shape shape;
    shape_of(text, size, &shape);
    if (!check_key(writer, &key, &shape, entry->origin))
        return false;
    emit_indent(emitter, emitter->indent);
    if (size <= SIMPLE_KEY_LONGEST && !shape.multiline) {
        emit_string(emitter, text, size, &shape, true);
        emit_indicator(emitter, ':', false, false);
        if (text == entry->key->text)
            note_simple(writer, entry, &shape);
        return true;
    }
    emit_indicator(emitter, '?', true, true);
    emit_string(emitter, text, size, &shape, false);
    emit_indent(emitter, emitter->indent);
    emit_indicator(emitter, ':', true, true);
    return true;
}

static bool write_entry(struct yaml_writer *writer, const char *text, size_t size, const struct entry *entry, bool flow)
{
    bool simple = text == entry->key->text && is_simple_key(&writer->simple, entry);
    if (simple)
        emit_simple_key(&writer->emitter, text, size);
    return (simple || write_key(writer, text, size, entry)) && write_node(writer, entry->value, ROLE_VALUE, flow);
}

static bool write_sorted(struct yaml_writer *writer, const struct node *map, struct map_place place)
{
    size_t base = writer->keys.count;
    bool good = key_stack_push(&writer->keys, map, place, natural_order, writer->error);
    size_t end = writer->keys.count;
    for (size_t i = base; good && i < end; i++) {
        const struct sort_key key = writer->keys.keys[i];
        good = write_entry(writer, key.text, key.size, key.value, place.flow);
    }
    writer->keys.count = base;
    return good;
}

static bool write_map(struct yaml_writer *writer, const struct node *map, struct map_place place)
{
    struct emitter *emitter = &writer->emitter;
    int outer = emitter->indent;
    emitter->indent = outer < 0 ? 0 : outer + 2;
    bool good = true;
    if (is_in_order(map, natural_order, &writer->simple)) {
        for (uint32_t i = 0; good && i < map->count; i++) {
            const struct entry *entry = &map->entries[i];
            good = write_entry(writer, entry->key->text, entry->key->size, entry, place.flow);
        }
    } else {
        good = write_sorted(writer, map, place);
    }
    emitter->indent = outer;
    return good;
}

/* A list under a key is not indented, except behind the colon of a key that has a question mark. */
static bool write_list(struct yaml_writer *writer, const struct node *list, enum role role, bool flow)
{
    struct emitter *emitter = &writer->emitter;
    int outer = emitter->indent;
    if (outer < 0)
        emitter->indent = 0;
    else if (role != ROLE_VALUE || emitter->indention)
        emitter->indent = outer + 2;
    bool good = true;
    for (uint32_t i = 0; good && i < list->count; i++) {
        emit_indent(emitter, emitter->indent);
        emit_indicator(emitter, '-', true, true);
        good = write_node(writer, list->items[i], ROLE_ITEM, flow);
    }
    emitter->indent = outer;
    return good;
}

static bool write_collection(struct yaml_writer *writer, const struct node *node, enum role role, bool flow)
{
    if (!node->count && !node->unprintable) {
        emit_word(&writer->emitter, node->kind == NODE_MAP ? "{}" : "[]", 2);
        return true;
    }
    if (writer->depth == EMIT_DEEPEST)
        return error_at(writer->error, node->origin, "nested more than %d levels deep", EMIT_DEEPEST);
    writer->depth++;
    bool flows = flow || node->style == STYLE_FLOW;
    bool good = node->kind == NODE_MAP
                    ? write_map(writer, node, (struct map_place){.flow = flows, .root = role == ROLE_ROOT})
                    : write_list(writer, node, role, flows);
    writer->depth--;
    return good;
}

static bool write_node(struct yaml_writer *writer, const struct node *node, enum role role, bool flow)
{
    return node->kind == NODE_SCALAR ? write_scalar(writer, node, flow) : write_collection(writer, node, role, flow);
}

static bool write_document(struct yaml_writer *writer, const struct node *node)
{
    struct text *out = writer->emitter.out;
    size_t start = out->size;
    writer->emitter = (struct emitter){.out = out, .indent = -1, .whitespace = true, .indention = true};
    bool good = write_node(writer, node, ROLE_ROOT, false);
    if (good)
        emit_indent(&writer->emitter, 0);
    else
        text_cut(out, start);
    return good;
}

bool emit_yaml_documents(const struct node *const *nodes, size_t count, struct text *out, struct error *error)
{
    struct yaml_writer writer = {.emitter = {.out = out}, .error = error};
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        if (i)
            text_string(out, "---\n");
        good = write_document(&writer, nodes[i]);
    }
    key_stack_free(&writer.keys);
    text_free(&writer.scratch);
    return good;
}

bool emit_yaml(const struct node *node, struct text *out, struct error *error)
{
    return emit_yaml_documents(&node, 1, out, error);
}
