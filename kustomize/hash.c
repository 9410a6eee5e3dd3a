/* hash.c: appends to the names of generated objects a hash of their content. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "kustomize/transformers.h"
#include "yaml/emit.h"

enum { HASH_LENGTH = 10, EXACT_DIGITS = 15 };

/* What is hashed of each kind, its fields in the order of Go's JSON; the kind itself and a name are always there.
 * Source: kustomize api/hasher/hasher.go encodeConfigMap, encodeSecret. */
static const struct content {
    const char *kind;
    struct content_field {
        const char *json_name, *field;
        bool if_map; /* left out unless it is a map or list */
    } fields[6];
} contents[] = {
    {"ConfigMap",
     {{"binaryData", "binaryData", true},
      {"data", "data", false},
      {"kind", NULL, false},
      {"name", "metadata/name", false}}},
    {"Secret",
     {{"data", "data", false},
      {"kind", NULL, false},
      {"name", "metadata/name", false}, /* one key with a slash in it, which no Secret has: the name is always "" */
      {"stringData", "stringData", true},
      {"type", "type", false}}},
};

static bool write_string(const char *string, size_t size, struct text *out, struct error *error)
{
    struct node scalar = {.kind = NODE_SCALAR, .tag = TAG_STRING, .count = (uint32_t)size, .text = string};
    return emit_json(&scalar, out, error);
}

/* A number as Go prints it once it went through a float64: 9007199254740993 is 9007199254740992. */
static void write_rounded(const char *digits, size_t size, struct text *out)
{
    char exact[32], shortest[40];
    bool is_long = size > EXACT_DIGITS && size < sizeof exact && strspn(digits, "-0123456789") >= size;
    if (!is_long) {
        text_bytes(out, digits, size);
        return;
    }
    memcpy(exact, digits, size);
    exact[size] = '\0';
    double value = strtod(exact, NULL);
    int precision = 0;
    do
        snprintf(shortest, sizeof shortest, "%.*e", precision++, value);
    while (strtod(shortest, NULL) != value);
    char *exponent = strchr(shortest, 'e');
    size_t written = out->size, places = (size_t)atoi(exponent + 1) + 1;
    for (char *c = shortest; c < exponent; c++)
        if (*c != '.')
            text_byte(out, *c);
    written = out->size - written - (*shortest == '-');
    text_repeat(out, '0', places > written ? places - written : 0);
}

/* Copies JSON text, its numbers rounded. */
static void round_numbers(const struct text *json, struct text *out)
{
    const char *c = text_content(json), *end = c + json->size;
    bool in_string = false;
    while (c < end) {
        size_t number = in_string ? 0 : strspn(c, "-+.eE0123456789");
        bool is_number = number && (*c == '-' || (*c >= '0' && *c <= '9'));
        if (is_number) {
            write_rounded(c, number, out);
            c += number;
            continue;
        }
        if (in_string && *c == '\\')
            text_byte(out, *c++);
        else if (*c == '"')
            in_string = !in_string;
        text_byte(out, *c++);
    }
}

/* Go reads a field back as a map; a list does not fit and becomes null. */
static bool write_value(const struct node *value, struct text *out, struct error *error)
{
    if (!value)
        return write_string("", 0, out, error);
    if (node_is_scalar(value))
        return write_string(value->text, value->count, out, error);
    if (node_is_list(value)) {
        text_string(out, "null");
        return true;
    }
    struct text json = {0};
    bool done = emit_json(value, &json, error);
    if (done)
        round_numbers(&json, out);
    text_free(&json);
    return done;
}

static bool write_content(const struct content *content, const struct node *root, struct text *out, struct error *error)
{
    for (const struct content_field *field = content->fields; field->json_name; field++) {
        const struct node *value = field->field ? node_find(root, field->field) : NULL;
        if (field->if_map && !node_is_map(value) && !node_is_list(value))
            continue;
        text_format(out, "%c\"%s\":", out->size ? ',' : '{', field->json_name);
        if (!(field->field ? write_value(value, out, error)
                           : write_string(content->kind, strlen(content->kind), out, error)))
            return false;
    }
    text_byte(out, '}');
    return true;
}

/* Letters instead of the digits and vowels that could make words. */
static void spell(const unsigned char digest[DIGEST_SIZE], char hash[HASH_LENGTH + 1])
{
    static const char letters[] = "gh2k456789mbcdtf";
    for (size_t i = 0; i < HASH_LENGTH; i++)
        hash[i] = letters[i % 2 ? digest[i / 2] & 0x0F : digest[i / 2] >> 4];
    hash[HASH_LENGTH] = '\0';
}

bool content_hash(const struct node *root, char hash[11], struct error *error)
{
    const struct node *kind = node_get(root, &key_kind);
    const struct content *content = NULL;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (node_equals(kind, contents[i].kind))
            content = &contents[i];
    if (!content)
        return error_at(error, root->origin,
                        "a content hash of kind %s is not supported: set disableNameSuffixHash in its options",
                        node_text(kind) ? node_text(kind) : "unknown");
    struct text json = {0};
    unsigned char digest[DIGEST_SIZE];
    bool done = write_content(content, root, &json, error) && digest_sha256(json.bytes, json.size, digest, error);
    text_free(&json);
    if (done)
        spell(digest, hash);
    return done;
}

bool add_hashes(struct target *target, struct error *error)
{
    struct resources *resources = target_resources(target);
    struct render *render = target->render;
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        char hash[HASH_LENGTH + 1];
        if (!resource->needs_hash)
            continue;
        if (!content_hash(resource->root, hash, error))
            return false;
        resource_store_past_id(render->arena, resource);
        resources_set_name(resources, render->tree, resource,
                           arena_format(render->arena, "%s-%s", resource->id.name, hash));
    }
    return true;
}

bool hash_transformer(struct target *target, const struct node *config, struct error *error)
{
    (void)config;
    return add_hashes(target, error) && target_transformed(target, "HashTransformer", error);
}
