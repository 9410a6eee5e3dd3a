/* parse.c: texts to trees, in the three ways of kustomize. */
#include "yaml/parse.h"

#include "yaml/parse_stream.h"

static void add_node(struct tree *tree, struct node_array *array, struct node *node)
{
    array->items = arena_grow(tree->arena, array->items, array->count, &array->room, sizeof(struct node *));
    array->items[array->count++] = node;
}

static bool is_list_of_resources(const struct node *node)
{
    const struct node *kind = node_get(node, &key_kind);
    return (node_equals(kind, "List") || node_equals(kind, "ResourceList")) &&
           (node_get(node, &key_items) || node_find(node, "functionConfig"));
}

/* A List that is alone in its text gives its items (kyaml kio/byteio_reader.go, Read). */
static bool add_items(struct tree *tree, const struct node *list, struct node_array *out, struct error *error)
{
    const struct node *items = node_get(list, &key_items);
    if (node_is_map(items) && items->count)
        return error_at(error, items->origin, "items: expected a list, got a map");
    for (uint32_t i = 0; node_is_list(items) && i < items->count; i++)
        add_node(tree, out, items->items[i]);
    return true;
}

/* A document costs something also where it is empty. */
static bool count_document(struct tree *tree, const struct origins *origins, const struct part *part,
                           struct error *error)
{
    if (!tree->node_limit || ++tree->nodes <= tree->node_limit)
        return true;
    return error_in(error, origins_place(origins, part->start), "more than %zu YAML values in one render: split it up",
                    tree->node_limit);
}

static bool load_parts(struct tree *tree, struct loader *loader, struct splitter *parts, const struct origins *origins,
                       struct node_array *out, struct error *error)
{
    size_t first = out->count;
    struct part part;
    while (split_next(parts, &part, error)) {
        struct node *node;
        if (!count_document(tree, origins, &part, error) || !load_document(loader, &part, &node, error))
            return false;
        if (node && !node_is_null(node))
            add_node(tree, out, node);
    }
    if (parts->failed)
        return false;
    if (parts->found != 1 || out->count == first || !is_list_of_resources(out->items[first]))
        return true;
    out->count = first;
    return add_items(tree, out->items[first], out, error);
}

bool parse_documents(struct tree *tree, const struct yaml_text *text, struct node_array *out, struct error *error)
{
    struct part whole;
    if (!text_prepare(tree, text, true, &whole, error))
        return false;
    struct loader *loader = loader_new(tree, text, DIALECT_RESOURCE);
    struct splitter parts = split_text(text, &whole);
    bool good = load_parts(tree, loader, &parts, text->origins, out, error);
    loader_free(loader);
    return good;
}

static bool parse_one(struct tree *tree, const struct yaml_text *text, enum dialect dialect, struct node **out,
                      struct error *error)
{
    struct part whole;
    if (!text_prepare(tree, text, false, &whole, error))
        return false;
    struct loader *loader = loader_new(tree, text, dialect);
    bool good = load_document(loader, &whole, out, error);
    loader_free(loader);
    return good;
}

bool parse_first(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error)
{
    return parse_one(tree, text, DIALECT_STRICT, out, error);
}

bool parse_yaml11(struct tree *tree, const struct yaml_text *text, struct node **out, struct error *error)
{
    return parse_one(tree, text, DIALECT_YAML11, out, error);
}
