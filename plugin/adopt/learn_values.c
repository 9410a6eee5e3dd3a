/* learn_values.c: what of an Application stands in the file that its ApplicationSet reads for it. */
#include <string.h>

#include "generator/discover.h"
#include "plugin/adopt/adoption.h"

enum { DEEPEST = 4, MOST_SAID = 400 };

/* What a file says, with the word for it. */
struct said {
    const char *word, *key;
    const struct node *node;
};

struct file_words {
    struct arena *arena;
    struct said items[MOST_SAID];
    size_t count;
};

static void find_said(struct file_words *words, const struct node *node, const char *before, int depth)
{
    for (uint32_t i = 0; node_is_map(node) && i < node->count && words->count < MOST_SAID; i++) {
        const char *key = node->entries[i].key->text;
        const char *word = arena_format(words->arena, "%s.%s", before, key);
        const char *marked = arena_format(words->arena, "{%s}", word), *rest = marked;
        if (next_value_word(words->arena, &rest))
            words->items[words->count++] = (struct said){word, key, node->entries[i].value};
        if (depth < DEEPEST)
            find_said(words, node->entries[i].value, word, depth + 1);
    }
}

/* A map or a list is as told as it is long; of a scalar, the name of the field has to agree, or its text be long. */
static bool may_stand(const struct said *said, const struct node *node, const char *key, bool texts)
{
    bool same_key = key && strcmp(said->key, key) == 0;
    if (!node_is_scalar(node))
        return node->count && nodes_equal(said->node, node);
    const char *text = node_text(node), *own = node_text(said->node);
    if (!text || !own || !*text || strcmp(text, own) != 0)
        return false;
    bool alike = node_tag(node) == node_tag(said->node);
    return texts ? true : alike && (same_key || node_tag(node) == TAG_STRING);
}

static const char *find_word(const struct file_words *words, const struct node *node, const char *key, bool texts)
{
    const char *found = NULL;
    for (size_t i = 0; i < words->count; i++) {
        if (!may_stand(&words->items[i], node, key, texts))
            continue;
        if (key && strcmp(words->items[i].key, key) == 0)
            return words->items[i].word;
        found = found ? found : words->items[i].word;
    }
    return found;
}

struct learning {
    struct tree *tree;
    const struct existing *app;
    const struct file_words *words;
};

/* What {app} and the like say already. */
static bool is_known(const struct existing *app, const struct node *node)
{
    const char *text = node_text(node);
    return text && (strcmp(text, app->app) == 0 || strcmp(text, app->environment) == 0 || strcmp(text, app->path) == 0);
}

static struct node *learn_node(const struct learning *learning, const struct node *node, const char *key, bool texts,
                               int depth)
{
    struct tree *tree = learning->tree;
    const char *word =
        depth > 1 && !is_known(learning->app, node) ? find_word(learning->words, node, key, texts) : NULL;
    if (word)
        return tree_string(tree, arena_format(tree->arena, "{%s}", word));
    if (node_is_scalar(node))
        return tree_copy(tree, node);
    struct node *out = node_is_map(node) ? tree_map(tree) : tree_list(tree);
    for (uint32_t i = 0; i < node->count; i++) {
        const char *own = node_is_map(node) ? node->entries[i].key->text : NULL;
        bool metadata = depth == 0 && strcmp(own, "metadata") == 0;
        struct node *child = learn_node(learning, node_is_map(node) ? node->entries[i].value : node->items[i], own,
                                        texts || metadata, depth + 1);
        if (own)
            tree_set_named(tree, out, own, child);
        else
            tree_append(tree, out, child);
    }
    return out;
}

static struct file_words *words_of(struct arena *arena, const struct existing *app)
{
    struct file_words *words = ARENA_NEW(arena, struct file_words);
    *words = (struct file_words){.arena = arena};
    find_said(words, app->values, "values", 1);
    return words;
}

struct node *learn_values(struct tree *tree, const struct node *template, const struct existing *app)
{
    if (!app->values)
        return tree_copy(tree, template);
    const struct learning learning = {tree, app, words_of(tree->arena, app)};
    return learn_node(&learning, template, NULL, false, 0);
}

const char *learn_namespace(struct arena *arena, const struct existing *app)
{
    const struct node node = {.kind = NODE_SCALAR, .tag = TAG_STRING, .text = app->namespace};
    const char *word = NULL;
    if (!app->values || !app->namespace || !*app->namespace || is_known(app, &node))
        return NULL;
    const struct file_words *words = words_of(arena, app);
    for (size_t i = 0; i < words->count && !word; i++)
        if (node_equals(words->items[i].node, app->namespace))
            word = words->items[i].word;
    return word ? arena_format(arena, "{%s}", word) : NULL;
}

/* Where a word that this file does not say is a whole field, what the Application has there stands for it. */
void learn_defaults(struct tree *tree, struct node *template, const struct node *wanted, const struct existing *app)
{
    for (uint32_t i = 0; node_is_map(template) && i < template->count; i++) {
        struct node *value = template->entries[i].value;
        const struct node *other = node_find(wanted, template->entries[i].key->text);
        const char *text = node_is_scalar(value) && node_tag(value) == TAG_STRING ? value->text : "", *rest = text;
        const char *word = next_value_word(tree->arena, &rest);
        if (node_is_map(value) && other)
            learn_defaults(tree, value, other, app);
        if (!word || *rest || strchr(word, '|') || strlen(word) + 2 != strlen(text) || !node_text(other) ||
            strpbrk(node_text(other), "{}|"))
            continue;
        struct name_list one = {.names = &word, .count = 1};
        if (!values_of_file(tree, &one, app->values).items[0].node)
            template->entries[i].value =
                tree_string(tree, arena_format(tree->arena, "{%s|%s}", word, node_text(other)));
    }
}
