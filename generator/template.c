/* template.c: expands placeholders in texts and trees. */
#include "generator/template.h"

#include <string.h>

#include "base/nearest.h"
#include "generator/name.h"

enum { DEEPEST_TEMPLATE = 64, LONGEST_WORD = 63 };

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
    if (is_word(word))
        *size = length + 2;
    return is_word(word);
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
        if (strcmp(*names, word) == 0)
            return true;
    return false;
}

static bool unknown_word(const char *word, origin at, const char *const *names, struct error *error)
{
    const char *near = nearest_name(word, names);
    if (near)
        return error_at(error, at, "unknown placeholder {%s} (did you mean {%s}?)", word, near);
    struct text all = {0};
    for (; *names; names++)
        text_format(&all, "%s{%s}", all.size ? ", " : "", *names);
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
