/* entry_templates.c: learns the template that gives the Applications of an entry what they have. */
#include <string.h>

#include "generator/discover.h"
#include "plugin/adopt/entries.h"
#include "yaml/emit.h"

const struct binding *names_of(struct arena *arena, const struct existing *app, bool with_path)
{
    struct binding *values = ARENA_ARRAY(arena, 4, struct binding);
    values[0] = (struct binding){"app", app->app};
    values[1] = (struct binding){"env", app->environment};
    values[2] = (struct binding){with_path ? "path" : NULL, app->path};
    values[3] = (struct binding){NULL, NULL};
    return values;
}

/* As the policy will expand it. NULL: the file does not say what it needs. */
static struct node *expand_template_for(struct tree *tree, const struct node *template, const struct existing *app)
{
    struct discover_rule rule = {.template = template};
    const char *missing;
    find_value_words(tree->arena, &rule);
    const struct values values = values_of_file(tree, &rule.value_words, app->values);
    return expand_values(tree, expand_tree(tree, template, names_of(tree->arena, app, true)), &values, &missing);
}

const char *tree_as_json(struct arena *arena, const struct node *node)
{
    struct text text = {0};
    struct error ignored = {0};
    if (node)
        emit_json(node, &text, &ignored);
    error_free(&ignored);
    const char *copy = arena_string(arena, text_content(&text));
    text_free(&text);
    return copy;
}

/* The template of one Application, in the words of its entry. */
static struct node *learned_template(struct writing *writing, const struct existing *app)
{
    struct tree *tree = &writing->adoption->tree;
    const struct node *template = template_for(tree, app);
    return template ? learn_tree(tree, learn_values(tree, template, app), names_of(writing->arena, app, true)) : NULL;
}

/* Whether it gives an Application all that it has. */
bool fits_template(struct writing *writing, const struct node *template, const struct existing *app)
{
    struct tree *tree = &writing->adoption->tree;
    const struct node *wanted = template_for(tree, app);
    const struct node *said = template ? expand_template_for(tree, template, app) : NULL;
    if (!template || !wanted)
        return !template == !wanted;
    return said && nodes_equal(said, wanted);
}

static bool is_new(const char **seen, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(seen[i], text) == 0)
            return false;
    return true;
}

enum { MOST_CANDIDATES = 40 };

/* The template of one of an entry's Applications that most of them can have. */
struct node *choose_template(struct writing *writing, const struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    const char *seen[MOST_CANDIDATES];
    struct node *best = NULL;
    size_t most = 0, tried = 0;
    for (size_t i = 0; i < entry->count && tried < MOST_CANDIDATES && most < entry->count; i++) {
        struct node *template = learned_template(writing, entry->members[i]);
        for (size_t j = 0; template && j < entry->count; j++)
            learn_defaults(tree, template, template_for(tree, entry->members[j]), entry->members[j]);
        const char *text = tree_as_json(writing->arena, template);
        size_t fits = 0;
        if (!is_new(seen, tried, text))
            continue;
        seen[tried++] = text;
        for (size_t j = 0; j < entry->count; j++)
            fits += fits_template(writing, template, entry->members[j]);
        if (fits <= most)
            continue;
        most = fits;
        best = template;
    }
    return best;
}

/* Whether more than half of the trees have this value at a place. */
static bool is_common(struct node *const *all, size_t count, const char *const *way, const struct node *value)
{
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        const struct node *other = all[i];
        for (const char *const *name = way; *name && other; name++)
            other = node_find(other, *name);
        same += other && nodes_equal(other, value);
    }
    return same * 2 > count;
}

/* A setting of one Application must not become everybody's: what fewer have is left out, and shown as a difference. */
static struct node *common_part(struct tree *tree, struct node *const *all, size_t count, const char **way,
                                size_t depth, const struct node *node)
{
    bool deeper = depth == 0 || (depth == 1 && strcmp(way[0], "metadata") == 0) ||
                  (depth == 1 && strcmp(way[0], "spec") == 0) || (depth == 2 && strcmp(way[0], "metadata") == 0);
    if (!deeper || !node_is_map(node))
        return is_common(all, count, way, node) ? tree_copy(tree, node) : NULL;
    struct node *out = tree_map(tree);
    for (uint32_t i = 0; i < node->count; i++) {
        way[depth] = node->entries[i].key->text;
        way[depth + 1] = NULL;
        struct node *value = common_part(tree, all, count, way, depth + 1, node->entries[i].value);
        way[depth] = NULL;
        if (value)
            tree_set_named(tree, out, node->entries[i].key->text, value);
    }
    return out->count ? out : NULL;
}

/* What most of an entry's Applications need. */
static struct node *learn_template(struct writing *writing, const struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    struct node **learned = ARENA_ARRAY(writing->arena, entry->count + 1, struct node *), *best = NULL;
    const char **texts = ARENA_ARRAY(writing->arena, entry->count + 1, const char *);
    size_t most = 0;
    for (size_t i = 0; i < entry->count; i++) {
        learned[i] = learned_template(writing, entry->members[i]);
        texts[i] = tree_as_json(writing->arena, learned[i]);
    }
    for (size_t i = 0; i < entry->count; i++) {
        size_t count = 0;
        for (size_t j = 0; j < entry->count; j++)
            count += strcmp(texts[i], texts[j]) == 0;
        if (count > most) {
            most = count;
            best = learned[i];
        }
    }
    const char *way[5] = {NULL};
    if (entry->chosen)
        return entry->chosen;
    return best ? common_part(tree, learned, entry->count, way, 0, best) : NULL;
}

/* The source belongs to the entry; the rest may be common to all. */
void learn_entry_template(struct writing *writing, struct policy_entry *entry)
{
    struct tree *tree = &writing->adoption->tree;
    struct node *template = learn_template(writing, entry), *spec = template ? node_find(template, "spec") : NULL;
    entry->source = node_find(spec, "source");
    if (spec && entry->source) {
        struct node *rest = tree_map(tree);
        for (uint32_t i = 0; i < spec->count; i++)
            if (spec->entries[i].value != entry->source)
                tree_set_named(tree, rest, spec->entries[i].key->text, spec->entries[i].value);
        struct node *whole = tree_map(tree);
        if (node_find(template, "metadata"))
            tree_set_named(tree, whole, "metadata", node_find(template, "metadata"));
        if (rest->count)
            tree_set_named(tree, whole, "spec", rest);
        template = whole->count ? whole : NULL;
    }
    entry->template = template;
}
