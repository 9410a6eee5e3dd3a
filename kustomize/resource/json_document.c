/* json_document.c: turns trees into JSON and JSON into what kyaml reads from it.
 *
 * Source: kyaml yaml/rnode.go MarshalJSON and UnmarshalJSON, go-yaml v3 encode.go stringv and floatv. */
#include "kustomize/resource/json_document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kustomize/resource/key_index.h"
#include "kustomize/text/json_text.h"
#include "yaml/emit.h"
#include "yaml/emit_scalar.h"
#include "yaml/scalar.h"

static void keep_origins(struct tree *tree, struct node *json, const struct node *node)
{
    struct key_index index;
    json->origin = node->origin;
    if (json->kind != node->kind)
        return;
    for (uint32_t i = 0; json->kind == NODE_LIST && i < json->count && i < node->count; i++)
        keep_origins(tree, json->items[i], node->items[i]);
    if (json->kind != NODE_MAP)
        return;
    key_index_init(&index, tree->arena, node, json->count);
    for (uint32_t i = 0; i < json->count; i++) {
        const struct entry *entry = key_index_find(&index, json->entries[i].key);
        if (!entry)
            continue;
        json->entries[i].origin = entry->origin;
        keep_origins(tree, json->entries[i].value, entry->value);
    }
}

struct node *json_document(struct tree *tree, const struct node *node, struct error *error)
{
    struct text json = {0};
    struct node *document = NULL;
    if (emit_json(node, &json, error)) {
        const struct yaml_text text = {"", text_content(&json), json.size, NULL, 0};
        document = json_text_parse(tree, &text, error);
    }
    text_free(&json);
    if (document)
        keep_origins(tree, document, node);
    return document;
}

static bool reread_number(struct tree *tree, struct node *number, struct error *error)
{
    char text[NUMBER_SIZE];
    double value = strtod(number->text, NULL);
    if (isinf(value))
        return error_at(error, number->origin, "json: cannot unmarshal number %s into Go value of type float64",
                        number->text);
    size_t size = scalar_go_float(value, text);
    tree_set_text(tree, number, text, size);
    number->tag = (uint8_t)node_resolve(text, size);
    number->style = STYLE_PLAIN;
    return true;
}

/* The style in which go-yaml v3 prints a string. */
static enum node_style string_style(const char *text, size_t size)
{
    struct shape shape;
    if (!size)
        return STYLE_DOUBLE_QUOTED;
    shape_of(text, size, &shape);
    if (memchr(text, '\n', size))
        return shape.block ? STYLE_LITERAL : STYLE_DOUBLE_QUOTED;
    if (node_resolve(text, size) != TAG_STRING || scalar_needs_quotes(text, size))
        return STYLE_DOUBLE_QUOTED;
    if (shape.plain)
        return STYLE_PLAIN;
    return shape.single_quoted ? STYLE_SINGLE_QUOTED : STYLE_DOUBLE_QUOTED;
}

static bool reread_scalar(struct tree *tree, struct node *scalar, struct error *error)
{
    if (scalar->tag == TAG_INT || scalar->tag == TAG_FLOAT)
        return reread_number(tree, scalar, error);
    scalar->style = STYLE_PLAIN;
    scalar->tagged = false;
    /* go-yaml reads even a quoted << as a merge key. */
    if (node_equals(scalar, "<<"))
        scalar->tag = TAG_MERGE;
    else if (scalar->tag == TAG_STRING)
        scalar->style = (uint8_t)string_style(scalar->text, scalar->count);
    return true;
}

static bool reread_node(struct tree *tree, struct node *node, unsigned depth, struct error *error)
{
    if (node->kind == NODE_SCALAR)
        return reread_scalar(tree, node, error);
    if (depth == TREE_DEEPEST)
        return error_at(error, node->origin, "nested more than %d levels deep", TREE_DEEPEST);
    node->style = node->count ? STYLE_PLAIN : STYLE_FLOW;
    for (uint32_t i = 0; i < node->count; i++) {
        struct node *child = node->kind == NODE_MAP ? node->entries[i].value : node->items[i];
        if (node->kind == NODE_MAP) {
            struct entry *entry = &node->entries[i];
            entry->tag = TAG_STRING;
            entry->style = (uint8_t)string_style(entry->key->text, entry->key->size);
        }
        if (!reread_node(tree, child, depth + 1, error))
            return false;
    }
    return true;
}

bool json_document_reread(struct tree *tree, struct node *node, struct error *error)
{
    return reread_node(tree, node, 0, error);
}

void json_clear_styles(struct node *node)
{
    if (node->kind == NODE_SCALAR && (node->style == STYLE_FOLDED || node->style == STYLE_LITERAL))
        node->style = STYLE_DOUBLE_QUOTED;
    if (node->kind == NODE_SCALAR)
        return;
    node->style = STYLE_PLAIN;
    for (uint32_t i = 0; i < node->count; i++)
        json_clear_styles(node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
}

/* The styles and tags with which go-yaml v3 reads JSON. */
static void set_styles(struct node *node)
{
    if (node->kind == NODE_SCALAR && (node->tag == TAG_INT || node->tag == TAG_FLOAT))
        node->tag = (uint8_t)node_resolve(node->text, node->count);
    if (node->kind == NODE_SCALAR)
        return;
    node->style = STYLE_FLOW;
    for (uint32_t i = 0; i < node->count; i++)
        set_styles(node->kind == NODE_MAP ? node->entries[i].value : node->items[i]);
}

struct node *json_list_item(struct tree *tree, const struct node *item, struct error *error)
{
    struct node *plain = tree_copy(tree, item);
    if (!plain) {
        tree_refuse_copy(tree, item->origin, error);
        return NULL;
    }
    json_clear_styles(plain);
    struct node *json = json_document(tree, plain, error);
    if (json)
        set_styles(json);
    return json;
}
