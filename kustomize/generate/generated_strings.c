/* generated_strings.c: values of generated objects, in the styles that kyaml gives them. */
#include <string.h>

#include "base/digest.h"
#include "kustomize/generate/generated.h"
#include "yaml/setter_quotes.h"
#include "yaml/written.h"

/* Source: kyaml/yaml/datamap.go encodeBase64 */
enum { BASE64_LINE = 70 };

struct node *styled_string(struct tree *tree, const char *text, size_t size)
{
    enum node_style style = STYLE_PLAIN;
    if (size && memchr(text, '\n', size))
        style = STYLE_LITERAL;
    else if (setter_quotes(text, size))
        style = STYLE_DOUBLE_QUOTED;
    return tree_scalar(tree, text, size, TAG_STRING, style);
}

struct node *base64_string(struct tree *tree, const char *bytes, size_t size)
{
    size_t encoded_size;
    const char *encoded = digest_base64(tree->arena, bytes, size, &encoded_size);
    if (encoded_size < BASE64_LINE)
        return styled_string(tree, encoded, encoded_size);
    struct text lines = {0};
    for (size_t at = 0; at < encoded_size; at += BASE64_LINE) {
        size_t rest = encoded_size - at;
        text_bytes(&lines, encoded + at, rest < BASE64_LINE ? rest : BASE64_LINE);
        text_byte(&lines, '\n');
    }
    struct node *node = styled_string(tree, lines.bytes, lines.size);
    text_free(&lines);
    return node;
}

/* A literal's own origin is that of its text; a file's is its first byte. */
void note_pair(struct tree *tree, struct node *value, const struct key_value *pair, const char *reason)
{
    bool literal = pair->text == pair->origin;
    size_t skipped = (size_t)(pair->value - pair->text_start);
    struct writer_part part = {.size = WHOLE_VALUE, .from = pair->text, .from_size = pair->value_size};
    if (!tree->writers)
        return;
    part.from += literal ? 0 : (origin)skipped;
    part.from_start = literal ? skipped : 0;
    part.raw = !literal;
    part.computed = reason;
    written_new(tree, value, "generator", &part, 1);
}

void append_entry(struct tree *tree, struct node *map, const char *key, size_t key_size, struct node *value)
{
    size_t room = map->room;
    map->entries = arena_grow(tree->arena, map->entries, map->count, &room, sizeof *map->entries);
    map->room = (uint32_t)room;
    map->entries[map->count++] =
        (struct entry){intern_bytes(tree->keys, key, key_size), value, value->origin, TAG_NONE, STYLE_PLAIN};
}
