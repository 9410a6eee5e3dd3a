/* adopt_json.c: the same for programs. Fields are only ever added. */
#include <string.h>

#include "plugin/adopt/adoption.h"
#include "yaml/emit.h"

static void put_text(struct tree *tree, struct node *map, const char *key, const char *text)
{
    if (text)
        tree_set_named(tree, map, key, tree_scalar(tree, text, strlen(text), TAG_STRING, STYLE_PLAIN));
}

static void put_place(struct tree *tree, struct node *map, struct place place)
{
    put_text(tree, map, "file", place.file);
    if (place.line)
        tree_set_named(tree, map, "line", tree_int(tree, place.line));
}

static struct node *fields_of(struct tree *tree, const struct existing *app)
{
    struct node *list = tree_list(tree);
    for (size_t i = 0; i < app->change.count; i++) {
        struct node *field = tree_map(tree);
        put_text(tree, field, "path", app->change.fields[i].path);
        if (app->change.fields[i].old)
            tree_set_named(tree, field, "was", tree_copy(tree, app->change.fields[i].old));
        if (app->change.fields[i].new)
            tree_set_named(tree, field, "becomes", tree_copy(tree, app->change.fields[i].new));
        tree_append(tree, list, field);
    }
    return list;
}

static struct node *list_applications(struct tree *tree, const struct adoption *adoption)
{
    struct node *list = tree_list(tree);
    for (size_t i = 0; i < adoption->count; i++) {
        const struct existing *app = &adoption->apps[i];
        struct node *node = tree_map(tree);
        put_text(tree, node, "name", app->name);
        put_place(tree, node, app->place);
        put_text(tree, node, "applicationSet", app->set);
        put_text(tree, node, app->by_hand ? "byHand" : "left", app->left);
        if (!app->left) {
            put_text(tree, node, "app", app->app);
            put_text(tree, node, "environment", app->environment);
            put_text(tree, node, "path", app->path);
            put_text(tree, node, "becomes", app->new_name);
            tree_set_named(tree, node, "differences", fields_of(tree, app));
        }
        tree_append(tree, list, node);
    }
    return list;
}

static struct node *list_gaps(struct tree *tree, const struct adoption *adoption)
{
    struct node *list = tree_list(tree);
    for (size_t i = 0; i < adoption->gap_count; i++) {
        struct node *node = tree_map(tree);
        put_place(tree, node, adoption->gaps[i].place);
        put_text(tree, node, "what", adoption->gaps[i].what);
        put_text(tree, node, "reason", adoption->gaps[i].reason);
        tree_append(tree, list, node);
    }
    return list;
}

static struct node *list_names(struct tree *tree, const struct name_list *list)
{
    struct node *out = tree_list(tree);
    for (size_t i = 0; i < list->count; i++)
        tree_append(tree, out, tree_string(tree, list->names[i]));
    return out;
}

bool adoption_write_json(struct adoption *adoption, struct text *out, struct error *error)
{
    struct tree *tree = &adoption->tree;
    struct node *root = tree_map(tree);
    struct text steps = {0};
    adoption_write_steps(adoption, &steps);
    tree_set_named(tree, root, "applications", list_applications(tree, adoption));
    tree_set_named(tree, root, "notUnderstood", list_gaps(tree, adoption));
    tree_set_named(tree, root, "excluded", list_names(tree, &adoption->exclusions));
    put_text(tree, root, "refusal", adoption->refusal);
    put_text(tree, root, "policy", text_content(&adoption->policy));
    put_text(tree, root, "byHand", adoption->by_hand.size ? text_content(&adoption->by_hand) : NULL);
    put_text(tree, root, "steps", text_content(&steps));
    bool good = emit_json(root, out, error);
    text_byte(out, '\n');
    text_free(&steps);
    return good;
}
