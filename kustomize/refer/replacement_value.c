/* replacement_value.c: takes pieces of values and puts them into fields. Source: kustomize api/filters/replacement. */
#include "kustomize/refer/replacement_value.h"

#include <string.h>

#include "yaml/written.h"

static bool has_delimiter(const struct field_options *options)
{
    return options && options->delimiter && *options->delimiter;
}

/* The pieces of a text, as Go's strings.Split gives them: one more than there are delimiters. */
struct pieces {
    const char *text, *end, *delimiter;
    size_t count;
};

static const char *next_delimiter(const char *text, const char *end, const char *delimiter)
{
    size_t size = strlen(delimiter);
    for (; (size_t)(end - text) >= size; text++) {
        const char *first = memchr(text, delimiter[0], (size_t)(end - text) - size + 1);
        if (!first)
            return NULL;
        if (memcmp(first, delimiter, size) == 0)
            return first;
        text = first;
    }
    return NULL;
}

static struct pieces split_value(const struct node *scalar, const char *delimiter)
{
    struct pieces pieces = {scalar->text, scalar->text + scalar->count, delimiter, 1};
    const char *at = pieces.text;
    while ((at = next_delimiter(at, pieces.end, delimiter))) {
        pieces.count++;
        at += strlen(delimiter);
    }
    return pieces;
}

/* Where a piece begins and ends; index < count. */
static void piece_at(const struct pieces *pieces, size_t index, const char **start, const char **end)
{
    size_t size = strlen(pieces->delimiter);
    *start = pieces->text;
    while (index--)
        *start = next_delimiter(*start, pieces->end, pieces->delimiter) + size;
    *end = next_delimiter(*start, pieces->end, pieces->delimiter);
    *end = *end ? *end : pieces->end;
}

static bool refuse_delimiter(const struct node *node, struct error *error)
{
    return error_at(error, node->origin, "delimiter option can only be used with scalar nodes");
}

const struct node *replacement_refine(struct tree *tree, const struct node *value, const struct field_options *options,
                                      struct error *error)
{
    if (!has_delimiter(options))
        return value;
    if (value->kind != NODE_SCALAR) {
        refuse_delimiter(value, error);
        return NULL;
    }
    struct pieces pieces = split_value(value, options->delimiter);
    if (options->index < 0 || (uint64_t)options->index >= pieces.count) {
        error_at(error, field_origin(options->node, "index"),
                 "options.index %lld is out of bounds for value %s: '%s' makes %zu piece%s of it, and the first is 0",
                 (long long)options->index, value->text, options->delimiter, pieces.count,
                 pieces.count == 1 ? "" : "s");
        return NULL;
    }
    const char *start, *end;
    piece_at(&pieces, (size_t)options->index, &start, &end);
    struct node *piece = tree_copy(tree, value);
    if (!piece)
        tree_refuse_copy(tree, value->origin, error);
    else {
        const struct writer_part part = {.size = (size_t)(end - start),
                                         .from = value->origin,
                                         .from_start = (size_t)(start - value->text),
                                         .from_size = (size_t)(end - start)};
        written_parts(tree, piece, "replacements", &part, 1);
        tree_set_text(tree, piece, start, (size_t)(end - start));
    }
    return piece;
}

/* Which bytes of a text give way to how many others. */
struct stretch {
    size_t start, end, size;
};

/* What stands before the stretch and behind it stays; a delimiter may be added on either side. */
static void note_pieces(struct tree *tree, struct node *field, const struct node *value, struct stretch stretch,
                        size_t whole)
{
    size_t before = stretch.start, behind = field->count - stretch.end;
    size_t delimiter = whole - before - behind - stretch.size;
    size_t start = before + (behind ? 0 : delimiter);
    const struct writer_part parts[] = {
        {.size = before, .from = field->origin, .from_size = before},
        {.start = start, .size = stretch.size, .from = value->origin, .from_size = stretch.size},
        {.start = whole - behind,
         .size = behind,
         .from = field->origin,
         .from_start = stretch.end,
         .from_size = behind},
    };
    written_parts(tree, field, "replacements", parts, 3);
}

static bool write_piece(struct tree *tree, struct node *field, const struct node *value, const char *text, size_t size,
                        const struct field_options *options, struct error *error)
{
    struct pieces pieces = split_value(field, options->delimiter);
    const char *start = pieces.text, *end = pieces.text;
    struct text whole = {.limit = TREE_LARGEST_TEXT};
    bool before = options->index < 0, behind = !before && (uint64_t)options->index >= pieces.count;
    if (behind)
        start = end = pieces.end;
    else if (!before)
        piece_at(&pieces, (size_t)options->index, &start, &end);
    text_bytes(&whole, pieces.text, (size_t)(start - pieces.text));
    text_string(&whole, behind ? options->delimiter : "");
    text_bytes(&whole, text, size);
    text_string(&whole, before ? options->delimiter : "");
    text_bytes(&whole, end, (size_t)(pieces.end - end));
    bool fits = !whole.failed;
    if (fits) {
        note_pieces(tree, field, value,
                    (struct stretch){(size_t)(start - pieces.text), (size_t)(end - pieces.text), size}, whole.size);
        tree_set_text(tree, field, text_content(&whole), whole.size);
    }
    text_free(&whole);
    return fits || error_at(error, field_origin(options->node, "delimiter"),
                            "replacements make a text of more than 16 MiB: does it grow with each one?");
}

bool replacement_write(struct tree *tree, struct node *field, const struct node *value,
                       const struct field_options *options, struct error *error)
{
    const char *text = value->kind == NODE_SCALAR ? value->text : "";
    size_t size = value->kind == NODE_SCALAR ? value->count : 0;
    if (has_delimiter(options) && field->kind != NODE_SCALAR)
        return refuse_delimiter(field, error);
    if (has_delimiter(options)) {
        bool null = node_is_null(value) && value->tag == TAG_NULL;
        return write_piece(tree, field, value, null ? "" : text, null ? 0 : size, options, error);
    }
    if (field->kind == NODE_SCALAR) {
        if (value->kind == NODE_SCALAR)
            written_from(tree, field, "replacements", value->origin);
        else
            written_computed(tree, field, "replacements", 0, "a map or list becomes an empty text there");
        tree_set_text(tree, field, text, size);
        return true;
    }
    struct node *copy = tree_copy(tree, value);
    if (!copy)
        return tree_refuse_copy(tree, value->origin, error);
    written_subtree(tree, copy, "replacements");
    *field = *copy;
    return true;
}
