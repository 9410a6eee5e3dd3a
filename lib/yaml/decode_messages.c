/* decode_messages.c: says what is wrong with a value that is decoded, as Go says it or in plain words. */
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "yaml/decode_parts.h"

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

const char *decode_json_name(const struct node *node)
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
    const char *found = decode_json_name(node);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(found, names[i][0]) == 0)
            return names[i][1];
    return "a string";
}

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

bool decode_wrong_type(struct decoder *decoder, const struct node *node, const struct wanted *wanted,
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
                 decode_json_name(node), at ? "struct field " : "value", at ? text_content(&way) : "",
                 text_content(&type), wanted->plain, quoting_remedy(node, wanted));
    text_free(&way);
    text_free(&type);
    return false;
}

bool decode_unknown_field(struct decoder *decoder, const struct entry *entry, const struct struct_type *type,
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

bool decode_missing_field(struct decoder *decoder, const struct node *node, const struct field *field,
                          const struct step *at)
{
    struct step step = {.outer = at, .name = field->name};
    struct text way = {0};
    write_way(decoder, &step, &way);
    error_at(decoder->error, node->origin, "%s is missing and has no default", text_content(&way));
    text_free(&way);
    return false;
}
