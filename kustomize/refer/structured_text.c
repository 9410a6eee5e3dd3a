/* structured_text.c: replaces a value within a JSON or YAML text that a scalar holds.
 *
 * Source: kustomize api/filters/replacement/replacement.go setValueInStructuredData */
#include <stddef.h>
#include <string.h>

#include "kustomize/refer/replacement_value.h"
#include "yaml/emit.h"
#include "yaml/emit_v3.h"
#include "yaml/written.h"

static const char blanks[] = " \t\n\v\f\r";

static void break_line(struct text *out, size_t depth)
{
    text_byte(out, '\n');
    text_repeat(out, ' ', depth * 2);
}

/* A string of JSON, with its quotes. Returns its size. */
static size_t json_string_size(const char *text)
{
    size_t size = 1;
    while (text[size] != '"')
        size += text[size] == '\\' ? 2 : 1;
    return size + 1;
}

/* Compact JSON as Go's MarshalIndent lays it out. */
static void indent_json(const char *json, struct text *out)
{
    size_t depth = 0;
    while (*json) {
        char c = *json;
        if (c == '"') {
            size_t size = json_string_size(json);
            text_bytes(out, json, size);
            json += size;
            continue;
        }
        bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
        if (opens && (json[1] == '}' || json[1] == ']')) {
            text_bytes(out, json, 2);
            json += 2;
            continue;
        }
        depth -= closes;
        if (closes)
            break_line(out, depth);
        text_byte(out, c);
        depth += opens;
        if (opens || c == ',')
            break_line(out, depth);
        if (c == ':')
            text_byte(out, ' ');
        json++;
    }
}

static bool write_json(const struct node *root, const char *original, struct text *out, struct error *error)
{
    struct text compact = {0};
    bool pretty = strchr(original, '\n') && strstr(original, "  ");
    bool done = emit_json(root, pretty ? &compact : out, error);
    if (done && pretty)
        indent_json(text_content(&compact), out);
    text_free(&compact);
    return done;
}

static bool write_yaml(const struct node *root, const struct v3_comments *comments, struct text *out,
                       struct error *error)
{
    struct text whole = {0};
    bool done = emit_v3_with(root, comments, &whole, error);
    size_t start = done ? strspn(text_content(&whole), blanks) : 0, end = whole.size;
    while (end > start && strchr(blanks, whole.bytes[end - 1]))
        end--;
    if (done)
        text_bytes(out, text_content(&whole) + start, end - start);
    text_free(&whole);
    return done;
}

enum { BYTES_A_STEP = 4 }; /* they are read and written anew each time */

/* The scalar that the path meets first, and how many parts lead to it. NULL: none, or only at the path's end. */
static const struct node *find_scalar(struct dotted_path path, struct node *const *root, struct trail *trail,
                                      size_t *parts, size_t *looked_at)
{
    for (*parts = 1; *parts < path.count; ++*parts) {
        struct error ignored = {0};
        struct node *node = NULL;
        dotted_path_lookup(root, (struct dotted_path){path.parts, *parts}, trail, &node, looked_at, &ignored);
        error_free(&ignored);
        if (!node || node->kind == NODE_SCALAR)
            return node;
    }
    return NULL;
}

static bool write_all(struct path_matcher *path, size_t from, struct tree *tree, struct node **root,
                      const struct node *value, const struct field_options *options)
{
    struct node_array found = {0};
    struct error ignored = {0};
    bool done = options && options->create
                    ? path_matcher_create(path, from, root, (enum node_kind)value->kind, &found, &ignored)
                    : path_matcher_find(path, from, root, &found, &ignored);
    done = done && found.count;
    for (size_t i = 0; done && i < found.count; i++)
        done = replacement_write(tree, found.items[i], value, options, &ignored);
    error_free(&ignored);
    return done;
}

/* The text anew, in the form that it had. */
static enum structured rewrite_text(const struct node *scalar, const struct v3_comments *comments,
                                    const struct node *root, struct text *out, const char *path, struct error *error)
{
    char first = scalar->text[strspn(scalar->text, blanks)];
    struct error ignored = {0};
    bool json = first == '{' || first == '[';
    if (!json && comments->incomplete) {
        error_at(error, scalar->origin,
                 "\"%s\" leads into a YAML text with comments in unusual places, anchors or merge keys, which would be "
                 "lost: remove them, or put comments above keys and behind values",
                 path);
        return STRUCTURED_FAILED;
    }
    bool done = json ? write_json(root, scalar->text, out, &ignored) : write_yaml(root, comments, out, &ignored);
    error_free(&ignored);
    return done ? STRUCTURED_WRITTEN : NOT_STRUCTURED;
}

static size_t common_end(const char *left_end, const char *right_end, size_t most)
{
    size_t size = 0;
    while (size < most && left_end[-1 - (ptrdiff_t)size] == right_end[-1 - (ptrdiff_t)size])
        size++;
    return size;
}

/* Where the value stands in the new text, which is the old one in front of it and behind it; WHOLE_VALUE: nowhere. */
static size_t find_value(const struct node *old, const struct node *value, const struct text *text)
{
    size_t shorter = old->count < text->size ? old->count : text->size, found = WHOLE_VALUE;
    const char *fresh = text_content(text);
    size_t behind = common_end(old->text + old->count, fresh + text->size, shorter);
    if (value->kind != NODE_SCALAR)
        return WHOLE_VALUE;
    for (size_t at = 0; at + value->count <= text->size && at <= old->count; at++) {
        size_t rest = text->size - at - value->count;
        if (rest <= behind && at + rest <= old->count && memcmp(fresh + at, value->text, value->count) == 0)
            found = at;
        if (at == old->count || old->text[at] != fresh[at])
            break;
    }
    return found;
}

/* A text that differs from the old one in the value alone is put together from both; any other is written anew, of what
 * the old one said where they have anything in common. */
static void note_change(struct tree *tree, struct node *scalar, const struct node *value, const struct text *text)
{
    if (!tree->writers)
        return;
    size_t at = find_value(scalar, value, text);
    if (at == WHOLE_VALUE) {
        bool common =
            text->size && scalar->count &&
            (text->bytes[0] == scalar->text[0] || text->bytes[text->size - 1] == scalar->text[scalar->count - 1]);
        written_computed(tree, scalar, "replacements", common ? scalar->origin : 0,
                         "it is a text that was written anew");
        return;
    }
    size_t behind = text->size - at - value->count;
    const struct writer_part parts[] = {
        {.size = at, .from = scalar->origin, .from_size = at},
        {.start = at, .size = value->count, .from = value->origin, .from_size = WHOLE_VALUE},
        {.start = text->size - behind,
         .size = behind,
         .from = scalar->origin,
         .from_start = scalar->count - behind,
         .from_size = behind},
    };
    written_parts(tree, scalar, "replacements", parts, 3);
}

enum structured replacement_write_structured(struct path_matcher *path, struct tree *tree, struct node **root,
                                             const struct node *value, const struct field_options *options,
                                             struct error *error)
{
    struct trail trail;
    trail_start(&trail, root);
    struct error ignored = {0};
    struct v3_comments comments = {0};
    size_t parts, looked_at = 0;
    const struct node *scalar = find_scalar(path_matcher_path(path), root, &trail, &parts, &looked_at);
    size_t read = scalar ? scalar->count / BYTES_A_STEP : 0;
    if (!tree_count_steps(tree, looked_at / LOOKS_A_STEP + read, error))
        return STRUCTURED_FAILED;
    struct node *inner = scalar ? parse_scalar_text(tree, scalar, &comments, &ignored) : NULL;
    error_free(&ignored);
    if (!inner)
        return NOT_STRUCTURED;
    path_matcher_within(path, &comments);
    bool written = write_all(path, parts, tree, &inner, value, options);
    path_matcher_within(path, NULL);
    if (!written)
        return NOT_STRUCTURED;
    struct text text = {0};
    enum structured result = rewrite_text(scalar, &comments, inner, &text, path_matcher_text(path), error);
    if (result == STRUCTURED_WRITTEN) {
        struct node *own = trail_own(tree, &trail);
        note_change(tree, own, value, &text);
        tree_set_text(tree, own, text_content(&text), text.size);
        tree_write_twins(tree, root, own);
    }
    text_free(&text);
    return result;
}
