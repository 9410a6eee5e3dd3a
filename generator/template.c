/* template.c: expands placeholders in texts and trees. */
#include "generator/template.h"

#include <ctype.h>
#include <string.h>

#include "base/nearest.h"
#include "generator/name.h"

enum { DEEPEST_TEMPLATE = 64, LONGEST_WORD = VALUE_LONGEST };

/* Names between dots, and what stands for a value that is not there. */
static bool is_value_word(const char *word)
{
    size_t prefix = strlen(VALUE_PREFIX), size = strcspn(word, "|");
    if (strncmp(word, VALUE_PREFIX, prefix) != 0 || size == prefix || word[size - 1] == '.' || strstr(word, ".."))
        return false;
    for (size_t i = prefix; i < size; i++)
        if (!isalnum((unsigned char)word[i]) && !strchr("-_.", word[i]))
            return false;
    return true;
}

/* What stands at a brace: a placeholder's name (copied to `word`), or text of `size` bytes to be kept. */
static bool read_word(const char *at, char word[LONGEST_WORD + 1], size_t *size)
{
    if (at[1] == '{') {
        const char *end = strstr(at, "}}");
        *size = end ? (size_t)(end + 2 - at) : strlen(at);
        return false;
    }
    size_t length = strcspn(at + 1, "{}");
    *size = 1;
    if (at[1 + length] != '}' || !length || length > LONGEST_WORD)
        return false;
    memcpy(word, at + 1, length);
    word[length] = '\0';
    bool good = is_word(word) || is_value_word(word);
    if (good)
        *size = length + 2;
    return good;
}

static const char *value_of(const struct binding *values, const char *name)
{
    for (; values->name; values++)
        if (strcmp(values->name, name) == 0)
            return values->value;
    return NULL;
}

char *expand_text(struct arena *arena, const char *text, const struct binding *values)
{
    struct text out = {0};
    while (*text) {
        char word[LONGEST_WORD + 1];
        size_t size = strcspn(text, "{");
        text_bytes(&out, text, size);
        text += size;
        if (!*text)
            break;
        const char *value = read_word(text, word, &size) ? value_of(values, word) : NULL;
        if (value)
            text_string(&out, value);
        else
            text_bytes(&out, text, size);
        text += size;
    }
    char *copy = arena_copy(arena, text_content(&out), out.size);
    text_free(&out);
    return copy;
}

bool has_placeholder(const char *text, const char *name)
{
    while ((text = strchr(text, '{'))) {
        char word[LONGEST_WORD + 1];
        size_t size;
        if (read_word(text, word, &size) && strcmp(word, name) == 0)
            return true;
        text += size;
    }
    return false;
}

static struct node *expand_scalar(struct tree *tree, const struct node *node, const struct binding *values)
{
    const char *text = node->text;
    bool expands = node_tag(node) == TAG_STRING && memchr(text, '{', node->count);
    if (expands)
        text = expand_text(tree->arena, text, values);
    struct node *copy = tree_scalar(tree, text, expands ? strlen(text) : node->count, node->tag, node->style);
    if (expands)
        copy->tag = TAG_STRING;
    copy->tag_text = node->tag_text;
    copy->origin = node->origin;
    return copy;
}

struct node *expand_tree(struct tree *tree, const struct node *node, const struct binding *values)
{
    if (node_is_scalar(node))
        return expand_scalar(tree, node, values);
    struct node *out = node_is_map(node) ? tree_map(tree) : tree_list(tree);
    out->origin = node->origin;
    for (uint32_t i = 0; i < node->count; i++)
        if (node_is_map(node))
            tree_set(tree, out, node->entries[i].key, expand_tree(tree, node->entries[i].value, values));
        else
            tree_append(tree, out, expand_tree(tree, node->items[i], values));
    return out;
}

static bool is_listed(const char *word, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(*names, word) == 0 || (strcmp(*names, VALUE_PREFIX) == 0 && is_value_word(word)))
            return true;
    return false;
}

static bool unknown_word(const char *word, origin at, const char *const *names, struct error *error)
{
    if (is_value_word(word))
        return error_at(error, at, "{%s}: values are for an entry of discover that names their file (values: FILE)",
                        word);
    const char *near = nearest_name(word, names);
    if (near)
        return error_at(error, at, "unknown placeholder {%s} (did you mean {%s}?)", word, near);
    struct text all = {0};
    for (; *names; names++)
        text_format(&all, "%s{%s%s}", all.size ? ", " : "", *names, strcmp(*names, VALUE_PREFIX) == 0 ? "..." : "");
    error_at(error, at, "unknown placeholder {%s}: this text knows %s", word, text_content(&all));
    text_free(&all);
    return false;
}

bool check_template_text(const char *text, origin at, const char *const *names, bool strict, struct error *error)
{
    for (const char *here = text; (here = strpbrk(here, "{}"));) {
        char word[LONGEST_WORD + 1];
        size_t size = 1;
        bool found = *here == '{' && read_word(here, word, &size);
        if (found && !is_listed(word, names))
            return unknown_word(word, at, names, error);
        if (!found && strict)
            return error_at(error, at, "'%s': a brace that belongs to no placeholder", text);
        here += size;
    }
    return true;
}

static bool check_tree(const struct node *node, const char *const *names, int depth, struct error *error)
{
    if (depth > DEEPEST_TEMPLATE)
        return error_at(error, node->origin, "the template is nested more than %d deep", DEEPEST_TEMPLATE);
    if (node_is_scalar(node))
        return node_tag(node) != TAG_STRING || check_template_text(node->text, node->origin, names, false, error);
    for (uint32_t i = 0; i < node->count; i++)
        if (!check_tree(node_is_map(node) ? node->entries[i].value : node->items[i], names, depth + 1, error))
            return false;
    return true;
}

bool check_template_tree(const struct node *node, const char *const *names, struct error *error)
{
    return check_tree(node, names, 0, error);
}

const char *next_value_word(struct arena *arena, const char **text)
{
    while ((*text = *text + strcspn(*text, "{")) && **text) {
        char word[LONGEST_WORD + 1];
        size_t size;
        bool found = read_word(*text, word, &size) && is_value_word(word);
        *text += size;
        if (found)
            return arena_string(arena, word);
    }
    return NULL;
}

static const struct node *find_value(const struct values *values, const char *word)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->items[i].word, word) == 0)
            return values->items[i].node;
    return NULL;
}

const char *expand_value_text(struct arena *arena, const char *text, const struct values *values, const char **missing)
{
    struct binding *bindings = ARENA_ARRAY(arena, values->count + 1, struct binding);
    const char *rest = text, *word;
    for (size_t i = 0; i < values->count; i++)
        bindings[i] =
            (struct binding){values->items[i].word, values->items[i].node ? node_text(values->items[i].node) : NULL};
    while ((word = next_value_word(arena, &rest)))
        if (!value_of(bindings, word)) {
            *missing = word;
            return NULL;
        }
    return expand_text(arena, text, bindings);
}

/* The word that is all of a text; NULL: there is more, or none. */
static const char *whole_word(struct arena *arena, const struct node *node)
{
    const char *rest = node_is_scalar(node) && node_tag(node) == TAG_STRING ? node->text : "";
    const char *word = *rest == '{' ? next_value_word(arena, &rest) : NULL;
    return word && !*rest && strlen(word) + 2 == strlen(node->text) ? word : NULL;
}

struct expansion {
    struct tree *tree;
    const struct values *values;
    const char **missing;
};

static struct node *expand_value(const struct expansion *expansion, const struct node *node, bool texts);

static struct node *expand_child(const struct expansion *expansion, const struct node *node, bool texts)
{
    const char *word = whole_word(expansion->tree->arena, node);
    const struct node *value = word ? find_value(expansion->values, word) : NULL;
    if (!word)
        return expand_value(expansion, node, texts);
    if (!value || (texts && !node_text(value)))
        return NULL;
    return texts ? tree_string(expansion->tree, node_text(value)) : tree_copy(expansion->tree, value);
}

static struct node *expand_value(const struct expansion *expansion, const struct node *node, bool texts)
{
    struct tree *tree = expansion->tree;
    if (node_is_scalar(node)) {
        bool has = node_tag(node) == TAG_STRING && strstr(node->text, "{" VALUE_PREFIX);
        const char *text =
            has ? expand_value_text(tree->arena, node->text, expansion->values, expansion->missing) : NULL;
        return text ? tree_string(tree, text) : tree_copy(tree, node);
    }
    struct node *out = node_is_map(node) ? tree_map(tree) : tree_list(tree);
    out->origin = node->origin;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *old = node_is_map(node) ? node->entries[i].value : node->items[i];
        bool metadata = node_is_map(node) && strcmp(node->entries[i].key->text, "metadata") == 0;
        struct node *child = expand_child(expansion, old, texts || metadata);
        if (child && node_is_map(node))
            tree_set(tree, out, node->entries[i].key, child);
        else if (child)
            tree_append(tree, out, child);
    }
    return out;
}

struct node *expand_values(struct tree *tree, const struct node *node, const struct values *values,
                           const char **missing)
{
    const struct expansion expansion = {tree, values, missing};
    *missing = NULL;
    struct node *out = expand_value(&expansion, node, false);
    return *missing ? NULL : out;
}
