/* hash.c: appends to the names of generated objects a hash of their content. */
#include <string.h>

#include "base/digest.h"
#include "kustomize/kustomization/transformers.h"
#include "yaml/emit.h"
#include "yaml/written.h"

enum { HASH_LENGTH = 10 };

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

/* Go reads a field back as a map; a list does not fit and becomes null. */
static bool write_value(const struct node *value, struct text *out, struct error *error)
{
    if (node_is_map(value))
        return emit_json_rounded(value, out, error);
    if (node_is_list(value))
        text_string(out, "null");
    else
        emit_json_string(value ? value->text : "", value ? value->count : 0, out);
    return true;
}

static bool write_content(const struct content *content, const struct node *root, struct text *out, struct error *error)
{
    for (const struct content_field *field = content->fields; field->json_name; field++) {
        const struct node *value = field->field ? node_find(root, field->field) : NULL;
        if (field->if_map && !node_is_map(value) && !node_is_list(value))
            continue;
        text_format(out, "%c\"%s\":", out->size ? ',' : '{', field->json_name);
        if (!field->field)
            emit_json_string(content->kind, strlen(content->kind), out);
        else if (!write_value(value, out, error))
            return false;
    }
    text_byte(out, '}');
    return true;
}

/* Letters instead of the digits and vowels that could make words. */
static void spell_hash(const unsigned char digest[DIGEST_SIZE], char hash[HASH_LENGTH + 1])
{
    static const char letters[] = "gh2k456789mbcdtf";
    for (size_t i = 0; i < HASH_LENGTH; i++)
        hash[i] = letters[i % 2 ? digest[i / 2] & 0x0F : digest[i / 2] >> 4];
    hash[HASH_LENGTH] = '\0';
}

/* The content hash that kustomize appends to the names of generated resources: 10 characters and a NUL. */
static bool content_hash(const struct node *root, char hash[11], struct error *error)
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
    bool done = write_content(content, root, &json, error);
    if (done) {
        digest_sha256(json.bytes, json.size, digest);
        spell_hash(digest, hash);
    }
    text_free(&json);
    return done;
}

/* Says that the name is what it was, with the hash behind it. */
static void note_hash(struct tree *tree, const struct resource *resource, const char *hash, origin before)
{
    struct node *name = node_get(node_get(resource->root, &key_metadata), &key_name);
    size_t size = 1 + strlen(hash), kept = name->count - size;
    const struct writer_part parts[] = {
        {.size = kept, .from = before, .from_size = kept},
        {.start = kept, .size = size, .computed = "it is the hash of the content"},
    };
    written_parts(tree, name, "hash", parts, 2);
}

bool add_hashes(struct kust_target *target, struct error *error)
{
    struct resources *resources = kust_target_resources(target);
    struct render *render = target->render;
    for (size_t i = 0; i < resources->count; i++) {
        struct resource *resource = resources->items[i];
        char hash[HASH_LENGTH + 1];
        if (!resource->needs_hash)
            continue;
        if (!content_hash(resource->root, hash, error))
            return false;
        resource_store_past_id(render->arena, resource);
        const struct node *name = node_get(node_get(resource->root, &key_metadata), &key_name);
        origin before = name ? name->origin : 0;
        resources_set_name(resources, render->tree, resource,
                           arena_format(render->arena, "%s-%s", resource->id.name, hash));
        if (render->tree->writers)
            note_hash(render->tree, resource, hash, before);
    }
    return true;
}

bool hash_transformer(struct kust_target *target, const struct node *config, struct error *error)
{
    (void)config;
    return add_hashes(target, error) && kust_target_transformed(target, "HashTransformer", error);
}
