/* fuzz_libyaml.c: what libyaml reads, too, is read alike: the first document's maps, lists, keys and texts.
 *
 * libyaml is another implementation, which go-yaml was once made from. Either may refuse what the other one reads. What
 * both read differs in this only:
 *
 *  - merge keys: the tree has them resolved (kyaml does), libyaml leaves them as they are;
 *  - keys that are maps or lists, which a tree cannot have;
 *  - tags with a comma or a bracket in them, which go-yaml takes for a part of the tag and libyaml for its end;
 *  - a byte order mark within the text, and a text that is not in UTF-8, which go-yaml reads in its own way. */
#define _GNU_SOURCE /* memmem */
#include <string.h>
#include <yaml.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "yaml/parse.h"

enum { MOST_NODES = 20000 };

struct comparison {
    yaml_document_t *document;
    size_t steps; /* aliases make libyaml's document larger than it is */
};

static bool same_node(struct comparison *comparison, const struct node *ours, int theirs);

static bool is_null_text(const char *text, size_t size)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0)
            return true;
    return false;
}

static bool same_text(const char *ours, size_t size, const yaml_node_t *theirs)
{
    const char *text = (const char *)theirs->data.scalar.value;
    size_t length = theirs->data.scalar.length;
    return (size == length && memcmp(ours, text, size) == 0) ||
           (is_null_text(ours, size) && is_null_text(text, length));
}

static bool same_map(struct comparison *comparison, const struct node *ours, const yaml_node_t *theirs)
{
    const yaml_node_pair_t *pairs = theirs->data.mapping.pairs.start;
    if (ours->count != (size_t)(theirs->data.mapping.pairs.top - pairs))
        return false;
    for (uint32_t i = 0; i < ours->count; i++) {
        const yaml_node_t *key = yaml_document_get_node(comparison->document, pairs[i].key);
        const struct key *own = ours->entries[i].key;
        if (key->type != YAML_SCALAR_NODE || !same_text(own->text, own->size, key) ||
            !same_node(comparison, ours->entries[i].value, pairs[i].value))
            return false;
    }
    return true;
}

static bool same_list(struct comparison *comparison, const struct node *ours, const yaml_node_t *theirs)
{
    const yaml_node_item_t *items = theirs->data.sequence.items.start;
    if (ours->count != (size_t)(theirs->data.sequence.items.top - items))
        return false;
    for (uint32_t i = 0; i < ours->count; i++)
        if (!same_node(comparison, ours->items[i], items[i]))
            return false;
    return true;
}

static bool same_node(struct comparison *comparison, const struct node *ours, int theirs)
{
    const yaml_node_t *node = yaml_document_get_node(comparison->document, theirs);
    if (++comparison->steps > MOST_NODES)
        return true;
    switch (node->type) {
    case YAML_MAPPING_NODE:
        return node_is_map(ours) && same_map(comparison, ours, node);
    case YAML_SEQUENCE_NODE:
        return node_is_list(ours) && same_list(comparison, ours, node);
    case YAML_SCALAR_NODE:
        return node_is_scalar(ours) && same_text(ours->text, ours->count, node);
    default:
        return false;
    }
}

/* Whether a document has what the list above excepts. */
static bool has_exception(yaml_document_t *document)
{
    for (const yaml_node_t *node = document->nodes.start; node < document->nodes.top; node++) {
        if (node->type != YAML_MAPPING_NODE)
            continue;
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
             pair++) {
            const yaml_node_t *key = yaml_document_get_node(document, pair->key);
            if (key->type != YAML_SCALAR_NODE ||
                (key->data.scalar.length == 2 && memcmp(key->data.scalar.value, "<<", 2) == 0))
                return true;
        }
    }
    return false;
}

static bool has_odd_tag(const uint8_t *data, size_t size)
{
    const char *end = (const char *)data + size, *at = (const char *)data;
    while ((at = memchr(at, '!', (size_t)(end - at))))
        for (; at < end && !strchr(" \t\r\n", *at); at++)
            if (strchr(",[]{}", *at))
                return true;
    return false;
}

static void compare(const struct node *ours, const uint8_t *data, size_t size)
{
    yaml_parser_t parser;
    yaml_document_t document;
    MUST(yaml_parser_initialize(&parser));
    yaml_parser_set_input_string(&parser, data, size);
    if (yaml_parser_load(&parser, &document)) {
        struct comparison comparison = {.document = &document};
        if (yaml_document_get_root_node(&document) && !has_exception(&document))
            MUST(same_node(&comparison, ours, 1));
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct origins *origins = origins_new();
    struct tree tree = {.arena = arena, .keys = intern_new(arena), .owner = 1, .node_limit = MOST_NODES};
    struct error error = {0};
    struct node *root = NULL;
    struct yaml_text text = {
        .file = "input.yaml", .bytes = arena_copy(arena, data, size), .size = size, .origins = origins};
    bool plain = utf8_is_valid((const char *)data, size) && !memmem(data, size, "\xEF\xBB\xBF", 3);
    if (plain && !has_odd_tag(data, size) && parse_first(&tree, &text, &root, &error) && root)
        compare(root, data, size);
    error_free(&error);
    origins_free(origins);
    arena_free(arena);
    return 0;
}
