/* fuzz_splice.c: edits of a text. What the parser reads has a layout; an edited text reads as the old one but for the
 * edit, and what stands outside of it is the same. The first byte chooses the value, the first line is the new text. */
#define _GNU_SOURCE
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "yaml/parse.h"
#include "yaml/splice.h"

enum { MOST_NODES = 20000, LARGEST_TEXT = 64 * 1024 };

struct edit {
    struct arena *arena;
    const char *string, *bytes;
    size_t string_size, size;
    unsigned choice;
    struct layout before, after;
};

/* The n-th value of a layout, counted in `*seen`. */
static const struct layout_node *node_number(const struct layout_node *node, unsigned number, unsigned *seen)
{
    if ((*seen)++ == number)
        return node;
    const struct layout_node *found = NULL;
    for (uint32_t i = 0; !found && i < node->count; i++)
        found = node_number(node->items[i].value, number, seen);
    return found;
}

static bool same_text(const struct layout_node *left, const struct layout_node *right)
{
    return left->size == right->size && (!left->size || memcmp(left->text, right->text, left->size) == 0);
}

/* Whether two values are the same, but for one that was edited: it has a new text, more items or fewer. */
static bool same_but(const struct layout_node *left, const struct layout_node *right, const struct layout_node *edited)
{
    if (left == edited)
        return true;
    if (left->kind != right->kind || left->count != right->count || !same_text(left, right) ||
        left->anchored != right->anchored)
        return false;
    for (uint32_t i = 0; i < left->count; i++) {
        const struct layout_item *item = &left->items[i], *other = &right->items[i];
        if (item->key && !same_but(item->key, other->key, edited))
            return false;
        if (!same_but(item->value, other->value, edited))
            return false;
    }
    return true;
}

static const struct layout_node *find_after(const struct layout_node *left, const struct layout_node *right,
                                            const struct layout_node *edited)
{
    if (left == edited)
        return right;
    const struct layout_node *found = NULL;
    for (uint32_t i = 0; !found && i < left->count; i++)
        found = find_after(left->items[i].value, right->items[i].value, edited);
    return found;
}

/* The edited value in the new layout; all others are as they were. */
static const struct layout_node *check_others(struct edit *edit, const struct text *out,
                                              const struct layout_node *edited)
{
    struct error error = {0};
    bool good =
        layout_read(edit->arena, "b", arena_copy(edit->arena, out->bytes, out->size), out->size, &edit->after, &error);
    if (!good)
        fprintf(stderr, "%u: %s\n", error.line, error.message);
    MUST(good);
    MUST(edit->before.count == edit->after.count);
    const struct layout_node *found = NULL;
    for (size_t i = 0; i < edit->before.count; i++) {
        MUST(same_but(edit->before.documents[i], edit->after.documents[i], edited));
        found = found ? found : find_after(edit->before.documents[i], edit->after.documents[i], edited);
    }
    MUST(found);
    return found;
}

static void check_string(struct edit *edit, const struct layout_node *node)
{
    struct text out = {0};
    struct error error = {0};
    if (splice_string(&edit->before, node, edit->string, edit->string_size, &out, &error)) {
        const struct layout_node *found = check_others(edit, &out, node);
        MUST(found->kind == LAYOUT_SCALAR && found->size == edit->string_size);
        MUST(memcmp(found->text, edit->string, edit->string_size) == 0);
        MUST(memcmp(out.bytes, edit->bytes, node->start) == 0);
        size_t tail = edit->size - node->end;
        MUST(out.size >= tail && memcmp(out.bytes + out.size - tail, edit->bytes + node->end, tail) == 0);
    }
    error_free(&error);
    text_free(&out);
}

static void check_adding(struct edit *edit, const struct layout_node *list)
{
    struct tree tree = {.arena = edit->arena, .keys = intern_new(edit->arena), .owner = 1};
    struct node *item = tree_map(&tree);
    tree_set_string(&tree, item, "name", edit->string);
    tree_set_string(&tree, item, "newTag", "1.0");
    struct text out = {0};
    struct error error = {0};
    if (splice_add_item(&edit->before, list, item, &out, &error)) {
        const struct layout_node *found = check_others(edit, &out, list);
        MUST(found->kind == LAYOUT_LIST && found->count == list->count + 1);
        for (uint32_t i = 0; i < list->count; i++)
            MUST(same_but(list->items[i].value, found->items[i].value, NULL));
        const char *name = layout_text(layout_value(found->items[list->count].value, "name"));
        MUST(name && strcmp(name, edit->string) == 0);
    }
    error_free(&error);
    text_free(&out);
}

static void check_removing(struct edit *edit, const struct layout_node *node)
{
    struct text out = {0};
    struct error error = {0};
    uint32_t index = edit->choice % node->count;
    if (splice_remove(&edit->before, node, index, &out, &error)) {
        const struct layout_node *found = check_others(edit, &out, node);
        MUST(found->kind == node->kind && found->count == node->count - 1);
        for (uint32_t i = 0; i < found->count; i++)
            MUST(same_but(node->items[i + (i >= index)].value, found->items[i].value, NULL));
    }
    error_free(&error);
    text_free(&out);
}

/* What the parser takes has a layout. */
static bool read_before(struct edit *edit)
{
    struct origins *origins = origins_new();
    struct tree tree = {.arena = edit->arena, .keys = intern_new(edit->arena), .owner = 1, .node_limit = MOST_NODES};
    struct yaml_text text = {"a", edit->bytes, edit->size, origins, 0};
    struct error error = {0}, other = {0};
    struct node *root;
    bool parsed = parse_yaml11(&tree, &text, &root, &error);
    bool read = layout_read(edit->arena, "a", edit->bytes, edit->size, &edit->before, &other);
    MUST(read == !other.message);
    if (parsed && root && !read) /* it reads the first document only */
        MUST(strstr(other.message, "<document start>") || strstr(other.message, "UTF-16") ||
             memmem(edit->bytes, edit->size, "---", 3) || memmem(edit->bytes, edit->size, "...", 3));
    error_free(&error);
    error_free(&other);
    origins_free(origins);
    return read && parsed && edit->before.count;
}

static void check_edit(struct edit *edit)
{
    unsigned seen = 0;
    const struct layout_node *node = NULL;
    for (size_t i = 0; !node && i < edit->before.count; i++)
        node = node_number(edit->before.documents[i], edit->choice, &seen);
    if (!node)
        return;
    if (node->kind == LAYOUT_LIST && node->count && !memchr(edit->string, '\0', edit->string_size))
        check_adding(edit, node);
    if (node->count)
        check_removing(edit, node);
    else
        check_string(edit, node);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
    if (!line || size > LARGEST_TEXT)
        return 0;
    struct edit edit = {.arena = arena_new(), .choice = data[0]};
    edit.string_size = (size_t)(line - data - 1);
    edit.string = arena_copy(edit.arena, data + 1, edit.string_size);
    edit.size = (size_t)(data + size - line - 1);
    edit.bytes = arena_copy(edit.arena, line + 1, edit.size);
    if (read_before(&edit))
        check_edit(&edit);
    arena_free(edit.arena);
    return 0;
}
