/* parse_builder.c: keeps the maps and lists that are open, and gives each value its place. */
#include "yaml/parse_builder.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "yaml/parse_map.h"

/* Nodes that the aliases of one text may make. */
enum { ALIAS_NODES = 1000000, CACHED_KEYS = 256 };

/* A named node: what aliases stand for. */
struct anchor {
    struct node *node;
    uint32_t height; /* levels of maps and lists in it */
    bool complete;
};

/* A map or list that is not yet closed. */
struct frame {
    struct node *node;
    struct anchor *anchor;
    size_t first; /* of its entries or items on their stack */
    uint32_t height;
    uint32_t schema; /* of a map: the comment about the key that waits */
    bool flow;       /* it stands inside of [] or {}, or is one */
    bool has_key, merges, merge_aliased;
    struct entry entry; /* of a map: the key that waits for its value */
};

struct items {
    struct node **items;
    size_t count, room;
};

/* A key that was met before, with the tag of its plain form. */
struct cached_key {
    const struct key *key;
    uint8_t tag;
};

struct builder {
    struct tree *tree;
    const struct origins *origins;
    enum dialect dialect;
    struct node *root, *last; /* the document, and the value that was read last */
    uint32_t schema_ahead;
    bool schema_above;
    struct map *anchors;
    size_t alias_nodes;
    struct entries entries;
    struct items items;
    struct key_check check;
    struct cached_key cache[CACHED_KEYS];
    size_t depth;
    struct frame frames[PARSE_DEEPEST];
};

struct builder *builder_new(struct tree *tree, const struct origins *origins, enum dialect dialect)
{
    struct builder *builder = memory_resize(NULL, sizeof *builder);
    memset(builder, 0, offsetof(struct builder, frames)); /* a frame is filled when it is entered */
    builder->tree = tree;
    builder->origins = origins;
    builder->dialect = dialect;
    builder->check.dialect = dialect;
    return builder;
}

void builder_free(struct builder *builder)
{
    free(builder->entries.items);
    free(builder->items.items);
    key_check_free(&builder->check);
    free(builder);
}

void builder_start(struct builder *builder)
{
    builder->root = builder->last = NULL;
    builder->schema_ahead = 0;
    builder->anchors = NULL;
    builder->entries.count = builder->items.count = builder->depth = 0;
}

struct node *builder_root(const struct builder *builder)
{
    return builder->root;
}

static struct frame *top_frame(struct builder *builder)
{
    return builder->depth ? &builder->frames[builder->depth - 1] : NULL;
}

bool builder_in_flow(const struct builder *builder)
{
    return builder->depth && builder->frames[builder->depth - 1].flow;
}

static bool wants_key(const struct frame *frame)
{
    return frame && frame->node->kind == NODE_MAP && !frame->has_key;
}

static bool fail_at(const struct builder *builder, origin at, const char *problem, struct error *error)
{
    return error_in(error, origins_place(builder->origins, at), "malformed YAML: %s", problem);
}

static bool within_limit(const struct builder *builder, origin at, struct error *error)
{
    const struct tree *tree = builder->tree;
    if (!tree->node_limit || tree->nodes <= tree->node_limit)
        return true;
    return error_in(error, origins_place(builder->origins, at), "more than %zu YAML values in one render: split it up",
                    tree->node_limit);
}

static void add_item(struct items *items, struct node *node)
{
    if (items->count == items->room) {
        items->room = items->room ? items->room * 2 : 64;
        items->items = memory_resize(items->items, memory_product(items->room, sizeof(struct node *)));
    }
    items->items[items->count++] = node;
}

/* Remembers entries that a map cannot have. */
static void leave_out(struct builder *builder, struct node *map, const struct entry *entries, size_t count)
{
    struct arena *arena = builder->tree->arena;
    if (!map->unprintable)
        map->unprintable = ARENA_NEW(arena, struct left_out);
    struct left_out *left_out = map->unprintable;
    left_out->origins = builder->origins;
    for (size_t i = 0; i < count; i++) {
        left_out->entries =
            arena_grow(arena, left_out->entries, left_out->count, &left_out->room, sizeof *left_out->entries);
        left_out->entries[left_out->count++] = entries[i];
    }
}

/* A map or list as the key: a resource may have it, as in {{x}}, as long as it is not printed. */
static void set_complex_key(struct frame *frame, origin at)
{
    frame->entry = (struct entry){.origin = at};
    frame->has_key = true;
    frame->schema = 0;
}

/* Gives a finished value to the map or list that it stands in. */
static void attach_node(struct builder *builder, struct node *node, uint32_t height)
{
    struct frame *frame = top_frame(builder);
    builder->last = node;
    if (!frame) {
        builder->root = node;
        return;
    }
    if (height > frame->height)
        frame->height = height;
    if (frame->node->kind == NODE_LIST) {
        add_item(&builder->items, node);
        return;
    }
    if (!frame->has_key) {
        set_complex_key(frame, node->origin);
        return;
    }
    frame->has_key = false;
    if (!frame->entry.key) {
        leave_out(builder, frame->node, &frame->entry, 1);
        return;
    }
    if (!node->schema)
        node->schema = frame->schema;
    frame->schema = 0;
    frame->entry.value = node;
    *entries_add(&builder->entries) = frame->entry;
}

/* The interned key, with the tag of its plain form. */
static const struct cached_key *find_key(struct builder *builder, const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t hash = size ? size * 31 + bytes[0] * 7u + bytes[size / 2] * 3u + bytes[size - 1] : 0;
    struct cached_key *slot = &builder->cache[hash % CACHED_KEYS];
    if (slot->key && slot->key->size == size && memcmp(slot->key->text, text, size) == 0)
        return slot;
    slot->key = intern_bytes(builder->tree->keys, text, size);
    slot->tag = (uint8_t)plain_tag(builder->dialect, text, size);
    return slot;
}

void builder_schema_behind(struct builder *builder, uint32_t schema)
{
    struct frame *frame = top_frame(builder);
    if (frame && frame->has_key)
        frame->schema = schema;
    else if (builder->last)
        builder->last->schema = schema;
}

void builder_schema_ahead(struct builder *builder, uint32_t schema, bool above)
{
    builder->schema_ahead = schema;
    builder->schema_above = above;
}

static uint32_t take_schema_ahead(struct builder *builder)
{
    uint32_t schema = builder->schema_ahead;
    builder->schema_ahead = 0;
    return schema;
}

static void set_key(struct builder *builder, const struct key *key, enum node_tag tag, enum node_style style, origin at)
{
    struct frame *frame = top_frame(builder);
    frame->entry = (struct entry){key, NULL, at, (uint8_t)tag, (uint8_t)style};
    frame->has_key = true;
    frame->schema = take_schema_ahead(builder);
    frame->merges |= tag == TAG_MERGE || key == &key_merge;
}

static struct anchor *add_anchor(struct builder *builder, const char *name, struct node *node)
{
    if (!name)
        return NULL;
    struct arena *arena = builder->tree->arena;
    if (!builder->anchors)
        builder->anchors = map_new(arena);
    struct anchor *anchor = ARENA_NEW(arena, struct anchor);
    anchor->node = node;
    *map_slot(builder->anchors, arena_string(arena, name), strlen(name)) = anchor;
    return anchor;
}

/* A copy within what is left of the aliases' share; NULL beyond it. */
static struct node *copy_anchored(struct builder *builder, const struct node *node)
{
    struct tree *tree = builder->tree;
    size_t before = tree->nodes, limit = tree->node_limit, share = before + ALIAS_NODES - builder->alias_nodes;
    if (!limit || share < limit)
        tree->node_limit = share;
    struct node *copy = tree_copy(tree, node);
    tree->node_limit = limit;
    builder->alias_nodes += tree->nodes - before;
    return copy;
}

static bool fail_alias(struct builder *builder, const char *name, origin at, const char *problem, struct error *error)
{
    return error_in(error, origins_place(builder->origins, at), "malformed YAML: alias '*%s': %s", name, problem);
}

static bool add_alias_key(struct builder *builder, const char *name, const struct node *node, origin at,
                          struct error *error)
{
    if (node->kind != NODE_SCALAR && builder->dialect == DIALECT_RESOURCE) {
        set_complex_key(top_frame(builder), at);
        return true;
    }
    if (node->kind != NODE_SCALAR || (builder->dialect == DIALECT_YAML11 && node->tag == TAG_NULL))
        return fail_alias(builder, name, at, "its value cannot be a key", error);
    set_key(builder, find_key(builder, node->text, node->count)->key, node->tag, node->style, at);
    return true;
}

bool builder_alias(struct builder *builder, const char *name, origin at, struct error *error)
{
    const struct anchor *anchor = builder->anchors ? map_get(builder->anchors, name, strlen(name)) : NULL;
    if (!anchor)
        return fail_alias(builder, name, at, "unknown anchor", error);
    if (!anchor->complete)
        return fail_alias(builder, name, at, "the anchor's value contains itself", error);
    if (builder->depth + anchor->height > PARSE_DEEPEST)
        return fail_alias(builder, name, at, "too many levels of maps and lists", error);
    struct frame *frame = top_frame(builder);
    if (wants_key(frame))
        return add_alias_key(builder, name, anchor->node, at, error);
    struct node *copy = copy_anchored(builder, anchor->node);
    if (!copy)
        return fail_alias(builder, name, at, "the copies that aliases make are too many", error);
    if (frame && frame->entry.tag == TAG_MERGE)
        frame->merge_aliased = true;
    attach_node(builder, copy, anchor->height);
    return true;
}

/* The node with its text behind it. */
static struct node *new_scalar(struct builder *builder, const struct scalar *made, origin at)
{
    struct tree *tree = builder->tree;
    struct node *node = arena_alloc(tree->arena, sizeof *node + made->size + 1);
    char *text = (char *)(node + 1);
    memcpy(text, made->text, made->size);
    text[made->size] = '\0';
    *node = (struct node){
        .kind = NODE_SCALAR,
        .tag = (uint8_t)made->tag,
        .style = (uint8_t)made->style,
        .tagged = made->tagged,
        .owner = tree->owner,
        .origin = at,
        .count = (uint32_t)made->size,
        .tag_text = made->tag_text,
        .text = text,
    };
    tree->nodes++;
    return node;
}

/* A plain key without a tag, as nearly all are: no node is made, and its tag is known where the key was met before. In
 * YAML 1.1 the text changes where it is no string. */
static bool add_simple_key(struct builder *builder, const struct raw_scalar *raw, const char *anchor, origin at)
{
    if (raw->tag || raw->style != STYLE_PLAIN || anchor)
        return false;
    const struct cached_key *found = find_key(builder, raw->text, raw->size);
    if (builder->dialect == DIALECT_YAML11 && found->tag != TAG_STRING && found->tag != TAG_MERGE)
        return false;
    set_key(builder, found->key, found->tag, STYLE_PLAIN, at);
    return true;
}

bool builder_scalar(struct builder *builder, const struct raw_scalar *raw, const char *anchor, origin at,
                    struct error *error)
{
    bool is_key = wants_key(top_frame(builder));
    if (is_key && add_simple_key(builder, raw, anchor, at))
        return true;
    struct scalar made;
    const char *problem = read_scalar(builder->tree, builder->dialect, raw, is_key, &made);
    if (problem)
        return error_in_kind(error, made.beyond_json ? ERROR_BEYOND_JSON : ERROR_OTHER,
                             origins_place(builder->origins, at), "malformed YAML: %s", problem);
    struct node *node = is_key && !anchor ? NULL : new_scalar(builder, &made, at);
    struct anchor *named = add_anchor(builder, anchor, node);
    if (named)
        named->complete = true;
    if (!is_key)
        node->schema = take_schema_ahead(builder);
    if (!is_key)
        node->as_read = builder->dialect == DIALECT_RESOURCE;
    if (is_key)
        set_key(builder, find_key(builder, made.text, made.size)->key, made.tag, made.style, at);
    else
        attach_node(builder, node, 0);
    return within_limit(builder, at, error);
}

static struct node *new_collection(struct builder *builder, const struct opening *opening)
{
    struct tree *tree = builder->tree;
    struct node *node = opening->kind == NODE_MAP ? tree_map(tree) : tree_list(tree);
    node->origin = opening->at;
    if (opening->flow)
        node->style = STYLE_FLOW;
    if (!opening->tag || strcmp(opening->tag, "!") == 0 || builder->dialect == DIALECT_YAML11)
        return node;
    node->tagged = true;
    node->tag = (uint8_t)explicit_tag(tree, opening->tag, &node->tag_text);
    return node;
}

bool builder_open(struct builder *builder, const struct opening *opening, struct error *error)
{
    if (wants_key(top_frame(builder)) && builder->dialect != DIALECT_RESOURCE)
        return fail_at(builder, opening->at, "a map key must be a scalar: put it in quotes if it is a template", error);
    const struct frame *parent = top_frame(builder);
    if (builder->depth == PARSE_DEEPEST)
        return fail_at(builder, opening->at, "too many levels of maps and lists", error);
    struct node *node = new_collection(builder, opening);
    if (builder->schema_above && parent && parent->node->kind == NODE_LIST)
        node->schema = take_schema_ahead(builder);
    builder->frames[builder->depth++] = (struct frame){
        .node = node,
        .anchor = add_anchor(builder, opening->anchor, node),
        .first = opening->kind == NODE_MAP ? builder->entries.count : builder->items.count,
        .flow = opening->flow || (parent && parent->flow),
    };
    return within_limit(builder, opening->at, error);
}

static bool note_duplicate(struct builder *builder, struct node *map, const struct duplicate *duplicate,
                           struct error *error)
{
    if (builder->dialect == DIALECT_STRICT)
        return error_in_kind(error, ERROR_DUPLICATE_KEY, origins_place(builder->origins, duplicate->others->origin),
                             "mapping key \"%s\" already defined at line %u", duplicate->others->key->text,
                             origins_place(builder->origins, duplicate->earlier.origin).line);
    if (builder->dialect == DIALECT_RESOURCE)
        leave_out(builder, map, duplicate->others, duplicate->count);
    return true;
}

/* Resolves what the entries of a map leave open, and keeps them. */
static bool close_map(struct builder *builder, const struct frame *frame, struct error *error)
{
    struct entries *entries = &builder->entries;
    struct node *map = frame->node;
    size_t own = entries->count - frame->first;
    struct merge_fault fault;
    if (frame->merges && !merge_keys(entries, frame->first, builder->dialect, frame->merge_aliased, &own, &fault))
        return fail_at(builder, fault.at, fault.problem, error);
    struct duplicate duplicate;
    remove_duplicates(entries, frame->first, own, &builder->check, &duplicate);
    if (duplicate.count && !note_duplicate(builder, map, &duplicate, error))
        return false;
    if (builder->dialect == DIALECT_YAML11 && (duplicate.count || frame->merges))
        builder->tree->repeated++;
    size_t count = entries->count - frame->first;
    if (builder->dialect == DIALECT_YAML11)
        sort_entries(entries, frame->first);
    map->count = map->room = (uint32_t)count;
    map->entries = arena_alloc(builder->tree->arena, count * sizeof *map->entries);
    if (count)
        memcpy(map->entries, entries->items + frame->first, count * sizeof *map->entries);
    entries->count = frame->first;
    return true;
}

static void close_list(struct builder *builder, const struct frame *frame)
{
    struct items *items = &builder->items;
    struct node *list = frame->node;
    size_t count = items->count - frame->first;
    list->count = list->room = (uint32_t)count;
    list->items = arena_alloc(builder->tree->arena, count * sizeof(struct node *));
    if (count)
        memcpy(list->items, items->items + frame->first, count * sizeof(struct node *));
    items->count = frame->first;
}

bool builder_close(struct builder *builder, struct error *error)
{
    struct frame *frame = top_frame(builder);
    if (frame->node->kind == NODE_LIST)
        close_list(builder, frame);
    else if (!close_map(builder, frame, error))
        return false;
    if (frame->anchor)
        *frame->anchor = (struct anchor){frame->node, frame->height + 1, true};
    builder->depth--;
    attach_node(builder, frame->node, frame->height + 1);
    return true;
}
