/* emit_json.c: a tree as JSON. Source: Go's encoding/json as kyaml calls it (yaml/rnode.go, MarshalJSON). */
#include <string.h>

#include "base/utf8.h"
#include "yaml/emit.h"
#include "yaml/emit_characters.h"
#include "yaml/emit_map.h"
#include "yaml/emit_value.h"
#include "yaml/scalar.h"

struct writer {
    struct text *out;
    struct key_stack keys;
    struct text scratch;
    unsigned depth;
    bool rounds, rereads; /* what happens to numbers; to texts */
    struct error *error;
};

static bool write_node(struct writer *writer, const struct node *node, bool root, bool flow);

static bool is_escaped(unsigned char byte)
{
    return byte < ' ' || byte == '"' || byte == '\\' || byte == '<' || byte == '>' || byte == '&' || byte >= 0x80;
}

static size_t write_wide(struct text *out, const char *text, size_t size)
{
    size_t width = utf8_length(text, size);
    if (!width)
        text_string(out, "\\ufffd");
    else if (is_separator(text, size, 0))
        text_string(out, (unsigned char)text[2] == 0xA8 ? "\\u2028" : "\\u2029");
    else
        text_bytes(out, text, width);
    return width ? width : 1;
}

/* Returns the bytes consumed. */
static size_t write_escape(struct text *out, const char *text, size_t size)
{
    static const char letters[] = "btn.fr";
    unsigned char byte = (unsigned char)text[0];
    if (byte >= 0x80)
        return write_wide(out, text, size);
    if (byte == '"' || byte == '\\')
        text_format(out, "\\%c", byte);
    else if (byte >= '\b' && byte <= '\r' && byte != '\v')
        text_format(out, "\\%c", letters[byte - '\b']);
    else
        text_format(out, "\\u%04x", byte);
    return 1;
}

void emit_json_string(const char *string, size_t size, struct text *out)
{
    text_byte(out, '"');
    for (size_t at = 0; at < size;) {
        size_t start = at;
        while (at < size && !is_escaped((unsigned char)string[at]))
            at++;
        text_bytes(out, string + start, at - start);
        if (at < size)
            at += write_escape(out, string + at, size - at);
    }
    text_byte(out, '"');
}

static void write_integer(struct writer *writer, const struct integer *integer)
{
    char number[NUMBER_SIZE];
    double value = (double)integer->magnitude;
    size_t size = !writer->rounds ? scalar_integer(integer, number)
                                  : scalar_json_float(integer->negative && value > 0 ? -value : value, number);
    text_bytes(writer->out, number, size);
}

static bool has_wide(const struct value *value)
{
    size_t at = 0;
    while (at < value->size && (unsigned char)value->text[at] < 0x7F)
        at++;
    return at < value->size;
}

static bool write_text(struct writer *writer, struct value *value, bool key, origin at)
{
    if (writer->rereads && has_wide(value) && !value_reread_json(value, key, at, &writer->scratch, writer->error))
        return false;
    emit_json_string(value->text, value->size, writer->out);
    return true;
}

static bool write_scalar(struct writer *writer, const struct node *node, bool flow)
{
    struct value value;
    char number[NUMBER_SIZE];
    if (!value_of(node, (struct value_place){.flow = flow}, &writer->scratch, &value, writer->error))
        return false;
    switch (value.kind) {
    case VALUE_NULL:
        text_string(writer->out, "null");
        return true;
    case VALUE_BOOL:
        text_string(writer->out, value.truth ? "true" : "false");
        return true;
    case VALUE_INTEGER:
        write_integer(writer, &value.integer);
        return true;
    case VALUE_FLOAT:
        text_bytes(writer->out, number, scalar_json_float(value.number, number));
        return true;
    default:
        return write_text(writer, &value, false, node->origin);
    }
}

static bool write_map(struct writer *writer, const struct node *map, struct map_place place)
{
    size_t base = writer->keys.count;
    bool good = key_stack_push(&writer->keys, map, place, bytewise_order, writer->error);
    size_t end = writer->keys.count;
    text_byte(writer->out, '{');
    for (size_t i = base; good && i < end; i++) {
        const struct sort_key key = writer->keys.keys[i];
        const struct entry *entry = key.value;
        struct value name = {.kind = VALUE_STRING, .text = key.text, .size = key.size};
        if (i > base)
            text_byte(writer->out, ',');
        good = write_text(writer, &name, true, entry->origin);
        text_byte(writer->out, ':');
        good = good && write_node(writer, entry->value, false, place.flow);
    }
    text_byte(writer->out, '}');
    writer->keys.count = base;
    return good;
}

static bool write_list(struct writer *writer, const struct node *list, bool flow)
{
    bool good = true;
    text_byte(writer->out, '[');
    for (uint32_t i = 0; good && i < list->count; i++) {
        if (i > 0)
            text_byte(writer->out, ',');
        good = write_node(writer, list->items[i], false, flow);
    }
    text_byte(writer->out, ']');
    return good;
}

static bool write_node(struct writer *writer, const struct node *node, bool root, bool flow)
{
    if (node->kind == NODE_SCALAR)
        return write_scalar(writer, node, flow);
    if (writer->depth == EMIT_DEEPEST)
        return error_at(writer->error, node->origin, "nested more than %d levels deep", EMIT_DEEPEST);
    writer->depth++;
    bool flows = flow || node->style == STYLE_FLOW;
    bool good = node->kind == NODE_MAP ? write_map(writer, node, (struct map_place){.flow = flows, .root = root})
                                       : write_list(writer, node, flows);
    writer->depth--;
    return good;
}

static bool write_document(struct writer writer, const struct node *node, struct text *out, struct error *error)
{
    writer.out = out;
    writer.error = error;
    size_t start = out->size;
    bool good = write_node(&writer, node, true, false);
    if (!good)
        text_cut(out, start);
    key_stack_free(&writer.keys);
    text_free(&writer.scratch);
    return good;
}

bool emit_json(const struct node *node, struct text *out, struct error *error)
{
    return write_document((struct writer){0}, node, out, error);
}

bool emit_json_rounded(const struct node *node, struct text *out, struct error *error)
{
    return write_document((struct writer){.rounds = true}, node, out, error);
}

bool emit_json_lines(const struct node *const *nodes, size_t count, struct text *out, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!write_document((struct writer){.rereads = true}, nodes[i], out, error))
            return false;
        text_byte(out, '\n');
    }
    return true;
}
