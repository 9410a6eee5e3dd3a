/* set_template.c: puts parameters into the template of an ApplicationSet. */
#include <stdlib.h>
#include <string.h>

#include "generator/name.h"
#include "plugin/adopt/adoption.h"

enum { MOST_WORDS = 16 };

/* One {{ }} and what came of it so far. */
struct evaluation {
    struct arena *arena;
    const struct node *parameters;
    const char *words[MOST_WORDS];
    bool quoted[MOST_WORDS];
    size_t count;
    const char *reason;
};

static const char *fail_evaluation(struct evaluation *evaluation, const char *reason)
{
    evaluation->reason = reason;
    return NULL;
}

/* Through nested maps, by names between dots. */
static const struct node *look_up(struct arena *arena, const struct node *at, const char *dotted)
{
    while (at && *dotted) {
        size_t size = strcspn(dotted, ".");
        const struct node *whole = node_find(at, dotted); /* a key that has dots itself */
        if (whole)
            return whole;
        at = size ? node_find(at, arena_copy(arena, dotted, size)) : at;
        dotted += size + (dotted[size] == '.');
    }
    return at;
}

/* Argo CD's older language: a name, path[2], and `path` alone for the directory. */
static const struct node *look_up_flat(struct arena *arena, const struct node *parameters, const char *name)
{
    const char *open = strchr(name, '[');
    if (!open) {
        const struct node *found = look_up(arena, parameters, name);
        return node_is_map(found) ? node_find(found, "path") : found;
    }
    const struct node *segments =
        node_find(look_up(arena, parameters, arena_copy(arena, name, (size_t)(open - name))), "segments");
    size_t index = (size_t)atol(open + 1);
    return node_is_list(segments) && index < segments->count ? segments->items[index] : NULL;
}

static bool split_words(struct evaluation *evaluation, const char *text)
{
    while (*(text += strspn(text, " \t\n"))) {
        size_t i = evaluation->count++;
        if (i == MOST_WORDS)
            return false;
        evaluation->quoted[i] = *text == '"' || *text == '`';
        size_t size = evaluation->quoted[i] ? strcspn(text + 1, *text == '"' ? "\"" : "`") + 2
                      : *text == '|'        ? 1
                                            : strcspn(text, " \t\n|");
        evaluation->words[i] = evaluation->quoted[i] ? arena_copy(evaluation->arena, text + 1, size - 2)
                                                     : arena_copy(evaluation->arena, text, size);
        text += strlen(text) < size ? strlen(text) : size;
    }
    return evaluation->count > 0;
}

static const char *text_of(struct evaluation *evaluation, const struct node *node)
{
    if (!node)
        return fail_evaluation(evaluation, NOTHING_GIVES);
    return node_text(node) ? node_text(node) : fail_evaluation(evaluation, "it is no text");
}

static const char *index_value(struct evaluation *evaluation, size_t *next)
{
    const struct node *at = *next < evaluation->count && evaluation->words[*next][0] == '.'
                                ? look_up(evaluation->arena, evaluation->parameters, evaluation->words[*next] + 1)
                                : NULL;
    for (++*next; at && *next < evaluation->count && evaluation->words[*next][0] != '|'; ++*next) {
        const char *word = evaluation->words[*next];
        if (evaluation->quoted[*next])
            at = node_find(at, word);
        else
            at = node_is_list(at) && (size_t)atol(word) < at->count ? at->items[atol(word)] : NULL;
    }
    return text_of(evaluation, at);
}

static const char *first_value(struct evaluation *evaluation, size_t *next)
{
    size_t i = (*next)++;
    if (evaluation->quoted[i])
        return evaluation->words[i];
    if (strcmp(evaluation->words[i], "index") == 0)
        return index_value(evaluation, next);
    if (evaluation->words[i][0] == '.')
        return text_of(evaluation, look_up(evaluation->arena, evaluation->parameters, evaluation->words[i] + 1));
    return fail_evaluation(evaluation, arena_format(evaluation->arena, "'%s' is not understood", evaluation->words[i]));
}

static const char *replace_all(struct arena *arena, const char *text, const char *old, const char *new)
{
    struct text out = {0};
    for (const char *at; *old && (at = strstr(text, old)); text = at + strlen(old)) {
        text_bytes(&out, text, (size_t)(at - text));
        text_string(&out, new);
    }
    text_string(&out, text);
    const char *copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}

static const char *trim_part(struct arena *arena, const char *text, const char *part, bool prefix)
{
    size_t size = strlen(text), cut = strlen(part);
    if (cut > size || strncmp(prefix ? text : text + size - cut, part, cut) != 0)
        return text;
    return prefix ? text + cut : arena_copy(arena, text, size - cut);
}

/* The functions of sprig and of Argo CD that are met most. */
static const char *apply_function(struct evaluation *evaluation, const char *value, size_t *next)
{
    struct arena *arena = evaluation->arena;
    size_t i = ++*next;
    const char *word = i < evaluation->count ? evaluation->words[i] : "";
    size_t left = i < evaluation->count ? evaluation->count - i - 1 : 0;
    ++*next;
    if (strcmp(word, "lower") == 0)
        return arena_lower(arena, value);
    if (strcmp(word, "normalize") == 0)
        return normal_name(arena, value);
    if (strcmp(word, "toString") == 0 || strcmp(word, "trim") == 0)
        return value;
    if ((strcmp(word, "trimPrefix") == 0 || strcmp(word, "trimSuffix") == 0) && left >= 1)
        return trim_part(arena, value, evaluation->words[(*next)++], word[4] == 'P');
    if (strcmp(word, "replace") == 0 && left >= 2) {
        *next += 2;
        return replace_all(arena, value, evaluation->words[i + 1], evaluation->words[i + 2]);
    }
    if (strcmp(word, "default") == 0 && left >= 1) {
        const char *other = evaluation->words[(*next)++];
        return *value ? value : other;
    }
    return fail_evaluation(evaluation, arena_format(arena, "the function '%s' is not understood", word));
}

static const char *evaluate_template(struct evaluation *evaluation, const char *inner)
{
    size_t next = 0;
    if (!split_words(evaluation, inner))
        return fail_evaluation(evaluation, "it is not understood");
    if (evaluation->count == 1 && !evaluation->quoted[0] && evaluation->words[0][0] != '.')
        return text_of(evaluation, look_up_flat(evaluation->arena, evaluation->parameters, evaluation->words[0]));
    const char *value = first_value(evaluation, &next);
    while (value && next < evaluation->count)
        value = strcmp(evaluation->words[next], "|") == 0 ? apply_function(evaluation, value, &next)
                                                          : fail_evaluation(evaluation, "it is not understood");
    return value;
}

const char *set_text_expand(struct arena *arena, const char *text, const struct node *parameters, const char **reason)
{
    struct text out = {0};
    const char *copy = NULL, *open;
    for (; (open = strstr(text, "{{")); text = strstr(open, "}}") + 2) {
        const char *close = strstr(open, "}}");
        struct evaluation evaluation = {.arena = arena, .parameters = parameters};
        text_bytes(&out, text, (size_t)(open - text));
        const char *inner = arena_copy(arena, open + 2, close ? (size_t)(close - open - 2) : strlen(open + 2));
        inner += *inner == '-';
        size_t size = strlen(inner);
        const char *value =
            evaluate_template(&evaluation, size && inner[size - 1] == '-' ? arena_copy(arena, inner, size - 1) : inner);
        if (!close || !value) {
            *reason = arena_format(arena, "{{%s}}: %s", inner,
                                   evaluation.reason ? evaluation.reason : "it is not understood");
            text_free(&out);
            return NULL;
        }
        text_string(&out, value);
    }
    text_string(&out, text);
    copy = arena_string(arena, text_content(&out));
    text_free(&out);
    return copy;
}

struct node *set_tree_expand(struct tree *tree, const struct node *node, const struct node *parameters,
                             const char **reason)
{
    struct node *out;
    if (node_is_map(node)) {
        out = tree_map(tree);
        for (uint32_t i = 0; i < node->count && !*reason; i++) {
            struct node *value = set_tree_expand(tree, node->entries[i].value, parameters, reason);
            const char *key =
                *reason ? NULL : set_text_expand(tree->arena, node->entries[i].key->text, parameters, reason);
            if (key)
                tree_set_named(tree, out, key, value);
        }
    } else if (node_is_list(node)) {
        out = tree_list(tree);
        for (uint32_t i = 0; i < node->count && !*reason; i++)
            tree_append(tree, out, set_tree_expand(tree, node->items[i], parameters, reason));
    } else {
        const char *text = node_text(node);
        const char *value = text && strstr(text, "{{") ? set_text_expand(tree->arena, text, parameters, reason) : NULL;
        out = value ? tree_string(tree, value) : tree_copy(tree, node);
    }
    out->origin = node->origin;
    return out;
}
